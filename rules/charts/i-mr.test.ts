import { describe, expect, it } from 'vitest';
import { lag1 } from '../statistics/autocorrelation.ts';
import { imrLimits, movingRangeLimits } from './i-mr.ts';
import { deviation, mean, median, medianDeviation } from '../statistics/moments.ts';
import { meanRange, movingRanges, movingRangeSigma, rangeConstants } from './moving-range.ts';

const of = (...values: number[]) => Float64Array.of(...values);

describe('moving ranges', () => {
	it('begin at the second value', () => expect([...movingRanges(of(1, 3, 2))]).toEqual([NaN, 2, 1]));
	it('do not reach across a missing value', () =>
		expect([...movingRanges(of(1, NaN, 4, 6))]).toEqual([NaN, NaN, NaN, 2]));
	it('reach across it where skipping is asked for', () =>
		expect([...movingRanges(of(1, NaN, 4), { missing: 'skip' })]).toEqual([NaN, NaN, 3]));
	it('reach across an excluded value', () =>
		expect([...movingRanges(of(1, 99, 4), { skipped: new Set([1]) })]).toEqual([NaN, NaN, 3]));
	it('have no mean without two neighbours', () => expect(movingRangeSigma(of(1, NaN, 2))).toBeUndefined());
	it('give sigma by the d2 of tables, or the exact one', () => {
		expect(movingRangeSigma(of(0, 1.128))).toBe(1);
		expect(movingRangeSigma(of(0, 2), 'exact')).toBeCloseTo(Math.sqrt(Math.PI), 12);
	});
	it('over D4 times their mean are left out once, where asked', () => {
		const ranges = of(NaN, ...Array<number>(9).fill(1), 11);
		expect(meanRange(ranges, { screen: false, D4: 3.267 })).toBe(2);
		expect(meanRange(ranges, { screen: true, D4: 3.267 })).toBe(1);
	});
	it('the exact D4 agrees with the computed constants', () =>
		expect(rangeConstants('exact').D4).toBeCloseTo(3.2665319192885156, 12));
});

describe('limits', () => {
	it('of a moving range are 0 and 3.267 mean ranges, and three of its sigmas are the upper one', () => {
		const { centre, sigma, lcl, ucl } = movingRangeLimits(2);
		expect(ucl).toBeCloseTo(6.534, 12);
		expect(lcl).toBe(0);
		expect(centre + 3 * sigma).toBe(ucl);
	});
	it('of a known sigma', () => {
		const { i, mr } = imrLimits({ centre: 10, sigma: 2 });
		expect([i.lcl, i.ucl]).toEqual([4, 16]);
		expect(mr.centre).toBe(2.256);
	});
	it('widen as asked', () => expect(imrLimits({ centre: 0, sigma: 1 }, { limitsSigma: 4 }).i.ucl).toBe(4));
});

describe('moments', () => {
	it('a constant series has that constant as its mean, to the last bit', () => {
		for (const v of [21.3, 0.1, 1e-9, 123456.789, -7.7]) expect(mean(new Float64Array(49).fill(v))).toBe(v);
	});
	it('the deviation is that of a sample', () => expect(deviation(of(1, 2, 3, 4))).toBeCloseTo(1.2909944487, 9));
	it('the median halves', () => expect([median(of(3, 1, 2)), median(of(4, 1, 2, 3))]).toEqual([2, 2.5]));
	it('the median deviation does not mind outliers', () =>
		expect(medianDeviation(of(1, 2, 3, 4, 1e9))).toBeCloseTo(1.4826, 12));
	it('of nothing are no numbers', () => expect([mean(of()), median(of()), deviation(of(1))]).toEqual([NaN, NaN, NaN]));
});

describe('lag-1 autocorrelation', () => {
	it('of a small example worked by hand', () => expect(lag1(of(1, 2, 3, 4, 5))).toBeCloseTo(0.4, 12));
	it('is negative where values alternate', () => expect(lag1(of(1, -1, 1, -1, 1, -1))).toBeLessThan(-0.8));
	it('pairs only true neighbours', () => expect(lag1(of(1, NaN, 2, NaN, 3, NaN, 4))).toBeUndefined());
	it('has no value without variation', () => expect(lag1(of(2, 2, 2, 2))).toBeUndefined());
});
