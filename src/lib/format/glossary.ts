import * as m from '#messages';

/** A word of control charts, as the pages use it. */
export interface Term {
	/** Its address on the page of all terms, the same in every language. */
	readonly id: string;
	readonly word: string;
	readonly also: readonly string[];
	readonly text: string;
}

type Message = () => string;
const term = (id: string, word: Message, text: Message, also?: Message) => (): Term => ({
	id,
	word: word(),
	text: text(),
	also: also?.().split('; ') ?? [],
});

const GLOSSARY: readonly (() => Term)[] = [
	term('control-chart', m.glossary_control_chart, m.glossary_control_chart_text, m.glossary_control_chart_also),
	term('centre', m.glossary_centre, m.glossary_centre_text, m.glossary_centre_also),
	term('sigma', m.glossary_sigma, m.glossary_sigma_text, m.glossary_sigma_also),
	term('control-limits', m.glossary_control_limits, m.glossary_control_limits_text, m.glossary_control_limits_also),
	term(
		'specification-limits',
		m.glossary_specification_limits,
		m.glossary_specification_limits_text,
		m.glossary_specification_limits_also,
	),
	term('zone', m.glossary_zone, m.glossary_zone_text, m.glossary_zone_also),
	term('baseline', m.glossary_baseline, m.glossary_baseline_text, m.glossary_baseline_also),
	term('phase', m.glossary_phase, m.glossary_phase_text),
	term('rule', m.glossary_rule, m.glossary_rule_text, m.glossary_rule_also),
	term('signal', m.glossary_signal, m.glossary_signal_text),
	term('violation', m.glossary_violation, m.glossary_violation_text, m.glossary_violation_also),
	term(
		'individuals-chart',
		m.glossary_individuals_chart,
		m.glossary_individuals_chart_text,
		m.glossary_individuals_chart_also,
	),
	term('x-bar-chart', m.glossary_x_bar_chart, m.glossary_x_bar_chart_text, m.glossary_x_bar_chart_also),
	term('ewma', m.glossary_ewma, m.glossary_ewma_text),
	term('cusum', m.glossary_cusum, m.glossary_cusum_text),
	term('p-chart', m.glossary_p_chart, m.glossary_p_chart_text, m.glossary_p_chart_also),
	term('run-length', m.glossary_run_length, m.glossary_run_length_text, m.glossary_run_length_also),
	term('false-alarm', m.glossary_false_alarm, m.glossary_false_alarm_text),
	term('autocorrelation', m.glossary_autocorrelation, m.glossary_autocorrelation_text, m.glossary_autocorrelation_also),
	term('capability', m.glossary_capability, m.glossary_capability_text, m.glossary_capability_also),
	term('t²', m.glossary_t2, m.glossary_t2_text, m.glossary_t2_also),
	term('late-point', m.glossary_late_point, m.glossary_late_point_text),
	term('gap', m.glossary_gap, m.glossary_gap_text, m.glossary_gap_also),
	term('quality', m.glossary_quality, m.glossary_quality_text),
	term(
		'time-to-first-token',
		m.glossary_time_to_first_token,
		m.glossary_time_to_first_token_text,
		m.glossary_time_to_first_token_also,
	),
	term(
		'time-per-output-token',
		m.glossary_time_per_output_token,
		m.glossary_time_per_output_token_text,
		m.glossary_time_per_output_token_also,
	),
];

export function glossary(): readonly Term[] {
	return GLOSSARY.map((of) => of());
}

/** @returns the terms whose word, other names or text have all of these words */
export function findTerms(words: string): readonly Term[] {
	const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
	return glossary().filter(({ word, also, text }) => {
		const all = [word, ...also, text].join(' ').toLowerCase();
		return wanted.every((one) => all.includes(one));
	});
}
