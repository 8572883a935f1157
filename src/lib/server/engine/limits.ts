import { imrLimits, learnImr, NELSON, SPREAD_RULES, type ChartLimits } from '#rules';
import type { Chart } from '#contracts/chart.ts';
import type { Limits, LimitsMethod } from '#contracts/limits.ts';
import type { Plan } from '#contracts/plan.ts';
import type { Baseline } from './baseline.ts';
import { limitsId } from './ids.ts';

/** What a plan's charts are judged by, and how that came to be. */
export interface Found {
	readonly charts: Readonly<Partial<Record<Chart, ChartLimits>>>;
	/** Of the leading chart; the moving ranges are judged by rule 1. */
	readonly rules: readonly number[];
	readonly method: LimitsMethod;
	readonly baseline: Limits['baseline'];
	readonly notes: readonly string[];
	readonly lag1: number | null;
}

/** @returns undefined when the baseline cannot tell: no two neighbours without a gap between, or numbers past a double */
export function learn(plan: Plan, baseline: Baseline): Found | undefined {
	const values = baseline.v.slice(0, baseline.length);
	const learnt = learnImr({ values, rules: numbersOf(plan.rules) });
	if (learnt === undefined || !isFinite(learnt.i) || !isFinite(learnt.mr)) return undefined;
	return {
		charts: { i: learnt.i, mr: learnt.mr },
		rules: learnt.rules,
		method: learnt.method,
		baseline: {
			points: baseline.points,
			excluded: learnt.excluded.length,
			fromMicros: baseline.tMicros[0]!,
			toMicros: baseline.tMicros[baseline.length - 1]!,
		},
		notes: learnt.notes,
		lag1: learnt.lag1,
	};
}

/** Limits from a centre and sigma of single values that somebody knows. */
export function given(plan: Plan, known: { readonly centre: number; readonly sigma: number }): Found {
	return { charts: imrLimits(known), rules: numbersOf(plan.rules), method: 'given', baseline: null, notes: [], lag1: null };
}

function isFinite({ lcl, ucl }: ChartLimits): boolean {
	return Number.isFinite(lcl) && Number.isFinite(ucl);
}

/** The leading chart gets the rules that were found; a second one plots a spread. */
export function limitsOf(
	found: Found,
	of: {
		readonly streamId: number;
		readonly chart: Chart;
		readonly leads: boolean;
		readonly fromMicros: number;
		readonly planRevision: number;
		readonly ordinal: number;
	},
): Limits {
	const numbers = found.charts[of.chart];
	if (numbers === undefined) throw new RangeError(`no limits were found for chart ${of.chart}`);
	return {
		id: limitsId(of),
		streamId: of.streamId,
		chart: of.chart,
		fromMicros: of.fromMicros,
		centre: numbers.centre,
		sigma: numbers.sigma,
		lcl: numbers.lcl,
		ucl: numbers.ucl,
		rules: of.leads ? found.rules : SPREAD_RULES,
		method: found.method,
		baseline: found.baseline,
		notes: found.notes,
		lag1: found.lag1,
	};
}

function numbersOf(rules: Plan['rules']): readonly number[] {
	return Array.isArray(rules) ? rules.filter((rule) => typeof rule === 'number') : NELSON;
}
