import { describe, expect, it } from 'vitest';
import { fitMap } from './fit-map.ts';

const room = (blocks: readonly number[], heightPx = 850) =>
	fitMap({ sites: [blocks], widthPx: 1090, heightPx, remPx: 16 });

describe('the map', () => {
	it('of a thousand streams fits beside the board of a full HD wall, in marks of a few millimetres', () =>
		expect(room(Array<number>(25).fill(40)).markPx).toBeGreaterThanOrEqual(20));
	it('has larger marks for fewer streams', () =>
		expect(room(Array<number>(10).fill(20)).markPx).toBeGreaterThan(room(Array<number>(25).fill(40)).markPx));
	it('is the same picture on a screen of twice the size', () =>
		expect(fitMap({ sites: [[40, 40]], widthPx: 2180, heightPx: 1700, remPx: 32 }).columns).toBe(
			room([40, 40]).columns,
		));
	it('of too many has the least marks and scrolls', () => expect(room(Array<number>(500).fill(40)).markPx).toBe(16));
	it('of nothing is a map all the same', () => expect(room([]).columns).toBeGreaterThan(0));
});
