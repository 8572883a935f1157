import { describe, expect, it } from 'vitest';
import { patternOf } from './pattern.ts';

const segment = { fromMs: 0, toMs: Infinity, centre: 0, sigma: 1, lcl: -3, ucl: 3 };

function pattern(rule: number, v: readonly number[], { flags = [] as number[], fromMs = 0 } = {}) {
	const columns = {
		length: v.length,
		tMs: Float64Array.from(v, (_, i) => i),
		v: Float64Array.from(v),
		signals: new Uint16Array(v.length),
		flags: Uint8Array.from(v, (_, i) => flags[i] ?? 0),
		quality: new Uint8Array(v.length).fill(192),
	};
	const series = { columns, gaps: [], buckets: null, admit: 192 };
	return patternOf(series, v.length - 1, rule, { ...segment, fromMs });
}

describe('the points of a pattern', () => {
	it('of rule 1 is the point', () => expect(pattern(1, [0, 0, 4])).toEqual([2]));
	it('of rule 2 are nine', () => expect(pattern(2, Array<number>(12).fill(1))).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]));
	it('of rule 5 are the two out there', () => expect(pattern(5, [9, 2.5, 0, 2.6])).toEqual([1, 3]));
	it('of rule 6 are the four out there', () => expect(pattern(6, [2, 1.5, 2, 0, 2, 1.2])).toEqual([1, 2, 4, 5]));
	it('leave out what came late', () => expect(pattern(5, [2.5, 2.5, 2.6], { flags: [0, 1, 0] })).toEqual([0, 2]));
	it('do not reach before the limits', () => expect(pattern(3, [1, 2, 3, 4, 5, 6], { fromMs: 3 })).toEqual([3, 4, 5]));
});
