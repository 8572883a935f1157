import { messageOf } from '#contracts/error.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import type { Clock } from './clock.ts';
import { createGroup, type Group } from './group.ts';
import { isDiskFull } from './spool-file.ts';
import { ITEM_BYTES, type SendWindow, type Spool, type SpoolWrite } from './spool.ts';

/** The spool with its commits grouped: between the collector that writes and the sender that reads. */
export interface Queue {
	/**
	 * The group that is being gathered, for what belongs together: fill it at once, without waiting in between.
	 * Its promise resolves once it is on disk; it waits while the spool is full and blocks, or the disk is full. It
	 * rejects when the disk refuses for another reason, or at close.
	 *
	 * @throws Error when the queue is closed
	 */
	gather(): Gathering;
	/** One write of its own, as with `gather`. */
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

export interface Gathering {
	readonly group: Group;
	/** The same for all that share the group. */
	readonly written: Promise<void>;
}

interface Waiting {
	readonly write: () => SpoolWrite;
	readonly resolve: () => void;
	readonly reject: (error: unknown) => void;
}

/** A commit costs an fsync; together they take at most this share of the time, whatever the disk. */
const DUTY = 1 / 5;
/** Nothing but acknowledged messages to delete is no hurry: it goes with the next write, or after this. */
const FORGET_WITHIN_MS = 1000;
const DISK_FULL_WAIT_MS = 1000;

/** The first write after a pause goes to disk at once, those that come soon after it go together. */
export function createQueue(options: {
	readonly spool: Spool;
	readonly clock: Clock;
	/** Commits begin at least this far apart. */
	readonly everyMs: number;
	/** What a commit without writes met, or a full disk, which is tried again. */
	readonly onError: (message: string) => void;
}): Queue {
	const { spool, clock } = options;
	const ended = new AbortController();
	const listeners = new Set<() => void>();
	let waiting: Waiting[] = [];
	let open: Gathering | undefined;
	let window: SendWindow | undefined;
	/** Ends the wait for the next commit when a sooner one is wanted. */
	let scheduled: { readonly atMicros: number; readonly cancel: AbortController } | undefined;
	let notBeforeMicros = 0;
	let isDiskFullNow = false;

	function schedule(withinMs = 0): void {
		if (ended.signal.aborted) return;
		const now = clock.nowMicros();
		const atMicros = Math.max(now + withinMs * MICROS_PER_MS, soonest(now));
		if (scheduled && scheduled.atMicros <= atMicros) return;
		scheduled?.cancel.abort();
		const mine = { atMicros, cancel: new AbortController() };
		scheduled = mine;
		void clock.sleep((atMicros - now) / MICROS_PER_MS, mine.cancel.signal).then(() => {
			if (scheduled !== mine) return;
			scheduled = undefined;
			if (!ended.signal.aborted) commit();
		});
	}

	/** A clock that was set back must not hold up the queue. */
	function soonest(nowMicros: number): number {
		return Math.min(notBeforeMicros, nowMicros + DISK_FULL_WAIT_MS * MICROS_PER_MS);
	}

	/** What finds no room stays, and is looked at again when the hub has acknowledged something. */
	function commit(): void {
		const group = waiting;
		open = undefined;
		if (group.length === 0 && spool.due(window) === 'nothing') return;
		const began = clock.nowMicros();
		isDiskFullNow = false;
		try {
			const writes = group.map((one) => one.write());
			const taken = spool.commit(writes, window);
			waiting = waiting.slice(taken);
			for (const one of group.slice(0, taken)) one.resolve();
		} catch (error) {
			isDiskFullNow = isDiskFull(error);
			failed(group, error);
		}
		const end = clock.nowMicros();
		const pauseMs = isDiskFullNow ? DISK_FULL_WAIT_MS : options.everyMs;
		notBeforeMicros = Math.max(began + pauseMs * MICROS_PER_MS, end + (end - began) * (1 / DUTY - 1));
		for (const listener of listeners) listener();
		again();
	}

	/** Nothing is lost on a full disk: whoever writes waits, as with a full queue that blocks. */
	function failed(group: readonly Waiting[], error: unknown): void {
		if (isDiskFullNow) return options.onError(`${messageOf(error)}: free some space on its disk`);
		waiting = [];
		for (const one of group) one.reject(error);
		if (group.length === 0) options.onError(messageOf(error));
	}

	/** Writes that found no room wait for an acknowledgement, so that its messages make room at once. */
	function again(): void {
		const due = spool.due(window);
		if (isDiskFullNow || due === 'seal' || (due === 'forget' && waiting.length > 0)) schedule();
		else if (due === 'forget') schedule(FORGET_WITHIN_MS);
	}

	function add(write: () => SpoolWrite): Promise<void> {
		return new Promise((resolve, reject) => {
			waiting.push({ write, resolve, reject });
			schedule();
		});
	}

	function mustBeOpen(): void {
		if (ended.signal.aborted) throw new Error('the queue is closed');
	}

	return {
		gather() {
			mustBeOpen();
			if (open && open.group.bytes() < ITEM_BYTES) return open;
			const group = createGroup(ITEM_BYTES);
			open = { group, written: add(group.write) };
			return open;
		},
		async write(write) {
			mustBeOpen();
			open = undefined;
			await add(() => write);
		},
		setWindow(to) {
			window = to;
			if (window) schedule();
		},
		acknowledge(seq) {
			const known = spool.acknowledge(seq);
			again();
			return known;
		},
		settle(seq) {
			spool.settle(seq);
			again();
		},
		onCommit(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		close() {
			if (ended.signal.aborted) return;
			ended.abort();
			scheduled?.cancel.abort();
			commit();
			for (const one of waiting) one.reject(new Error('the queue is closed'));
			waiting = [];
		},
	};
}
