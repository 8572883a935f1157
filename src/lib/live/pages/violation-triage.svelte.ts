import { SvelteSet } from 'svelte/reactivity';
import type { ApiViolation } from '#contracts/api.ts';

import { messageOfFault } from '#lib/live/faults.ts';
import type { ApiChanged, ManyAct, TriageApi, Which } from './triage-api.ts';
import * as m from '#messages';

/** What was just done, for as long as it can be taken back here. */
export interface Done {
	readonly words: string;
	readonly changed: readonly ApiChanged[];
}

/** What is chosen of a list, where the keyboard stands, and what is done to them. */
export interface Triage {
	/** Ids that are chosen. */
	readonly chosen: ReadonlySet<string>;
	/** Where the keyboard stands; -1 = nowhere yet. */
	readonly at: number;
	readonly busy: boolean;
	readonly fault: string;
	readonly done: Done | undefined;
	toggle(id: string): void;
	choose(ids: readonly string[]): void;
	clear(): void;
	/** @param by 1 = the next one, -1 = the one before */
	move(by: number, items: readonly ApiViolation[]): void;
	/** Those that are chosen; without any, the one where the keyboard stands. */
	targets(items: readonly ApiViolation[]): readonly string[];
	act(which: Which, act: ManyAct): Promise<void>;
	undo(): Promise<void>;
	dismiss(): void;
}

const WORDS = {
	acknowledge: m.violations_acknowledged_many,
	assign: m.violations_assigned_many,
	resolve: m.violations_resolved_many,
	reopen: m.violations_reopened_many,
} as const;

/** @param onChange what is shown is not what is any more */
export function createTriage(api: TriageApi, onChange: () => void): Triage {
	const chosen = new SvelteSet<string>();
	let at = $state(-1);
	let busy = $state(false);
	let fault = $state('');
	let done = $state.raw<Done | undefined>();

	async function attempt(work: () => Promise<void>): Promise<void> {
		busy = true;
		fault = '';
		try {
			await work();
		} catch (error) {
			fault = messageOfFault(error);
		}
		busy = false;
		onChange();
	}

	/** A filter is acted on until nothing is left that it finds. */
	async function actOnAll(which: Which, act: ManyAct): Promise<readonly ApiChanged[]> {
		const all: ApiChanged[] = [];
		for (let more = true; more;) {
			const result = await api.actOnMany(which, act);
			all.push(...result.changed);
			more = result.more && act.act !== 'assign' && result.changed.length > 0;
		}
		return all;
	}

	return {
		chosen,
		get at() {
			return at;
		},
		get busy() {
			return busy;
		},
		get fault() {
			return fault;
		},
		get done() {
			return done;
		},
		toggle(id) {
			if (!chosen.delete(id)) chosen.add(id);
		},
		choose(ids) {
			chosen.clear();
			for (const id of ids) chosen.add(id);
		},
		clear: () => chosen.clear(),
		move(by, items) {
			at = Math.min(items.length - 1, Math.max(0, at + by));
		},
		targets(items) {
			const seen = items.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
			const one = items[at];
			return seen.length > 0 ? seen : one ? [one.id] : [];
		},
		act: (which, act) =>
			attempt(async () => {
				const changed = await actOnAll(which, act);
				done = { words: WORDS[act.act]({ count: changed.length }), changed };
				chosen.clear();
			}),
		undo: () =>
			attempt(async () => {
				const { changed = [] } = done ?? {};
				let back = 0;
				for (let from = 0; from < changed.length; from += AT_ONCE)
					back += (await api.undo(changed.slice(from, from + AT_ONCE))).changed.length;
				const kept = changed.length - back;
				const words = kept > 0 ? m.violations_undone_partly({ back, kept }) : m.violations_undone({ count: back });
				done = { words, changed: [] };
			}),
		dismiss() {
			done = undefined;
		},
	};
}

/** Of what the server takes back in one request. */
const AT_ONCE = 1000;
