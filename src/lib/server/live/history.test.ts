import { describe, expect, it } from 'vitest';
import { DEFAULT_PLAN } from '#contracts/plan.ts';
import type { Gap } from '#contracts/point.ts';
import type { Signal } from '#contracts/verdict.ts';
import { plotted } from './history.ts';

interface Case {
	readonly quality?: readonly number[];
	readonly flags?: readonly number[];
	readonly gaps?: readonly (readonly [number, number])[];
	readonly signals?: readonly Partial<Signal>[];
	readonly admit?: 'good' | 'uncertain';
}

function windows(values: readonly number[], { quality, flags, gaps = [], signals = [], admit = 'good' }: Case = {}) {
	const points = {
		tMicros: Float64Array.from(values.keys()),
		v: Float64Array.from(values),
		quality: Uint8Array.from(quality ?? values.map(() => 192)),
		flags: Uint8Array.from(flags ?? values.map(() => 0)),
	};
	const all: Gap[] = gaps.map(([fromMicros, toMicros]) => ({ streamId: 1, fromMicros, toMicros, reason: 'drop' }));
	return plotted({ points, signals: signals as Signal[], gaps: all, plan: { ...DEFAULT_PLAN, admit } });
}
const shown = (values: readonly number[], of?: Case) =>
	windows(values, of).map(({ tMicros, v }) => [...tMicros].map((t, i) => [t, v[i]]));

describe('what charts plotted of stored points', () => {
	it('is each value and its distance to the one before', () =>
		expect(shown([1, 4, 2])).toEqual([
			[
				[0, 1],
				[1, 4],
				[2, 2],
			],
			[
				[1, 3],
				[2, 2],
			],
		]));
	it('is no range across a gap', () => expect(shown([1, 4, 2], { gaps: [[1.5, 1.9]] })[1]).toEqual([[1, 3]]));
	it('is nothing of a bad point, and no range across it', () =>
		expect(shown([1, 9, 2, 3], { quality: [192, 0, 192, 192] })).toEqual([
			[
				[0, 1],
				[2, 2],
				[3, 3],
			],
			[[3, 1]],
		]));
	it('is an uncertain point where the plan admits it', () => {
		expect(shown([1, 2], { quality: [64, 64] })[0]).toEqual([]);
		expect(shown([1, 2], { quality: [64, 64], admit: 'uncertain' })[1]).toEqual([[1, 1]]);
	});
	it('is a late point without a range, which changes none of the others', () =>
		expect(shown([1, 9, 2], { flags: [0, 1, 0] })).toEqual([
			[
				[0, 1],
				[1, 9],
				[2, 2],
			],
			[[2, 1]],
		]));
	it('is marked where a rule fired, on the chart where it did', () => {
		const signals = [
			{ chart: 'i', rule: 1, tMicros: 1 },
			{ chart: 'i', rule: 5, tMicros: 1 },
			{ chart: 'mr', rule: 1, tMicros: 2 },
			{ chart: 'i', rule: 'no-data', tMicros: 2 },
		] as const;
		expect(windows([1, 2, 3], { signals }).map((window) => [...window.signals])).toEqual([
			[0, 0b10001, 0],
			[0, 1],
		]);
	});
});
