import { describe, expect, it } from 'vitest';
import { alikeFromMs, bandsOf, kindOf, segmentAt, segmentsOf, zoneOf } from './segments.ts';

const segment = { fromMs: 0, toMs: Infinity, centre: 10, sigma: 2, lcl: 4, ucl: 16 };
const limits = (from: number, chart: 'i' | 'mr', centre = 0) => ({ from, chart, centre, sigma: 1, lcl: -3, ucl: 3 });

describe('limits over time', () => {
	const segments = segmentsOf([limits(5_000_000, 'i', 2), limits(0, 'mr'), limits(1_000_000, 'i', 1)], 'i');
	it('are those of the chart, oldest first', () => expect(segments.map((one) => one.centre)).toEqual([1, 2]));
	it('end where the next begin', () => expect(segments.map((one) => one.toMs)).toEqual([5000, Infinity]));

	const f = (tMs: number, centre: number | undefined) => expect(segmentAt(segments, tMs)?.centre).toBe(centre);
	it('are none before the first', () => f(999, undefined));
	it('hold from their first moment', () => f(1000, 1));
	it('have ended at the first moment of the next', () => f(5000, 2));
});

describe('the zone of a value', () => {
	const f = (v: number, zone: string | undefined) => expect(zoneOf(v, segment)).toBe(zone);
	it('at the centre is C', () => f(10, 'C'));
	it('on the 1 sigma line is C', () => f(12, 'C'));
	it('past 1 sigma is B', () => f(12.1, 'B'));
	it('below counts as above', () => f(5.9, 'A'));
	it('on the limit is A', () => f(16, 'A'));
	it('past the limit is beyond', () => f(16.1, 'beyond'));
	it('of nothing is none', () => f(NaN, undefined));
});

describe('the stripes', () => {
	const f = (lcl: number, kind: 'zones' | 'plain', bands: unknown[]) =>
		expect(bandsOf({ ...segment, lcl }, kind).map((band) => [band.zone, band.low, band.high])).toEqual(bands);
	it('are five', () =>
		f(4, 'zones', [
			['A', 4, 6],
			['B', 6, 8],
			['C', 8, 12],
			['B', 12, 14],
			['A', 14, 16],
		]));
	it('end at a limit that is nearer than its zone', () =>
		f(7, 'zones', [
			['B', 7, 8],
			['C', 8, 12],
			['B', 12, 14],
			['A', 14, 16],
		]));
	it('of a plain chart are one', () => f(4, 'plain', [['plain', 4, 16]]));
	it('without a sigma are one', () => expect(bandsOf({ ...segment, sigma: 0 }, 'zones')).toHaveLength(1));
});

describe('zones that are not symmetric', () => {
	const skewed = { ...segment, lcl: 4, ucl: 30, zones: [6, 8, 14, 21] as const };
	it('are as wide as the limits say', () =>
		expect(bandsOf(skewed, 'zones').map(({ zone, low, high }) => `${zone} ${low} ${high}`)).toEqual([
			'A 4 6',
			'B 6 8',
			'C 8 14',
			'B 14 21',
			'A 21 30',
		]));
	const f = (v: number, zone: string) => expect(zoneOf(v, skewed)).toBe(zone);
	it('have a point on a line inside', () => f(14, 'C'));
	it('begin beyond it', () => f(14.1, 'B'));
	it('reach to the limit', () => f(4, 'A'));
	it('end there', () => f(3.9, 'beyond'));
});

describe('what one scale can hold', () => {
	const alike = { ...segment, toMs: 100 };
	it('is all of it where the same was plotted all the time', () =>
		expect(alikeFromMs([alike, segment])).toBe(-Infinity));
	it('begins where values became scores', () =>
		expect(alikeFromMs([alike, { ...segment, fromMs: 100, scale: 'score' }])).toBe(100));
	it('begins with the baseline of the new limits', () => {
		const baseline = { fromMs: 60, toMs: 99, points: 40 };
		expect(alikeFromMs([alike, { ...segment, fromMs: 100, subgroup: 30, baseline }])).toBe(60);
	});
});

describe('stripes', () => {
	const f = (chart: Parameters<typeof kindOf>[0], kind: string) => expect(kindOf(chart)).toBe(kind);
	it('mean something for values and means', () => f('xbar', 'zones'));
	it('mean nothing for an average with a memory', () => f('ewma', 'plain'));
});
