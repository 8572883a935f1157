import { describe, expect, it } from 'vitest';
import { percentile, summaryOf, toBands, toGrid, toSigmas } from './explore-grid.ts';

const raw = (...points: [ms: number, v: number][]) => ({
	t: points.map(([ms]) => ms * 1000),
	v: points.map(([, v]) => v),
	thinned: null,
});
const buckets = {
	t: [0, 10_000],
	v: [2, 4],
	thinned: { bucketMicros: 10_000, min: [1, 3], max: [5, 9], count: [3, 1] },
};
const grid = (of: 'mean' | 'min' | 'max', ...series: Parameters<typeof toGrid>[0]) =>
	toGrid(series, { fromMs: 0, toMs: 20, slots: 2, of }).values.map((column) => [...column]);

describe('streams on common slots', () => {
	it('are the mean of what a slot holds', () => expect(grid('mean', raw([0, 1], [5, 3], [12, 7]))).toEqual([[2, 7]]));
	it('or its smallest', () => expect(grid('min', raw([0, 1], [5, 3], [12, 7]))).toEqual([[1, 7]]));
	it('leave a slot without a point empty', () => expect(grid('mean', raw([12, 7]))).toEqual([[NaN, 7]]));
	it('take a bucket at its middle, with what it says of itself', () => {
		expect(grid('mean', buckets)).toEqual([[2, 4]]);
		expect(grid('max', buckets)).toEqual([[5, 9]]);
	});
	it('weigh buckets by their points', () =>
		expect([...toGrid([buckets], { fromMs: 0, toMs: 20, slots: 1, of: 'mean' }).values[0]!]).toEqual([2.5]));
	it('know the middle of each slot', () =>
		expect([...toGrid([], { fromMs: 0, toMs: 20, slots: 2, of: 'mean' }).tMs]).toEqual([5, 15]));
	it('leave out what lies beside the range', () => expect(grid('mean', raw([-1, 9], [20, 9]))).toEqual([[NaN, NaN]]));
});

describe('bands', () => {
	const bands = toBands({ tMs: new Float64Array(1), values: [1, 2, 3, 4, 5].map((v) => Float64Array.of(v)) });
	it('are percentiles over the streams', () =>
		expect([bands.low, bands.lower, bands.middle, bands.upper, bands.high].map(([v]) => v)).toEqual([
			1.4, 2, 3, 4, 4.6,
		]));
	it('of nothing are nothing', () =>
		expect(toBands({ tMs: new Float64Array(1), values: [Float64Array.of(NaN)] }).middle).toEqual(Float64Array.of(NaN)));
});

describe('in sigmas', () => {
	it('a value is its distance from the centre', () =>
		expect(toSigmas([Float64Array.of(12)], [{ centre: 10, sigma: 2 }])[0]).toEqual(Float64Array.of(1)));
	it('a stream without limits has none', () =>
		expect(toSigmas([Float64Array.of(12)], [undefined])[0]).toEqual(Float64Array.of(NaN)));
});

describe('a summary', () => {
	it('of raw points', () =>
		expect(summaryOf(raw([0, 1], [1, 2], [2, 6]))).toEqual({
			...{ n: 3, mean: 3, min: 1, median: 2, p90: 5.2, max: 6, isThinned: false },
		}));
	it('of buckets has the true extremes and mean', () =>
		expect(summaryOf(buckets)).toMatchObject({ n: 4, mean: 2.5, min: 1, max: 9, isThinned: true }));
	it('of nothing is none', () => expect(summaryOf(raw())).toBeUndefined());
	it('percentile of one is it', () => expect(percentile([7], 0.9)).toBe(7));
});
