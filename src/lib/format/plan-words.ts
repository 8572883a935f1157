import type { ApiAdvice } from '#contracts/api.ts';
import type { Rule } from '#contracts/chart.ts';
import type { PlanInput } from '#contracts/plan.ts';
import { localNumber } from '#lib/format/number.ts';
import { ruleWords } from '#lib/format/rule-words.ts';
import * as m from '#messages';

const PLANS: Readonly<Record<string, () => string>> = {
	'i-mr': m.format_plan_i_mr,
	'xbar-r': m.format_plan_xbar_r,
	'xbar-s': m.format_plan_xbar_s,
	ewma: m.format_plan_ewma,
	cusum: m.format_plan_cusum,
	p: m.format_plan_p,
	np: m.format_plan_np,
	c: m.format_plan_c,
	u: m.format_plan_u,
	'p-prime': m.format_plan_p_prime,
	'u-prime': m.format_plan_u_prime,
	g: m.format_chart_g,
	t: m.format_chart_t,
	'z-mr': m.format_plan_z_mr,
	auto: m.format_plan_auto,
};

/** @returns what a plan draws */
export function planChartWords({ chart = 'i-mr' }: PlanInput): string {
	return (Object.hasOwn(PLANS, chart) ? PLANS[chart]?.() : undefined) ?? chart;
}

/** @returns the charts that a plan may name, with what they draw */
export function planNames(): readonly (readonly [name: string, words: string])[] {
	return Object.entries(PLANS).map(([name, words]) => [name, words()] as const);
}

/** @returns how many values make a plotted point; empty when each is plotted by itself */
export function groupWords({ subgroup }: PlanInput): string {
	if (subgroup === undefined) return '';
	if ('window' in subgroup)
		return subgroup.atLeast === undefined
			? m.format_group_window({ window: subgroup.window })
			: m.format_group_window_least({ window: subgroup.window, least: subgroup.atLeast });
	return subgroup.size === 1 ? '' : m.format_values({ count: subgroup.size });
}

/** Charts of these learn what their points are made of, also where no rule judges them. */
const MAKES_ITS_POINTS: ReadonlySet<PlanInput['chart']> = new Set(['auto', 'ewma', 'cusum', 't2'] as const);

/** @returns what limits are learnt from, or that they are given, or that there are none */
export function baselineWords({ baseline, chart, rules }: PlanInput): string {
	const isGiven = baseline !== undefined && 'centre' in baseline;
	if (rules === 'none' && !isGiven && !MAKES_ITS_POINTS.has(chart)) return m.format_baseline_none();
	if (baseline === undefined) return m.format_baseline_first({ points: chart === 'auto' ? 300 : 100 });
	if (chart === 'z-mr') return m.format_baseline_parts();
	if ('points' in baseline) return m.format_baseline_first({ points: baseline.points });
	const centre = localNumber(String(baseline.centre));
	return baseline.sigma === undefined
		? m.format_baseline_given({ centre })
		: m.format_baseline_given_sigma({ centre, sigma: localNumber(String(baseline.sigma)) });
}

const SETS: Readonly<Record<string, () => string>> = {
	nelson: m.rules_set_nelson,
	'western-electric': m.rules_set_western_electric,
	westgard: m.rules_set_westgard,
	aiag: m.rules_set_aiag,
	none: m.rules_set_none,
};

/** @returns the sets of rules that a plan may name */
export function setNames(): readonly (readonly [name: string, words: string])[] {
	return Object.entries(SETS).map(([name, words]) => [name, words()] as const);
}

/** @returns what a plan judges by, one entry each: a mark and its words */
export function planRules({
	rules = [1, 2, 5, 6],
	chart,
}: PlanInput): readonly (readonly [code: string, words: string])[] {
	if (rules === 'none') return [['', m.rules_set_none()]];
	if (chart === 'auto' || chart === 'ewma' || chart === 'cusum') return [['LIM', m.rules_own_limits()]];
	if (typeof rules === 'string') return [['', SETS[rules]?.() ?? rules]];
	return rules.map((rule) =>
		typeof rule === 'number' ? ([`R${rule}`, ruleWords(rule as Rule)] as const) : (['', rule.name] as const),
	);
}

/** @returns a rate that people can picture: `0.9 a day`, `33 an hour`, `one in 12 days` */
export function rateWords(perDay: number): string {
	if (perDay <= 0) return m.format_rate_none();
	if (perDay >= 48) return m.format_rate_hour({ rate: significant(perDay / 24) });
	if (perDay >= 0.5) return m.format_rate_day({ rate: significant(perDay) });
	return m.format_rate_one_in({ days: significant(1 / perDay) });
}

function significant(value: number): string {
	return localNumber(String(Number(value.toPrecision(2))));
}

const ADVICE: Readonly<Record<string, () => string>> = {
	autocorrelated: m.format_advice_autocorrelated,
	skewed: m.format_advice_skewed,
	discrete: m.format_advice_discrete,
	'too-few-points': m.format_advice_too_few,
	degenerate: m.format_advice_degenerate,
	'unstable-baseline': m.format_advice_unstable,
	seasonal: m.format_advice_seasonal,
};

/** @returns the heading of a finding */
export function adviceWords(code: string): string {
	return (Object.hasOwn(ADVICE, code) ? ADVICE[code]?.() : undefined) ?? code;
}

/**
 * A remark about limits: `skewed: skewness 1.7`.
 *
 * @returns its heading in the language of the page, and what the server says of it
 */
export function noteParts(note: string): readonly [heading: string, detail: string] {
	const [, code = '', detail = ''] = /^([a-z-]+): (.*)$/s.exec(note) ?? [];
	return Object.hasOwn(ADVICE, code) ? [adviceWords(code), detail] : ['', note];
}

type Recommended = ApiAdvice['plan'];

/** @returns what a recommended plan charts, one fact a row */
export function recommendedFacts(plan: Recommended): readonly (readonly [name: string, value: string])[] {
	const { transform, residual, season } = plan;
	const isEwma = plan.chart === 'ewma';
	const isEach = plan.subgroup === 1;
	return [
		[m.format_recommended_chart(), isEwma ? m.format_recommended_ewmas() : m.format_recommended_single()],
		[
			m.format_recommended_one_point(),
			isEach ? m.format_recommended_each_value() : m.format_recommended_mean_of({ count: plan.subgroup }),
		],
		[m.format_recommended_judged_as(), (SCALES[transform] ?? m.format_recommended_percentiles)()],
		[m.format_recommended_removed(), removedWords(Boolean(season), residual !== 'none')],
		[
			m.format_recommended_limits(),
			m.format_recommended_limits_sigma({ sigma: localNumber(plan.limitsSigma.toFixed(2)) }),
		],
	];
}

const SCALES: Readonly<Partial<Record<string, () => string>>> = {
	none: m.format_recommended_measured,
	log: m.format_recommended_logarithms,
	'box-cox': m.format_recommended_powers,
};

function removedWords(season: boolean, shared: boolean): string {
	if (season && shared) return m.format_recommended_daily_and_shared();
	if (season) return m.format_recommended_daily();
	return shared ? m.format_recommended_shared() : m.format_recommended_nothing();
}
