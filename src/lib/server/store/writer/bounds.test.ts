import { describe, expect, it } from 'vitest';
import { MAX_STREAMS_PER_INSERT, encodeBounds, parseBounds } from './bounds.ts';

describe('the bounds of an insert', () => {
	it('are read as they were written', () => {
		const before = new Map([
			[1, 1_700_000_000_000_001],
			[4_294_967_295, -Infinity],
		]);
		const bounds = { first: 3, last: 9_007_199_254_740_991, token: 'g:0:3-9', stored: false, before };
		expect(parseBounds(encodeBounds(bounds))).toEqual(bounds);
	});

	it('stay below what a journal keeps under one key, with as many streams as an insert may have', () => {
		const before = new Map(Array.from({ length: MAX_STREAMS_PER_INSERT }, (_, i) => [i, 1.7e15]));
		expect(encodeBounds({ first: 1, last: 2, token: 'x', stored: false, before }).length).toBeLessThan(512_000);
	});
});
