import type { Side } from '#contracts/chart.ts';
import type { Severity, ViolationState } from '#contracts/violation.ts';
import type { Freshness } from '#lib/format/freshness.ts';
import { formatSpan } from '#lib/format/time.ts';
import * as m from '#messages';

/** @returns empty where a violation has no side */
export function sideWords(side: Side): string {
	switch (side) {
		case 'above':
			return m.violations_side_above();
		case 'below':
			return m.violations_side_below();
		case 'both':
			return m.violations_side_both();
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
		return m.violations_not_ended_no_value({ span: formatSpan(newest.ageMs) });
	return m.violations_goes_on_for({ span: formatSpan(Math.max(1000, lastsMs)) });
}

const SEVERITIES: Readonly<Record<Severity, () => string>> = {
	info: m.violations_severity_info,
	warning: m.violations_severity_warning,
	critical: m.violations_severity_critical,
};

export function severityWords(severity: Severity): string {
	return SEVERITIES[severity]();
}

const STATES: Readonly<Record<ViolationState, () => string>> = {
	open: m.violations_state_open,
	acknowledged: m.violations_state_acknowledged,
	resolved: m.violations_state_resolved,
};

export function violationStateWords(state: ViolationState): string {
	return STATES[state]();
}
