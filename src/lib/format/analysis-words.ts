import type { ApiAnalysis, ApiEvidence, ApiHypothesis } from '#contracts/analysis.ts';
import { isCause, type CauseName } from '#contracts/cause.ts';
import * as m from '#messages';
import { getLocale } from '#messages/generated/runtime.js';

const CAUSES: Readonly<Record<CauseName, readonly [title: () => string, next: () => string]>> = {
	'provider-slowdown': [m.causes_title_provider_slowdown, m.causes_next_provider_slowdown],
	'provider-errors': [m.causes_title_provider_errors, m.causes_next_provider_errors],
	'rate-limited': [m.causes_title_rate_limited, m.causes_next_rate_limited],
	'model-version-change': [m.causes_title_model_version_change, m.causes_next_model_version_change],
	'prompt-length-change': [m.causes_title_prompt_length_change, m.causes_next_prompt_length_change],
	'output-length-change': [m.causes_title_output_length_change, m.causes_next_output_length_change],
	'cache-change': [m.causes_title_cache_change, m.causes_next_cache_change],
	'client-or-network': [m.causes_title_client_or_network, m.causes_next_client_or_network],
	'cold-start': [m.causes_title_cold_start, m.causes_next_cold_start],
	queueing: [m.causes_title_queueing, m.causes_next_queueing],
	'sensor-stuck': [m.causes_title_sensor_stuck, m.causes_next_sensor_stuck],
	'sensor-noise': [m.causes_title_sensor_noise, m.causes_next_sensor_noise],
	'sensor-bias': [m.causes_title_sensor_bias, m.causes_next_sensor_bias],
	'process-shift': [m.causes_title_process_shift, m.causes_next_process_shift],
	'setpoint-change': [m.causes_title_setpoint_change, m.causes_next_setpoint_change],
	'tool-wear-drift': [m.causes_title_tool_wear_drift, m.causes_next_tool_wear_drift],
	'upstream-disturbance': [m.causes_title_upstream_disturbance, m.causes_next_upstream_disturbance],
	'cyclic-environment': [m.causes_title_cyclic_environment, m.causes_next_cyclic_environment],
	'mixed-sources': [m.causes_title_mixed_sources, m.causes_next_mixed_sources],
	'over-adjustment': [m.causes_title_over_adjustment, m.causes_next_over_adjustment],
	'material-change': [m.causes_title_material_change, m.causes_next_material_change],
	'collector-or-clock': [m.causes_title_collector_or_clock, m.causes_next_collector_or_clock],
	'stale-baseline': [m.causes_title_stale_baseline, m.causes_next_stale_baseline],
	'normal-variation': [m.causes_title_normal_variation, m.causes_next_normal_variation],
	unknown: [m.causes_title_unknown, m.causes_next_unknown],
};

/** @returns the heading of a cause that the analysis names; others, which people added, by their name */
export function causeWords(name: string): string {
	return isCause(name) ? CAUSES[name][0]() : spelled(name);
}

/** `sensor-stuck` as the catalogue has it until somebody renames it: `Sensor stuck`. */
function spelled(name: string): string {
	const text = name.replaceAll('-', ' ');
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

interface Entry {
	readonly name: string;
	readonly title: string;
}

/** @returns what an entry of the catalogue is called here: as people named it, else in the language of the page */
export function causeTitle({ name, title }: Entry): string {
	return title === spelled(name) ? causeWords(name) : title;
}

/** @returns a catalogue in the order of what its entries are called here */
export function byTitle<T extends Entry>(catalogue: readonly T[]): T[] {
	return catalogue.toSorted((a, b) => causeTitle(a).localeCompare(causeTitle(b), getLocale()));
}

/** @returns the title by the catalogue; what is not in it by its name */
export function titleOfCause(catalogue: readonly Entry[], name: string): string {
	const found = catalogue.find((one) => one.name === name);
	return found ? causeTitle(found) : name;
}

/** @returns what to look at next */
export function nextCheckWords({ cause }: Pick<ApiHypothesis, 'cause'>): string {
	return CAUSES[cause][1]();
}

/** Scores are shares of the evidence among all causes, so words fit them better than digits do. */
export function strengthWords({ score }: Pick<ApiHypothesis, 'score'>): string {
	if (score >= 0.7) return m.causes_strong();
	return score >= 0.4 ? m.causes_some() : m.causes_weak();
}

/** Evidence by its ids, in their order. */
export function cited({ evidence }: Pick<ApiAnalysis, 'evidence'>, ids: readonly string[]): readonly ApiEvidence[] {
	return ids.flatMap((id) => evidence.find((one) => one.id === id) ?? []);
}

const KINDS: Readonly<Record<ApiEvidence['kind'], () => string>> = {
	'data-quality': m.causes_evidence_data_quality,
	baseline: m.causes_evidence_baseline,
	onset: m.causes_evidence_onset,
	pattern: m.causes_evidence_pattern,
	size: m.causes_evidence_size,
	stream: m.causes_evidence_stream,
	peer: m.causes_evidence_peer,
	covariate: m.causes_evidence_covariate,
	version: m.causes_evidence_version,
	event: m.causes_evidence_event,
	similar: m.causes_evidence_similar,
	passage: m.causes_evidence_passage,
	system: m.causes_evidence_system,
};

export function evidenceWords(kind: ApiEvidence['kind']): string {
	return KINDS[kind]();
}
