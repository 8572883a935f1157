import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNormal } from '#rules/testing/random.ts';
import type { PlanInput } from '#contracts/plan.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import { createEvaluator } from './evaluator.ts';
import {
	declare,
	evaluate,
	evaluateEach,
	gap,
	points,
	seconds,
	signalsOf,
	tick,
	type Input,
} from './testing/records.ts';
import { createView } from './view.ts';

const PLAN: PlanInput = { subgroup: { window: '10s' }, baseline: { centre: 0, sigma: 1 } };

/** Second and mean of what was plotted. */
function plottedBy(inputs: readonly Input[], plan: PlanInput = PLAN): readonly (readonly [number, number])[] {
	const evaluator = createEvaluator();
	evaluateEach([declare(1, plan), ...inputs], evaluator);
	const [window] = createView(evaluator.state).windows(1);
	return Array.from(window!.tMicros, (t, i) => [t / MICROS_PER_SECOND, window!.v[i]!] as const);
}

const ticks = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => tick(from + i));

describe('a window', () => {
	it('is plotted with the first value of a later one, at its own last value', () =>
		expect(plottedBy([points([1, 2, 3], 7), points([9], 10)])).toEqual([[9, 2]]));
	it('is plotted by a tick once it is over and nothing has come', () => {
		const inputs = [tick(105), points([1, 3], 5), tick(106)];
		expect(plottedBy([...inputs, ...ticks(107, 110)])).toEqual([]);
		expect(plottedBy([...inputs, ...ticks(107, 120)])).toEqual([[6, 2]]);
	});
	it('takes nothing more once a tick has plotted it', () =>
		expect(
			plottedBy([tick(105), points([1, 3], 5), ...ticks(106, 120), points([50], 8), points([7], 10), points([0], 20)]),
		).toEqual([
			[6, 2],
			[10, 7],
		]));
	it('of a replay of old values is as long as one of new values', () => {
		// A minute a second: the wall clock is far past every window, and past what is still to come of it.
		const replay = Array.from({ length: 20 }, (_, i) => [
			tick(1_700_000_000 + i),
			points(Array<number>(60).fill(i), i * 60),
		]);
		expect(plottedBy(replay.flat(), { ...PLAN, subgroup: { window: '1m' } })).toEqual(
			Array.from({ length: 19 }, (_, i) => [i * 60 + 59, i]),
		);
	});
	it('of an import is never closed by a tick', () =>
		expect(plottedBy([tick(105), points([1, 3], 5, { historical: true }), ...ticks(106, 200)])).toEqual([]));
	it('is dropped at a gap: the half of it has another spread', () =>
		expect(plottedBy([points([1, 3], 5), gap(1, 7, 8), points([8], 8), points([0], 10)])).toEqual([[8, 8]]));
	it('has a signal of history when its newest value is history', () => {
		const inputs = [points([9, 9], 5, { historical: true }), points([0], 10, { historical: true })];
		const opened = evaluate([declare(1, PLAN), ...inputs]).flatMap((v) =>
			v.type === 'violation.opened' ? [v.episode] : [],
		);
		expect(opened.map(({ firstMicros, historical }) => [seconds(firstMicros), historical])).toEqual([[6, true]]);
	});
	it('gives the same signals in one piece and point by point, with ticks between', () =>
		fc.assert(
			fc.property(fc.nat(1e6), (seed) => {
				const normal = createNormal(seed + 1);
				const values = Array.from({ length: 200 }, (_, i) => 2 * normal() + (i > 100 ? 1 : 0));
				const plan: PlanInput = { ...PLAN, chart: 'xbar-s', rules: 'nelson' };
				const trickle = values.flatMap((v, i) => [tick(500 + i), points([v], i)]);
				expect(signalsOf(evaluate([declare(1, plan), ...trickle]))).toEqual(
					signalsOf(evaluate([declare(1, plan), points(values)])),
				);
			}),
			{ numRuns: 20 },
		));
});

describe('means of windows with different numbers of values', () => {
	it('are judged by limits of their own number', () => {
		// A mean of 1.2 is beyond three sigma of nine values, not of four.
		const of = (count: number, from: number) =>
			points(
				Array.from({ length: count }, (_, i) => 1.2 + (i % 2 ? 0.5 : -0.5)),
				from,
			);
		const plan: PlanInput = { ...PLAN, chart: 'xbar-r', rules: [1] };
		expect(signalsOf(evaluate([declare(1, plan), of(4, 0), of(9, 10), points([0], 20)]))).toEqual(['18 xbar 1 above']);
	});
});
