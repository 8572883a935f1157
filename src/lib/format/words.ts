import type { ApiAdvice } from '#contracts/api.ts';
import type { PlanInput } from '#contracts/plan.ts';
import { ruleOfBit, type Chart, type Rule } from '#contracts/chart.ts';
import { ruleExplanation, ruleWords } from '#contracts/rule-words.ts';
import type { Limits } from '#contracts/limits.ts';
import type { StreamState } from '#contracts/stream.ts';
import type { Standing } from '#lib/format/freshness.ts';

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
	if (typeof rule === 'number') return `Rule ${rule}: ${words}`;
	return words === rule || Object.hasOwn(CODES, rule) ? words : `${rule}: ${words}`;
}

interface Found {
	readonly chart: Chart;
	readonly rule: Rule;
}

/** Charts of a spread and of a memory: what crossed a limit is not a value. */
const BEYOND: Partial<Record<Chart, readonly [words: string, explanation: string, code: string]>> = {
	mr: [
		'Moving range beyond its limit',
		'Two neighbouring values are further apart than the limits allow: a jump, or more noise than before.',
		'MR1',
	],
	r: [
		'Range beyond its limit',
		'The values of one group are further apart than the limits allow: more noise than before, or one odd value.',
		'RR1',
	],
	s: [
		'Deviation beyond its limit',
		'The values of one group vary more than the limits allow: more noise than before, or one odd value.',
		'SR1',
	],
	ewma: [
		'EWMA beyond its limit',
		'The average of the values, the newest weighing most, has left its limits: a small shift that lasts, too small for one value to show.',
		'EWMA',
	],
	'ewma-fast': [
		'Short EWMA beyond its limit',
		'An average over the last few values has left its limits: a large shift, or one value very far out.',
		'EWMA',
	],
	...Object.fromEntries(
		(['p', 'np', 'c', 'u', 'p-prime', 'u-prime'] as const).map((chart) => [
			chart,
			[
				`${{ p: 'Share', np: 'Defectives', c: 'Count', u: 'Rate', 'p-prime': 'Share', 'u-prime': 'Rate' }[chart]} beyond its limits`,
				'More of a sample were counted, or fewer, than its size explains. Where few are expected, chance does that more often than once in 370: the note at the limits says how often.',
				'R1',
			] as const,
		]),
	),
	cusum: [
		'CUSUM beyond its limit',
		'What values were above (or below) their target has added up beyond the limit: a shift that lasts.',
		'CUSUM',
	],
};

/** @returns what a violation is called: the rule, and the chart where it is not the one of the values themselves */
export function violationWords({ chart, rule }: Found): string {
	const beyond = rule === 1 || rule === 'limit' ? BEYOND[chart] : undefined;
	if (beyond) return beyond[0];
	if (chart === 'i' || chart === 'xbar' || rule === 'no-data') return ruleWords(rule);
	return `${ruleWords(rule)}, ${chartWords(chart)}`;
}

export function violationExplanation({ chart, rule }: Found): string {
	const beyond = rule === 1 || rule === 'limit' ? BEYOND[chart] : undefined;
	return beyond?.[1] ?? ruleExplanation(rule);
}

/** @returns `R1`; `MR1` when the moving range signalled, `EWMA` when an average did */
export function violationCode({ chart, rule }: Found): string {
	const beyond = rule === 1 || rule === 'limit' ? BEYOND[chart] : undefined;
	return beyond?.[2] ?? ruleCode(rule);
}

const STATES: Readonly<Record<StreamState, string>> = {
	violating: 'Violating',
	'no-data': 'No data',
	'bad-quality': 'Bad quality',
	learning: 'Learning',
	'not-judged': 'Not judged',
	'in-control': 'In control',
};

export function stateWords(state: StreamState): string {
	return STATES[state];
}

/** @returns what is said of a stream first: its state, or why that is not of the present */
export function standingWords(standing: Standing): string {
	return standing === 'stale' ? 'Stale' : stateWords(standing);
}

const CHARTS: Readonly<Record<Chart, string>> = {
	i: 'Individuals',
	mr: 'Moving range',
	xbar: 'Mean',
	r: 'Range',
	s: 'Deviation',
	ewma: 'EWMA',
	'ewma-fast': 'EWMA, short memory',
	cusum: 'CUSUM',
	p: 'Share',
	np: 'Defectives',
	c: 'Count',
	u: 'Rate',
	'p-prime': "Share (p')",
	'u-prime': "Rate (u')",
	g: 'Cases between events',
	t: 'Time between events',
	t2: 'T²',
	z: 'Standardised value',
	size: 'Sample size',
};

export function chartWords(chart: Chart): string {
	return CHARTS[chart];
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
	const of = group === 1 ? '' : typeof group === 'number' ? `${group} values` : group;
	const name = chart === 'i' && scale === 'score' ? 'Score' : chartWords(chart);
	if (of === '') return name;
	if (chart === 'i' && scale === undefined) return `Mean of ${of}`;
	if (chart === 'xbar' || chart === 'r' || chart === 's') return `${name} of ${of}`;
	if (SAMPLED.includes(chart)) return `${name}, samples of ${of}`;
	return `${name}, means of ${of}`;
}

/** @param unit of the stream */
export function unitWords(scale: Limits['scale'] | undefined, unit: string): string {
	switch (scale) {
		case 'score':
			return 'σ';
		case 'transformed':
			return unit === '' ? 'transformed' : `transformed ${unit}`;
		case 'share':
			return '';
		case 'rate':
			return 'per unit';
		case undefined:
			return unit;
	}
}

const METHODS: Readonly<Record<string, string>> = {
	'moving-range': 'average moving range',
	'overall-deviation': 'overall deviation',
	'subgroup-ranges': 'average range of groups',
	'subgroup-deviations': 'average deviation of groups',
	counts: 'their mean',
	'counts-and-ranges': 'their mean, and Laney’s sigma z',
	covariance: 'covariance of its streams',
	recommended: 'distribution of the baseline',
	given: 'given in the plan',
};

/** @returns how limits were obtained */
export function methodWords(method: string): string {
	return (Object.hasOwn(METHODS, method) ? METHODS[method] : undefined) ?? method;
}

const PLANS: Readonly<Record<string, string>> = {
	'i-mr': 'Individuals and moving range',
	'xbar-r': 'Means and ranges',
	'xbar-s': 'Means and deviations',
	ewma: 'EWMA, and individuals',
	cusum: 'CUSUM, and individuals',
	p: 'Share of defectives (p)',
	np: 'Number of defectives (np)',
	c: 'Counts (c)',
	u: 'Defects per unit (u)',
	'p-prime': "Share of defectives, overdispersed (Laney p')",
	'u-prime': "Defects per unit, overdispersed (Laney u')",
	g: 'Cases between events',
	t: 'Time between events',
	'z-mr': 'Short runs of several parts (Z-MR)',
	auto: 'Found from the baseline',
};

/** @returns what a plan draws */
export function planChartWords({ chart = 'i-mr' }: PlanInput): string {
	return (Object.hasOwn(PLANS, chart) ? PLANS[chart] : undefined) ?? chart;
}

/** @returns the charts that a plan may name, with what they draw */
export function planNames(): readonly (readonly [name: string, words: string])[] {
	return Object.entries(PLANS);
}

/** @returns how many values make a plotted point; empty when each is plotted by itself */
export function groupWords({ subgroup }: PlanInput): string {
	if (subgroup === undefined) return '';
	if ('window' in subgroup)
		return `values of ${subgroup.window}${subgroup.atLeast === undefined ? '' : `, ${subgroup.atLeast} at least`}`;
	return subgroup.size === 1 ? '' : `${subgroup.size} values`;
}

/** @returns what limits are learnt from, or that they are given */
export function baselineWords({ baseline, chart }: PlanInput): string {
	if (baseline === undefined) return `first ${chart === 'auto' ? 300 : 100} points`;
	if (chart === 'z-mr') return 'targets of the parts';
	if ('points' in baseline) return `first ${baseline.points} points`;
	return `given: ${baseline.centre}${baseline.sigma === undefined ? '' : ` ± ${baseline.sigma}`}`;
}

const SETS: Readonly<Record<string, string>> = {
	nelson: "Nelson's eight rules",
	'western-electric': 'Western Electric rules',
	westgard: 'Westgard multirule',
	aiag: 'AIAG rules',
	none: 'No rules',
};

/** @returns the sets of rules that a plan may name */
export function setNames(): readonly (readonly [name: string, words: string])[] {
	return Object.entries(SETS);
}

/** @returns what a plan judges by, one entry each: a mark and its words */
export function planRules({
	rules = [1, 2, 5, 6],
	chart,
}: PlanInput): readonly (readonly [code: string, words: string])[] {
	if (chart === 'auto' || chart === 'ewma' || chart === 'cusum')
		return [['LIM', 'Beyond the limits of the chart itself']];
	if (typeof rules === 'string') return [['', SETS[rules] ?? rules]];
	return rules.map((rule) =>
		typeof rule === 'number' ? ([`R${rule}`, ruleWords(rule as Rule)] as const) : (['', rule.name] as const),
	);
}

/** @returns a rate that people can picture: `0.9 a day`, `33 an hour`, `one in 12 days` */
export function rateWords(perDay: number): string {
	if (perDay <= 0) return 'none';
	if (perDay >= 48) return `${significant(perDay / 24)} an hour`;
	return perDay >= 0.5 ? `${significant(perDay)} a day` : `one in ${significant(1 / perDay)} days`;
}

function significant(value: number): string {
	return String(Number(value.toPrecision(2)));
}

const ADVICE: Readonly<Record<string, string>> = {
	autocorrelated: 'Neighbours depend on each other',
	skewed: 'Skewed',
	discrete: 'Coarse resolution',
	'too-few-points': 'Few points',
	degenerate: 'No variation',
	'unstable-baseline': 'The level changed',
	seasonal: 'A pattern repeats',
};

/** @returns the heading of a finding */
export function adviceWords(code: string): string {
	return (Object.hasOwn(ADVICE, code) ? ADVICE[code] : undefined) ?? code;
}

type Recommended = ApiAdvice['plan'];

/** @returns what a recommended plan charts, one fact a row */
export function recommendedFacts(plan: Recommended): readonly (readonly [name: string, value: string])[] {
	const { transform, residual, season } = plan;
	return [
		['Chart', plan.chart === 'ewma' ? 'EWMAs with a long and a short memory' : 'Single points'],
		['One point', plan.subgroup === 1 ? 'each value' : `mean of ${plan.subgroup} values`],
		['Judged as', { none: 'measured', log: 'logarithms', 'box-cox': 'powers' }[transform] ?? 'percentiles'],
		[
			'Removed',
			[...(season ? ['daily pattern'] : []), ...(residual === 'none' ? [] : ['what neighbours share'])].join(', ') ||
				'nothing',
		],
		['Limits', `± ${plan.limitsSigma.toFixed(2)} σ of what is plotted`],
	];
}
