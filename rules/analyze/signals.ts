import { createBank, type RuleOptions } from '../bank/bank.ts';
import type { Side } from '../bank/history.ts';
import type { Rule } from '../sets/condition.ts';
import { createRuleEvaluator } from '../sets/evaluator.ts';
import { maskOf } from '../sets/rule-sets.ts';

/** One rule completed at one point of one chart; indices count the values of the series. */
export interface ChartSignal {
	readonly chart: string;
	readonly index: number;
	/** Nelson's number for his kind of pattern, else the rule's name. */
	readonly rule: number | string;
	readonly side: Side;
	/** First and last index of the completed pattern. */
	readonly span: readonly [number, number];
}

export interface Series {
	readonly chart: string;
	/** What is plotted; NaN = missing. */
	readonly statistic: Float64Array;
	/** In force at each point. */
	readonly centre: Float64Array;
	readonly sigma: Float64Array;
	/** Where phases start; no rule looks across. */
	readonly phases: readonly number[];
	/** As if they had never been. */
	readonly exclude?: ReadonlySet<number>;
	readonly rules: readonly number[];
	/** Judge in place of `rules`. */
	readonly written?: readonly Rule[] | undefined;
}

/** Judges a whole series by the bank that judges live streams. */
export function judgeSeries(
	{ chart, statistic, centre, sigma, phases, exclude, rules, written }: Series,
	options: RuleOptions & { readonly limitsSigma?: number } = {},
): ChartSignal[] {
	const judge = written ? writtenJudge(written, options) : bankJudge(rules, options);
	const starts = new Set(phases);
	const judged: number[] = [];
	const signals: ChartSignal[] = [];
	judge.begin();
	statistic.forEach((value, index) => {
		if (starts.has(index)) judge.begin();
		if (exclude?.has(index)) return;
		if (Number.isFinite(value)) judged.push(index);
		const bits = judge.push(value, centre[index]!, sigma[index]!);
		for (let left = bits; left !== 0; left &= left - 1) {
			const found = judge.told(31 - Math.clz32(left & -left));
			const first = judged[judged.length - 1 - found.back] ?? index;
			signals.push({ chart, index, rule: found.rule, side: found.side, span: [first, index] });
		}
	});
	return signals;
}

interface SeriesJudge {
	/** A new phase. */
	begin(): void;
	/** @returns a bit for each rule that the point completes */
	push(value: number, centre: number, sigma: number): number;
	/** About a bit of the last point. */
	told(bit: number): { rule: number | string; side: Side; back: number };
}

function bankJudge(rules: readonly number[], options: RuleOptions & { readonly limitsSigma?: number }): SeriesJudge {
	const bank = createBank({ capacity: 1, options });
	const limits = { centre: NaN, sigma: NaN, rules: maskOf(rules), limitsSigma: options.limitsSigma };
	return {
		begin: () => bank.setLimits(0, limits),
		push: (value, centre, sigma) => bank.push(0, value, centre, sigma),
		told: (bit) => ({ rule: bit + 1, side: bank.side(0, bit + 1), back: bank.span(0, bit + 1) }),
	};
}

function writtenJudge(rules: readonly Rule[], options: RuleOptions & { readonly limitsSigma?: number }): SeriesJudge {
	const evaluator = createRuleEvaluator({ capacity: 1, rules: withWidth(rules, options.limitsSigma), options });
	return {
		begin: () => evaluator.release(0),
		push: (value, centre, sigma) => evaluator.push(0, value, centre, sigma),
		told: (bit) => ({ rule: rules[bit]!.name, side: evaluator.side(0, bit), back: evaluator.span(0, bit) }),
	};
}

/** The limits that are drawn are where a single point signals; other lines stay where they are, as in the bank. */
export function withWidth(rules: readonly Rule[], limitsSigma = 3): readonly Rule[] {
	return rules.map((rule) =>
		rule.name === 1 || rule.name === '1-3s'
			? { ...rule, condition: { count: 1, of: 1, beyond: limitsSigma, side: 'same' } }
			: rule,
	);
}
