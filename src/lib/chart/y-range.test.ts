import { describe, expect, it } from 'vitest';
import { createRing } from '#lib/live/wire/ring.ts';
import { shownExtent, steadyRange } from './y-range.ts';

function series(values: readonly number[]) {
	const ring = createRing(100);
	values.forEach((v, i) => ring.push({ tMs: i, v, signals: 0, flags: 0, quality: 192 }));
	return { columns: ring.columns(), gaps: [], buckets: null, admit: 192 };
}

const segments = [{ fromMs: 0, toMs: Infinity, centre: 5, sigma: 1, lcl: 2, ucl: 8 }];

describe('what is shown', () => {
	const range = { minMs: 0, maxMs: 10 };
	it('reaches from limit to limit', () => expect(shownExtent(series([5]), segments, range)).toEqual([2, 8]));
	it('reaches to an outlier', () => expect(shownExtent(series([5, 20]), segments, range)).toEqual([2, 20]));
	it('is only what is in view', () =>
		expect(shownExtent(series([99, 5, 6]), [], { minMs: 1, maxMs: 10 })).toEqual([5, 6]));
	it('passes over what has no value', () => expect(shownExtent(series([NaN, 5]), [], range)).toEqual([5, 5]));
	it('of nothing is nothing', () => expect(shownExtent(series([]), [], range)).toBeUndefined());
});

describe('the scale', () => {
	it('has room around the values', () => expect(steadyRange([0, 10], undefined)).toEqual([-1.2, 11.2]));
	it('stays while the values fit', () => expect(steadyRange([0, 9.5], [-1, 11])).toEqual([-1, 11]));
	it('grows at once', () => expect(steadyRange([0, 20], [-1, 11])).toEqual([-2.4, 22.4]));
	it('shrinks when much of it is empty', () => expect(steadyRange([0, 5], [-1, 11])).toEqual([-0.6, 5.6]));
	it('of a constant has room too', () => expect(steadyRange([5, 5], undefined)).toEqual([4.4, 5.6]));
	it('of a moving range stands on zero', () => expect(steadyRange([0, 10], undefined, 'plain')[0]).toBe(0));
	it('of nothing stays', () => expect(steadyRange(undefined, [3, 4])).toEqual([3, 4]));
});
