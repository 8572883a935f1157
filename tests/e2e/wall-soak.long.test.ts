import { describe, expect, it } from 'vitest';
import { soakWall } from '../bench/wall-soak.ts';
import { browserNote, noBrowser } from './browser.ts';

const MINUTES = 10;

/** What a wall may hold more of at the end than after its first two minutes; a leak is a slope, and passes any of them. */
const MOST_GROWTH = { heapMb: 3, nodes: 60, listeners: 20 } as const;

describe.skipIf(noBrowser)(`a wall of 48 charts at 10 points a second${browserNote}`, () => {
	it(`holds after ${MINUTES} minutes what it held after two: heap, nodes and listeners`, async () => {
		const figures = await soakWall(MINUTES);
		if ('skipped' in figures) throw new Error(String(figures.skipped));
		const grown = Object.entries(MOST_GROWTH).flatMap(([name, most]) => {
			const { growth, slopePerHour } = figures[name] as { readonly growth: number; readonly slopePerHour: number };
			return growth > most ? [`${name}: ${growth} more (${most} may be), ${slopePerHour} an hour`] : [];
		});
		expect(grown).toEqual([]);
	});
});
