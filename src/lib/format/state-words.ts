import type { StreamState } from '#contracts/stream.ts';
import type { Standing } from '#lib/format/freshness.ts';
import * as m from '#messages';

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
