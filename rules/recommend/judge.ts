import { createEwma } from '../stages/ewma.ts';
import { createScores } from '../stages/chain.ts';
import type { RecommendedPlan } from './plan.ts';

export interface PlanSignal {
	readonly chart: 'ewma' | 'i';
	/** Of the value that completed the plotted point. */
	readonly index: number;
	readonly rule: 1;
	readonly side: 'above' | 'below';
	/** The values of that plotted point. */
	readonly span: readonly [number, number];
}

export interface Judged {
	readonly signals: readonly PlanSignal[];
	/** Normal scores and their EWMA in its own sigmas, one per value; NaN where nothing is plotted. */
	readonly scores: Float64Array;
	readonly averages: Float64Array;
}

/** What `push` says of a plotted point. */
export const EWMA_SIGNAL = 1;
export const SINGLE_SIGNAL = 2;

/** One stream under a plan, value by value. */
export interface PlanJudge {
	/** @returns EWMA_SIGNAL and SINGLE_SIGNAL where their limits are passed; -1 = nothing is plotted at this value */
	push(value: number, tMicros: number): number;
	/** A gap: nothing is looked across. */
	reset(): void;
	/** Of the last plotted point. */
	readonly score: number;
	readonly average: number;
	snapshot(): readonly number[];
	restore(state: readonly number[]): void;
}

export function createPlanJudge({ chart, parameters: { learnt, limits } }: RecommendedPlan): PlanJudge {
	if (learnt === null || limits === null) return SILENT;
	const { lambda, width, single } = limits;
	const chain = createScores(1);
	const ewma = createEwma(1);
	chain.set(0, learnt);
	ewma.set(0, { lambda, cap: single });
	const averageWidth = chart === 'ewma' ? width : Infinity;
	let [score, average] = [NaN, NaN];
	return {
		push(value, tMicros) {
			score = chain.push(0, value, tMicros);
			if (score !== score) return -1;
			average = ewma.push(0, score, tMicros);
			return (Math.abs(average) > averageWidth ? EWMA_SIGNAL : 0) | (Math.abs(score) > single ? SINGLE_SIGNAL : 0);
		},
		reset() {
			chain.reset(0);
			ewma.reset(0);
		},
		get score() {
			return score;
		},
		get average() {
			return average;
		},
		snapshot: () => [...ewma.snapshot(0), ...chain.snapshot(0)],
		restore([average = NaN, ...rest]) {
			ewma.restore(0, [average]);
			chain.restore(0, rest);
		},
	};
}

const SILENT: PlanJudge = {
	push: () => -1,
	reset() {},
	score: NaN,
	average: NaN,
	snapshot: () => [],
	restore() {},
};

/**
 * Applies a plan to a series, the baseline included, by the stages that judge live streams.
 *
 * @param values oldest first at the plan's interval, the baseline's first value first; what is not finite is missing
 */
export function judgeByPlan(
	plan: RecommendedPlan,
	values: Float64Array,
	{ missing = 'break' }: { readonly missing?: 'break' | 'skip' | undefined } = {},
): Judged {
	const judge = createPlanJudge(plan);
	const scores = new Float64Array(values.length).fill(NaN);
	const averages = new Float64Array(values.length).fill(NaN);
	const signals: PlanSignal[] = [];
	values.forEach((value, index) => {
		if (!Number.isFinite(value)) {
			if (missing === 'break') judge.reset();
			return;
		}
		const bits = judge.push(value, index * plan.parameters.intervalMs * 1000);
		if (bits < 0) return;
		scores[index] = judge.score;
		averages[index] = judge.average;
		const common = { index, rule: 1, span: [index - plan.subgroup + 1, index] } as const;
		if (bits & EWMA_SIGNAL) signals.push({ chart: 'ewma', side: sideOf(judge.average), ...common });
		if (bits & SINGLE_SIGNAL) signals.push({ chart: 'i', side: sideOf(judge.score), ...common });
	});
	return { signals, scores, averages };
}

function sideOf(x: number): 'above' | 'below' {
	return x > 0 ? 'above' : 'below';
}
