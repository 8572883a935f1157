import { describe, expect, it } from 'vitest';
import { soakWall } from '../bench/wall-soak.ts';
import { browserNote, noBrowser } from './browser.ts';

const MINUTES = 10;

/**
 * How fast a wall may grow an hour, by the line through what it holds after its first two minutes. A leak of one listener or node a point
 * would be 1.7 million an hour; of one a tile and page of the playlist 8,600.
 */
const MOST_AN_HOUR = { heapMb: 20, nodes: 600, listeners: 200 } as const;

describe.skipIf(noBrowser)(`a wall of 48 charts at 10 points a second${browserNote}`, () => {
	it(`does not grow in ${MINUTES} minutes: heap, nodes and listeners`, async () => {
		const figures = await soakWall(MINUTES);
		if ('skipped' in figures) throw new Error(String(figures.skipped));
		const grown = Object.entries(MOST_AN_HOUR).flatMap(([name, most]) => {
			const { slopePerHour } = figures[name] as { readonly slopePerHour: number };
			return slopePerHour <= most ? [] : [`${name}: ${slopePerHour} more an hour (${most} may be)`];
		});
		expect(grown).toEqual([]);
	});
});
