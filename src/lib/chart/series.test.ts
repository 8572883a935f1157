import { describe, expect, it } from 'vitest';
import type { ApiPoints } from '#contracts/api.ts';
import { movingRangesOf, seriesOf } from './series.ts';

function points(v: readonly number[], more: Partial<ApiPoints> = {}): ApiPoints {
	const t = v.map((_, i) => i * 1_000_000);
	return {
		t,
		v,
		quality: v.map(() => 192),
		flags: v.map(() => 0),
		gaps: [],
		signals: [],
		limits: [],
		thinned: null,
		...more,
	};
}

describe('moving ranges of a history', () => {
	const f = (history: ApiPoints, ranges: number[]) =>
		expect([...(movingRangesOf(history, 192)?.columns.v ?? [])]).toEqual(ranges);
	it('are the distances of neighbours', () => f(points([1, 4, 2]), [NaN, 3, 2]));
	it('there is none across a gap', () =>
		f(points([1, 4, 2], { gaps: [[1_200_000, 1_800_000, 'drop']] }), [NaN, 3, NaN]));
	it('look past a late point', () => f(points([1, 9, 2], { flags: [0, 1, 0] }), [NaN, NaN, 1]));
	it('there is none across a point that was not judged for its quality', () =>
		f(points([1, 9, 2, 3], { quality: [192, 64, 192, 192] }), [NaN, NaN, NaN, 1]));
	it('of a thinned history do not exist', () =>
		expect(
			movingRangesOf(points([1], { thinned: { bucketMicros: 1, min: [1], max: [1], count: [1] } }), 192),
		).toBeUndefined());
});

describe('signals of a history', () => {
	const signal = (t: number, chart: 'i' | 'mr', rule: 1 | 2 | 5) => ({ t, chart, rule, side: 'above' as const });
	it('stand at their points, each chart its own', () => {
		const history = points([1, 2, 3], {
			signals: [signal(1_000_000, 'i', 1), signal(1_000_000, 'i', 5), signal(2_000_000, 'mr', 1)],
		});
		expect([...seriesOf(history, 'i', 192).columns.signals]).toEqual([0, 0b1_0001, 0]);
		expect([...(movingRangesOf(history, 192)?.columns.signals ?? [])]).toEqual([0, 0, 1]);
	});
	it('of a thinned history stand at their bucket', () => {
		const history = points([1, 2, 3], {
			signals: [signal(1_700_000, 'i', 2)],
			thinned: { bucketMicros: 1_000_000, min: [1, 2, 3], max: [1, 2, 3], count: [9, 9, 9] },
		});
		expect([...seriesOf(history, 'i', 192).columns.signals]).toEqual([0, 2, 0]);
	});
});
