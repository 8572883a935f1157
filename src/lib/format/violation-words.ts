import type { Side, Chart, Rule } from '#contracts/chart.ts';
import type { Severity, ViolationState } from '#contracts/violation.ts';
import { chartWords } from '#lib/format/chart-words.ts';
import type { Freshness } from '#lib/format/freshness.ts';
import { ruleCode, ruleWords, ruleExplanation } from '#lib/format/rule-words.ts';
import { formatSpan } from '#lib/format/time.ts';
import * as m from '#messages';

/** @returns empty where a violation has no side */
export function sideWords(side: Side): string {
	switch (side) {
		case 'above':
			return m.format_side_above();
		case 'below':
			return m.format_side_below();
		case 'both':
			return m.format_side_both();
		case 'none':
			return '';
	}
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
		return m.format_not_ended_no_value({ span: formatSpan(newest.ageMs) });
	return m.format_goes_on_for({ span: formatSpan(Math.max(1000, lastsMs)) });
}

const SEVERITIES: Readonly<Record<Severity, () => string>> = {
	info: m.format_severity_info,
	warning: m.format_severity_warning,
	critical: m.format_severity_critical,
};

export function severityWords(severity: Severity): string {
	return SEVERITIES[severity]();
}

const STATES: Readonly<Record<ViolationState, () => string>> = {
	open: m.format_state_open,
	acknowledged: m.format_state_acknowledged,
	resolved: m.format_state_resolved,
};

export function violationStateWords(state: ViolationState): string {
	return STATES[state]();
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
