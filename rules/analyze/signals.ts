import { createBank, type RuleOptions } from '../bank/bank.ts';
import type { Side } from '../bank/history.ts';
import { maskOf, rulesOf } from '../sets/rule-sets.ts';

/** One rule completed at one point of one chart; indices count the values of the series. */
export interface ChartSignal {
	readonly chart: string;
	readonly index: number;
	readonly rule: number;
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
}

/** Judges a whole series by the bank that judges live streams. */
export function judgeSeries(
	{ chart, statistic, centre, sigma, phases, exclude, rules }: Series,
	options: RuleOptions & { readonly limitsSigma?: number } = {},
): ChartSignal[] {
	const bank = createBank({ capacity: 1, options });
	const limits = { centre: NaN, sigma: NaN, rules: maskOf(rules), limitsSigma: options.limitsSigma };
	const starts = new Set(phases);
	const judged: number[] = [];
	const signals: ChartSignal[] = [];
	bank.setLimits(0, limits);
	statistic.forEach((value, index) => {
		if (starts.has(index)) bank.setLimits(0, limits);
		if (exclude?.has(index)) return;
		if (Number.isFinite(value)) judged.push(index);
		const bits = bank.push(0, value, centre[index], sigma[index]);
		if (bits === 0) return;
		for (const rule of rulesOf(bits)) {
			const first = judged[judged.length - 1 - bank.span(0, rule)] ?? index;
			signals.push({ chart, index, rule, side: bank.side(0, rule), span: [first, index] });
		}
	});
	return signals;
}
