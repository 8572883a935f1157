import type { JournalRecord } from '#server/journal/port.ts';
import { rowsIn } from './batch.ts';

/**
 * Where read records wait for the next insert; bounded, so a store that is down costs a few megabytes and no more.
 *
 * The price of an insert is per insert (parts, fsyncs, merges): a million rows cost the store 10 s of processor time in
 * pieces of 5,000, 3 s in pieces of 25,000, 2 s in pieces of 100,000 and 0.6 s in pieces of 300,000. So what comes after a
 * pause is stored soon, what comes all the time once a second, and a backlog in pieces as large as this may hold.
 */
export interface Intake {
	/** Resolves when there is room for more. */
	add(records: readonly JournalRecord[], signal: AbortSignal): Promise<void>;
	/** Whole records for one insert, once they are worth it; empty when the signal aborted. */
	take(signal: AbortSignal): Promise<readonly JournalRecord[]>;
	waiting(): { readonly records: number; readonly rows: number };
}

export interface IntakeLimits {
	/** Worth an insert at once. */
	readonly enoughRows: number;
	/** Worth an insert when the oldest has waited so long, */
	readonly lingerMs: number;
	/** and the insert before began so long ago. */
	readonly restMs: number;
	readonly maxRows: number;
	readonly maxRecords: number;
	readonly maxBytes: number;
}

export const INTAKE_LIMITS: IntakeLimits = {
	enoughRows: 250_000,
	lingerMs: 250,
	restMs: 1000,
	maxRows: 300_000,
	maxRecords: 20_000,
	maxBytes: 16 * 1024 * 1024,
};

export function createIntake(limits: IntakeLimits): Intake {
	let queue: JournalRecord[] = [];
	let rows = 0;
	let bytes = 0;
	let lingered = false;
	let linger: NodeJS.Timeout | undefined;
	let rest: NodeJS.Timeout | undefined;
	const wake = createBell();
	const room = createBell();

	const isFull = () => rows >= limits.maxRows || queue.length >= limits.maxRecords || bytes >= limits.maxBytes;
	const isWorthIt = () =>
		queue.length > 0 && ((lingered && rest === undefined) || rows >= limits.enoughRows || isFull());

	function push(record: JournalRecord): void {
		queue.push(record);
		rows += rowsIn(record);
		bytes += record.bytes.length;
		linger ??= setTimeout(() => {
			lingered = true;
			wake.ring();
		}, limits.lingerMs);
	}

	return {
		async add(records, signal) {
			for (const record of records) {
				while (isFull() && !signal.aborted) await room.wait(signal);
				if (signal.aborted) return;
				push(record);
			}
			if (isWorthIt()) wake.ring();
		},
		async take(signal) {
			while (!isWorthIt() && !signal.aborted) await wake.wait(signal);
			clearTimeout(linger);
			linger = undefined;
			lingered = false;
			const taken = signal.aborted ? [] : queue;
			queue = [];
			rows = 0;
			bytes = 0;
			room.ring();
			clearTimeout(rest);
			rest = setTimeout(() => {
				rest = undefined;
				wake.ring();
			}, limits.restMs).unref();
			return taken;
		},
		waiting: () => ({ records: queue.length, rows }),
	};
}

interface Bell {
	ring(): void;
	/** Resolves at the next ring, or when the signal aborts. */
	wait(signal: AbortSignal): Promise<void>;
}

function createBell(): Bell {
	let listeners: (() => void)[] = [];
	return {
		ring() {
			for (const listener of listeners.splice(0)) listener();
		},
		wait(signal) {
			return new Promise((resolve) => {
				if (signal.aborted) return resolve();
				const done = () => {
					signal.removeEventListener('abort', done);
					listeners = listeners.filter((listener) => listener !== done);
					resolve();
				};
				listeners.push(done);
				signal.addEventListener('abort', done, { once: true });
			});
		},
	};
}
