import { createEwma } from '../stages/ewma.ts';
import { createScores } from '../stages/chain.ts';
import type { RecommendedPlan } from './plan.ts';
import { farthestOf } from './run-length.ts';

export interface PlanSignal {
	readonly chart: 'ewma' | 'ewma-fast' | 'i';
	/** Of the value that completed the plotted point. */
	readonly index: number;
	readonly rule: 1;
	readonly side: 'above' | 'below';
	/** The values of that plotted point. */
	readonly span: readonly [number, number];
}

export interface Judged {
	readonly signals: readonly PlanSignal[];
	/** EWMAs of the normal scores in their own sigmas, one per value; NaN where nothing is plotted. */
	readonly slow: Float64Array;
	readonly fast: Float64Array;
}

/** What `push` says of a plotted point: which memory is beyond its limits. */
export const SLOW_SIGNAL = 1;
export const FAST_SIGNAL = 2;

/** One stream under a plan, value by value. */
export interface PlanJudge {
	/** @returns SLOW_SIGNAL and FAST_SIGNAL where limits are passed; -1 = nothing is plotted at this value */
	push(value: number, tMicros: number): number;
	/** A gap: nothing is looked across. */
	reset(): void;
	/** At the last plotted point, in their own sigmas; the slow one is NaN where the plan has none. */
	readonly slow: number;
	readonly fast: number;
	snapshot(): readonly number[];
	restore(state: readonly number[]): void;
}

export function createPlanJudge({ parameters: { learnt, limits } }: RecommendedPlan): PlanJudge {
	if (learnt === null || limits === null) return SILENT;
	const chain = createScores(1);
	const memories = createEwma(2);
	const cap = farthestOf(limits);
	const widths = [limits.slow?.width ?? Infinity, limits.fast.width] as const;
	chain.set(0, learnt);
	if (limits.slow) memories.set(SLOW, { lambda: limits.slow.lambda, cap });
	memories.set(FAST, { lambda: limits.fast.lambda, cap: Infinity });
	let [slow, fast] = [NaN, NaN];
	return {
		push(value, tMicros) {
			const score = chain.push(0, value, tMicros);
			if (score !== score) return -1;
			if (limits.slow) slow = memories.push(SLOW, score, tMicros);
			fast = memories.push(FAST, score, tMicros);
			return (Math.abs(slow) > widths[SLOW] ? SLOW_SIGNAL : 0) | (Math.abs(fast) > widths[FAST] ? FAST_SIGNAL : 0);
		},
		reset() {
			chain.reset(0);
			memories.reset(SLOW);
			memories.reset(FAST);
		},
		get slow() {
			return slow;
		},
		get fast() {
			return fast;
		},
		snapshot: () => [...memories.snapshot(SLOW), ...memories.snapshot(FAST), ...chain.snapshot(0)],
		restore([ofSlow = NaN, ofFast = NaN, ...rest]) {
			memories.restore(SLOW, [ofSlow]);
			memories.restore(FAST, [ofFast]);
			chain.restore(0, rest);
		},
	};
}

const SLOW = 0;
const FAST = 1;

const SILENT: PlanJudge = {
	push: () => -1,
	reset() {},
	slow: NaN,
	fast: NaN,
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
	const slow = new Float64Array(values.length).fill(NaN);
	const fast = new Float64Array(values.length).fill(NaN);
	const short = plan.chart === 'ewma' ? 'ewma-fast' : 'i';
	const signals: PlanSignal[] = [];
	values.forEach((value, index) => {
		if (!Number.isFinite(value)) {
			if (missing === 'break') judge.reset();
			return;
		}
		const bits = judge.push(value, index * plan.parameters.intervalMs * 1000);
		if (bits < 0) return;
		slow[index] = judge.slow;
		fast[index] = judge.fast;
		const common = { index, rule: 1, span: [index - plan.subgroup + 1, index] } as const;
		if (bits & SLOW_SIGNAL) signals.push({ chart: 'ewma', side: sideOf(judge.slow), ...common });
		if (bits & FAST_SIGNAL) signals.push({ chart: short, side: sideOf(judge.fast), ...common });
	});
	return { signals, slow, fast };
}

function sideOf(x: number): 'above' | 'below' {
	return x > 0 ? 'above' : 'below';
}
