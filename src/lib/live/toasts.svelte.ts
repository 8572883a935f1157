import * as m from '#messages';
import { getContext, setContext } from 'svelte';
import { messageOfFault } from './faults.ts';

/** Something that was done or went wrong, said in passing; what has a way back says it here. */
export interface Toast {
	readonly id: number;
	readonly words: string;
	readonly tone: 'done' | 'fault';
	readonly undo: (() => Promise<void>) | undefined;
}

export interface Toasts {
	/** The oldest first. */
	readonly all: readonly Toast[];
	/** @returns takes it away again */
	tell(toast: { readonly words: string; readonly tone?: Toast['tone']; readonly undo?: Toast['undo'] }): () => void;
	undo(toast: Toast): Promise<void>;
	dismiss(toast: Toast): void;
	/** While somebody reads or points at them none goes. */
	hold(isHeld: boolean): void;
	stop(): void;
}

const KEY = Symbol('toasts');
/** More than these nobody reads in passing. */
const MOST = 3;
const SHOWN_MS = 6_000;
/** What can be taken back stays long enough to be regretted; faults stay until somebody has read them. */
const UNDO_MS = 12_000;

export function setToasts(toasts: Toasts): Toasts {
	return setContext(KEY, toasts);
}

export function getToasts(): Toasts {
	return getContext<Toasts>(KEY);
}

/** @param after calls once after so many milliseconds; @returns cancels it */
export function createToasts(after: (delayMs: number, callback: () => void) => () => void): Toasts {
	let all = $state.raw<readonly Toast[]>([]);
	// eslint-disable-next-line svelte/prefer-svelte-reactivity -- timers are never drawn
	const timers = new Map<number, () => void>();
	let held = false;
	let nextId = 1;

	function drop(id: number): void {
		timers.get(id)?.();
		timers.delete(id);
		all = all.filter((one) => one.id !== id);
	}

	function wait({ id, tone, undo }: Toast): void {
		timers.get(id)?.();
		if (tone === 'fault' || held) return;
		timers.set(
			id,
			after(undo ? UNDO_MS : SHOWN_MS, () => drop(id)),
		);
	}

	const toasts: Toasts = {
		get all() {
			return all;
		},
		tell({ words, tone = 'done', undo }) {
			const toast: Toast = { id: nextId++, words, tone, undo };
			for (const old of [...all, toast].slice(0, -MOST)) drop(old.id);
			all = [...all, toast];
			wait(toast);
			return () => drop(toast.id);
		},
		async undo(toast) {
			drop(toast.id);
			try {
				await toast.undo?.();
				toasts.tell({ words: m.ui_taken_back({ words: toast.words }) });
			} catch (error) {
				toasts.tell({ words: m.ui_not_taken_back({ reason: messageOfFault(error) }), tone: 'fault' });
			}
		},
		dismiss: ({ id }) => drop(id),
		hold(isHeld) {
			held = isHeld;
			for (const one of all) wait(one);
		},
		stop() {
			for (const cancel of timers.values()) cancel();
		},
	};
	return toasts;
}
