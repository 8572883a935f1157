import * as m from '#messages';

const PARTS: Readonly<Record<string, () => string>> = {
	journal: m.status_part_journal,
	engine: m.status_part_engine,
	store: m.status_part_store,
	cases: m.status_part_cases,
	collectors: m.status_part_collectors,
};
const STATES: Readonly<Record<string, () => string>> = {
	up: m.status_state_up,
	starting: m.status_state_starting,
	down: m.status_state_down,
	ended: m.status_state_ended,
	waiting: m.status_state_waiting,
	misconfigured: m.status_state_misconfigured,
	behind: m.status_state_behind,
	filling: m.status_state_filling,
	full: m.status_state_full,
	'queue full': m.status_state_queue_full,
};
const WELL: readonly string[] = ['up', 'ended'];

/** @param name as `/readyz` and our own streams of health have it: `store`, `collector press`, `collector/press` */
export function partWords(name: string): string {
	const collector = /^collector[ /](.+)$/.exec(name)?.[1];
	return collector === undefined ? (PARTS[name]?.() ?? name) : m.status_part_collector({ name: collector });
}

/** What is not known by a word of ours is said as the server says it. */
export function stateOfPart(state: string): { readonly isWell: boolean; readonly words: string } {
	return { isWell: WELL.includes(state), words: STATES[state]?.() ?? state };
}
