import type { Chart, Rule, Side } from '#contracts/chart.ts';
import type { StreamState } from '#contracts/stream.ts';
import type { Freshness, Standing } from '#lib/format/freshness.ts';
import { formatSpan } from '#lib/format/time.ts';
import type { Severity, ViolationState } from '#contracts/violation.ts';

/** What a rule found, as one would say it (Nelson 1984). */
const RULES: Readonly<Record<string, readonly [words: string, explanation: string]>> = {
	1: [
		'One point beyond 3 sigma',
		'A value this far out is expected about once in 370 when nothing has changed. Look for a single cause at that moment.',
	],
	2: [
		'Nine in a row on one side',
		'Nine values on the same side of the centre line: the level has moved and stayed there.',
	],
	3: [
		'Six in a row rising or falling',
		'Six values, each beyond the one before in the same direction: a drift, such as wear or warming.',
	],
	4: [
		'Fourteen in a row alternating',
		'Fourteen values up and down in turn: two sources mixed, or a control that over-corrects.',
	],
	5: [
		'Two of three beyond 2 sigma',
		'Two of three values in the outer zone on the same side: an early sign of a shift.',
	],
	6: [
		'Four of five beyond 1 sigma',
		'Four of five values outside the middle zone on the same side: a small shift that lasts.',
	],
	7: [
		'Fifteen in a row within 1 sigma',
		'Fifteen values close to the centre line: less spread than the limits were learnt from. The limits may be too wide, or the sensor stuck.',
	],
	8: [
		'Eight in a row beyond 1 sigma, both sides',
		'Eight values with none near the centre line, on both sides of it: two sources mixed.',
	],
	limit: ['Beyond the limit', 'The statistic of this chart crossed its own limit.'],
	'no-data': ['No data', 'Nothing came for three times the expected interval.'],
	'out-of-spec': ['Out of specification', 'A value outside the specification limits of the plan.'],
};

export const NELSON_RULES = [1, 2, 3, 4, 5, 6, 7, 8] as const;
export type NelsonRule = (typeof NELSON_RULES)[number];

/** @returns a custom rule's own name where it is none of ours */
export function ruleWords(rule: Rule): string {
	return RULES[rule]?.[0] ?? String(rule);
}

export function ruleExplanation(rule: Rule): string {
	return RULES[rule]?.[1] ?? 'A rule of this control plan.';
}

const CODES: Readonly<Record<string, string>> = { limit: 'LIM', 'no-data': 'ND', 'out-of-spec': 'OOS' };

/** @returns the mark beside a point or a name: `R1`; a custom rule's first characters */
export function ruleCode(rule: Rule): string {
	if (typeof rule === 'number') return `R${rule}`;
	return CODES[rule] ?? rule.slice(0, 6);
}

/** @param bits bit r-1 = rule r */
export function rulesOfBits(bits: number): readonly NelsonRule[] {
	return NELSON_RULES.filter((rule) => (bits & (1 << (rule - 1))) !== 0);
}

/** @returns `R1`, `R2 5`: short enough to stand at a point */
export function codeOfBits(bits: number): string {
	const rules = rulesOfBits(bits);
	return rules.length === 0 ? '' : `R${rules.join('+')}`;
}

interface Found {
	readonly chart: Chart;
	readonly rule: Rule;
}

/** @returns what a violation is called: the rule, and the chart where it is not the one of the values themselves */
export function violationWords({ chart, rule }: Found): string {
	if (chart === 'mr' && rule === 1) return 'Moving range beyond its limit';
	return chart === 'i' ? ruleWords(rule) : `${ruleWords(rule)}, ${chartWords(chart).toLowerCase()}`;
}

export function violationExplanation({ chart, rule }: Found): string {
	if (chart === 'mr' && rule === 1)
		return 'Two neighbouring values are further apart than the limits allow: a jump, or more noise than before.';
	return ruleExplanation(rule);
}

/** @returns `R1`; `MR1` when the moving range signalled */
export function violationCode({ chart, rule }: Found): string {
	return chart === 'mr' && typeof rule === 'number' ? `M${ruleCode(rule)}` : ruleCode(rule);
}

export function sideWords(side: Side): string {
	switch (side) {
		case 'above':
			return 'above the centre';
		case 'below':
			return 'below the centre';
		case 'both':
			return 'on both sides';
		case 'none':
			return '';
	}
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

/**
 * @param lastsMs since its first point
 * @param newest how the stream stands; undefined = not known here
 * @returns what is known of a violation that has not ended: only fresh values can say that it goes on
 */
export function progressWords(
	lastsMs: number,
	newest: { readonly freshness: Freshness; readonly ageMs: number | undefined } | undefined,
): string {
	if (newest && newest.freshness !== 'live' && newest.ageMs !== undefined)
		return `not ended, no value for ${formatSpan(newest.ageMs)}`;
	return `goes on for ${formatSpan(Math.max(1000, lastsMs))}`;
}

export function severityWords(severity: Severity): string {
	return { info: 'Info', warning: 'Warning', critical: 'Critical' }[severity];
}

export function violationStateWords(state: ViolationState): string {
	return { open: 'Open', acknowledged: 'Acknowledged', resolved: 'Resolved' }[state];
}

const CHARTS: Partial<Record<Chart, string>> = {
	i: 'Individuals',
	mr: 'Moving range',
	xbar: 'Mean',
	r: 'Range',
	s: 'Deviation',
	ewma: 'EWMA',
	cusum: 'CUSUM',
};

export function chartWords(chart: Chart): string {
	return CHARTS[chart] ?? chart;
}

const METHODS: Readonly<Record<string, string>> = {
	'moving-range': 'average moving range',
	'overall-deviation': 'overall deviation',
	given: 'given in the plan',
};

/** @returns how limits were obtained */
export function methodWords(method: string): string {
	return METHODS[method] ?? method;
}
