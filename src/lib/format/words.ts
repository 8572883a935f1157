import type { ApiAdvice } from '#contracts/api.ts';
import type { PlanInput } from '#contracts/plan.ts';
import { ruleOfBit, type Chart, type Rule } from '#contracts/chart.ts';
import type { Limits } from '#contracts/limits.ts';
import type { StreamState } from '#contracts/stream.ts';
import type { Standing } from '#lib/format/freshness.ts';
import { localNumber } from '#lib/format/number.ts';
import { ruleExplanation, ruleWords } from '#lib/format/rule-words.ts';
import * as m from '#messages';

export const NELSON_RULES = [1, 2, 3, 4, 5, 6, 7, 8] as const;
export type NelsonRule = (typeof NELSON_RULES)[number];

const CODES: Readonly<Record<string, string>> = { limit: 'LIM', 'no-data': 'ND', 'out-of-spec': 'OOS' };

/** @returns the mark beside a point or a name: `R1`; a custom rule's first characters */
export function ruleCode(rule: Rule): string {
	if (typeof rule === 'number') return `R${rule}`;
	return (Object.hasOwn(CODES, rule) ? CODES[rule] : undefined) ?? rule.slice(0, 6);
}

/**
 * @param bits as frames have them
 * @param named rules with names of their own, of the limits in force
 */
export function rulesOfBits(bits: number, named?: readonly string[]): readonly Rule[] {
	const rules: Rule[] = [];
	for (let bit = 1; bit <= bits; bit <<= 1) if ((bits & bit) !== 0) rules.push(ruleOfBit(bit, named));
	return [...new Set(rules)];
}

/** @returns `R1`, `R2+5`, `LIM`: short enough to stand at a point */
export function codeOfBits(bits: number, named?: readonly string[]): string {
	const rules = rulesOfBits(bits, named);
	const numbers = rules.filter((rule) => typeof rule === 'number');
	const others = rules.filter((rule) => typeof rule !== 'number').map(ruleCode);
	return [...(numbers.length === 0 ? [] : [`R${numbers.join('+')}`]), ...others].join(' ');
}

/** @returns `Rule 2: Nine in a row on one side`, `Beyond the limit`, `drift` */
export function ruleLine(rule: Rule): string {
	const words = ruleWords(rule);
	if (typeof rule === 'number') return m.rules_numbered({ rule, words });
	return words === rule || Object.hasOwn(CODES, rule) ? words : `${rule}: ${words}`;
}

interface Found {
	readonly chart: Chart;
	readonly rule: Rule;
}

type Beyond = readonly [words: () => string, explanation: () => string, code: string];
const counted = (words: () => string): Beyond => [words, m.rules_counted_why, 'R1'];

/** Charts of a spread, of a memory and of counts: what crossed a limit is not a value. */
const BEYOND: Partial<Record<Chart, Beyond>> = {
	mr: [m.rules_mr, m.rules_mr_why, 'MR1'],
	r: [m.rules_r, m.rules_r_why, 'RR1'],
	s: [m.rules_s, m.rules_s_why, 'SR1'],
	ewma: [m.rules_ewma, m.rules_ewma_why, 'EWMA'],
	'ewma-fast': [m.rules_ewma_fast, m.rules_ewma_fast_why, 'EWMA'],
	cusum: [m.rules_cusum, m.rules_cusum_why, 'CUSUM'],
	p: counted(m.rules_share),
	np: counted(m.rules_defectives),
	c: counted(m.rules_count),
	u: counted(m.rules_rate),
	'p-prime': counted(m.rules_share),
	'u-prime': counted(m.rules_rate),
};

/** @returns what a violation is called: the rule, and the chart where it is not the one of the values themselves */
export function violationWords({ chart, rule }: Found): string {
	const beyond = rule === 1 || rule === 'limit' ? BEYOND[chart] : undefined;
	if (beyond) return beyond[0]();
	if (chart === 'i' || chart === 'xbar' || rule === 'no-data') return ruleWords(rule);
	return m.rules_of_chart({ words: ruleWords(rule), chart: chartWords(chart) });
}

export function violationExplanation({ chart, rule }: Found): string {
	const beyond = rule === 1 || rule === 'limit' ? BEYOND[chart] : undefined;
	return beyond?.[1]() ?? ruleExplanation(rule);
}

/** @returns `R1`; `MR1` when the moving range signalled, `EWMA` when an average did */
export function violationCode({ chart, rule }: Found): string {
	const beyond = rule === 1 || rule === 'limit' ? BEYOND[chart] : undefined;
	return beyond?.[2] ?? ruleCode(rule);
}

const STATES: Readonly<Record<StreamState, () => string>> = {
	violating: m.format_state_violating,
	'no-data': m.format_state_no_data,
	'bad-quality': m.format_state_bad_quality,
	learning: m.format_state_learning,
	'not-judged': m.format_state_not_judged,
	'in-control': m.format_state_in_control,
};

export function stateWords(state: StreamState): string {
	return STATES[state]();
}

/** @returns what is said of a stream first: its state, or why that is not of the present */
export function standingWords(standing: Standing): string {
	return standing === 'stale' ? m.format_state_stale() : stateWords(standing);
}

/** @returns words that stand alone as they stand within a sentence; in German too none of them begins with a noun */
export function lowerFirst(words: string): string {
	return words.charAt(0).toLowerCase() + words.slice(1);
}

const CHARTS: Readonly<Record<Chart, () => string>> = {
	i: m.format_chart_i,
	mr: m.format_chart_mr,
	xbar: m.format_chart_xbar,
	r: m.format_chart_r,
	s: m.format_chart_s,
	ewma: m.format_chart_ewma,
	'ewma-fast': m.format_chart_ewma_fast,
	cusum: m.format_chart_cusum,
	p: m.format_chart_p,
	np: m.format_chart_np,
	c: m.format_chart_c,
	u: m.format_chart_u,
	'p-prime': m.format_chart_p_prime,
	'u-prime': m.format_chart_u_prime,
	g: m.format_chart_g,
	t: m.format_chart_t,
	t2: m.format_chart_t2,
	z: m.format_chart_z,
	size: m.format_chart_size,
};

export function chartWords(chart: Chart): string {
	return CHARTS[chart]();
}

/** What a chart plots: how many values make a point, and on which scale. */
export interface Plotted {
	readonly chart: Chart;
	/** Values per point, or the time that a point stands for in words; 1 = each by itself. */
	readonly group: number | string;
	readonly scale: Limits['scale'] | undefined;
}

/** Charts of what was counted in samples. */
const SAMPLED: readonly Chart[] = ['p', 'np', 'c', 'u', 'p-prime', 'u-prime'];

/** @returns a chart's heading: `Mean of 30 values`, `EWMA, means of 1m`, `Score` */
export function chartTitle({ chart, group, scale }: Plotted): string {
	const of = group === 1 ? '' : typeof group === 'number' ? m.format_values({ count: group }) : group;
	const name = chart === 'i' && scale === 'score' ? m.format_chart_score() : chartWords(chart);
	if (of === '') return name;
	if (chart === 'i' && scale === undefined) return m.format_mean_of({ group: of });
	if (chart === 'xbar' || chart === 'r' || chart === 's') return m.format_chart_of({ chart: name, group: of });
	if (SAMPLED.includes(chart)) return m.format_chart_samples({ chart: name, group: of });
	return m.format_chart_means({ chart: name, group: of });
}

/** @param unit of the stream */
export function unitWords(scale: Limits['scale'] | undefined, unit: string): string {
	switch (scale) {
		case 'score':
			return 'σ';
		case 'transformed':
			return unit === '' ? m.format_transformed() : m.format_transformed_unit({ unit });
		case 'share':
			return '';
		case 'rate':
			return m.format_per_unit();
		case undefined:
			return unit;
	}
}

const METHODS: Readonly<Record<string, () => string>> = {
	'moving-range': m.format_method_moving_range,
	'overall-deviation': m.format_method_overall,
	'subgroup-ranges': m.format_method_ranges,
	'subgroup-deviations': m.format_method_deviations,
	counts: m.format_method_counts,
	'counts-and-ranges': m.format_method_laney,
	covariance: m.format_method_covariance,
	recommended: m.format_method_recommended,
	given: m.format_method_given,
};

/** @returns how limits were obtained */
export function methodWords(method: string): string {
	return (Object.hasOwn(METHODS, method) ? METHODS[method]?.() : undefined) ?? method;
}

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

/** @returns what limits are learnt from, or that they are given */
export function baselineWords({ baseline, chart }: PlanInput): string {
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
