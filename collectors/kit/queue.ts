import { MICROS_PER_MS } from '#contracts/time.ts';
import type { Clock } from './clock.ts';
import type { SendWindow, Spool, SpoolWrite } from './spool.ts';

/** The spool with its commits grouped: between the collector that writes and the sender that reads. */
export interface Queue {
	/** Resolves once it is on disk; waits while the spool is full and blocks. Rejects when the disk refuses, or at close. */
	write(write: SpoolWrite): Promise<void>;
	/** The hub is there and takes this much at once; undefined: it is away. */
	setWindow(window: SendWindow | undefined): void;
	acknowledge(seq: number): boolean;
	settle(seq: number): void;
	/** Called after each commit: there may be something new to send. */
	onCommit(listener: () => void): () => void;
	/** Commits what waits and ends; later writes reject. The spool stays open. */
	close(): void;
}

interface Waiting {
	readonly write: SpoolWrite;
	readonly resolve: () => void;
	readonly reject: (error: unknown) => void;
}

/**
 * A commit costs an fsync, so there is at most one per `everyMs`: the first write goes at once, those that come soon
 * after it go together.
 */
export function createQueue(options: {
	readonly spool: Spool;
	readonly clock: Clock;
	readonly everyMs: number;
	/** A commit without writes failed (acknowledged messages could not be deleted); tried again. */
	readonly onError: (error: unknown) => void;
}): Queue {
	const { spool, clock } = options;
	const ended = new AbortController();
	const listeners = new Set<() => void>();
	let waiting: Waiting[] = [];
	let window: SendWindow | undefined;
	let isScheduled = false;
	let lastMicros = 0;

	function schedule(): void {
		if (isScheduled || ended.signal.aborted) return;
		isScheduled = true;
		const sinceMs = (clock.nowMicros() - lastMicros) / MICROS_PER_MS;
		const waitMs = sinceMs < 0 ? options.everyMs : Math.max(0, options.everyMs - sinceMs);
		void clock.sleep(waitMs, ended.signal).then(() => {
			isScheduled = false;
			if (!ended.signal.aborted) commit();
		});
	}

	/** What finds no room stays, and is looked at again when the hub has acknowledged something. */
	function commit(): void {
		const group = waiting;
		if (group.length === 0 && !spool.isDirty(window)) return;
		try {
			const taken = spool.commit(
				group.map((one) => one.write),
				window,
			);
			waiting = waiting.slice(taken);
			for (const one of group.slice(0, taken)) one.resolve();
		} catch (error) {
			waiting = [];
			for (const one of group) one.reject(error);
			if (group.length === 0) options.onError(error);
		}
		lastMicros = clock.nowMicros();
		for (const listener of listeners) listener();
		if (spool.isDirty(window)) schedule();
	}

	return {
		write: (write) =>
			new Promise((resolve, reject) => {
				if (ended.signal.aborted) return reject(new Error('the queue is closed'));
				waiting.push({ write, resolve, reject });
				schedule();
			}),
		setWindow(to) {
			window = to;
			if (window) schedule();
		},
		acknowledge(seq) {
			const known = spool.acknowledge(seq);
			if (spool.isDirty(window)) schedule();
			return known;
		},
		settle(seq) {
			spool.settle(seq);
			if (spool.isDirty(window)) schedule();
		},
		onCommit(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		close() {
			if (ended.signal.aborted) return;
			ended.abort();
			commit();
			for (const one of waiting) one.reject(new Error('the queue is closed'));
			waiting = [];
		},
	};
}
