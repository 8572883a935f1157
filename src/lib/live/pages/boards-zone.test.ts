import { describe, expect, it } from 'vitest';
import type { Segment } from '#lib/chart/segments.ts';
import { zonePlace, zoneWords } from './boards-zone.ts';

const SEGMENT: Segment = { fromMs: 0, toMs: Infinity, centre: 10, sigma: 2, lcl: 4, ucl: 16 };

describe('the place of a value among the zones', () => {
	const f = (v: number, more: Partial<Segment> = {}) => zonePlace(v, { ...SEGMENT, ...more });
	it('is the middle at the centre', () => expect(f(10)).toBe(0));
	it('counts in sigma', () => expect([f(13), f(7), f(16), f(4)]).toEqual([1.5, -1.5, 3, -3]));
	it('stays on the scale', () => expect([f(1000), f(-1000)]).toEqual([3.7, -3.7]));
	it('follows zones that are not symmetric', () => expect(f(15, { zones: [6, 8, 14, 15], ucl: 20 })).toBe(2));
	it('is none without a spread', () => expect(f(10, { sigma: 0 })).toBeUndefined());
	it('is none of no value', () => expect(f(NaN)).toBeUndefined());
});

describe('the words of it', () => {
	const f = (v: number) => zoneWords(v, SEGMENT);
	it('say distance and zone', () =>
		expect([f(10.5), f(13), f(15)]).toEqual(['+0.3 σ, zone C', '+1.5 σ, zone B', '+2.5 σ, zone A']));
	it('say what is beyond', () => expect(f(20)).toBe('+5.0 σ, beyond the limits'));
});
