import type { Journal, Publication } from '#server/journal/port.ts';
import { JournalFullError, SeqConflictError } from '#server/journal/port.ts';

/**
 * Writes verdict records to the journal, in order and without waiting one by one: while a group is being made durable
 * the next one gathers, so a slow disk makes larger groups.
 *
 * A group is one transaction, and its first record names the last seq that we know of the topic. So when another
 * process has written verdicts of this partition, nothing of the group is written and the engine ends: one comparison
 * per group keeps two owners apart. The ids (engine, generation, input seq) make a replay harmless besides, and two
 * engines in step are told by them.
 */
export interface Publisher {
	/**
	 * @param seq of the input record; grows from call to call
	 * @param records what it led to: nearly always one; several are written all or none
	 */
	push(seq: number, records: readonly Uint8Array[]): void;
	/** Resolves once there is room for more. @throws what made a write fail */
	room(): Promise<boolean>;
	/**
	 * Resolves once everything up to this input seq (default: all) is durable: true, or given up: false.
	 *
	 * @throws what made a write fail
	 */
	flushed(seq?: number): Promise<boolean>;
}

const MAX_PENDING_BYTES = 8 * 1024 * 1024;
const MAX_GROUP_BYTES = 4 * 1024 * 1024;
const RETRY_MS = 500;

export function createPublisher(parts: {
	readonly journal: Journal;
	readonly partition: number;
	readonly source: string;
	/** Last seq of topic `verdicts` in this partition. */
	readonly lastSeq: number;
	/** Records up to this input seq are in the journal already. */
	readonly knownSeq: number;
	/** Told once each time that the journal begins to refuse. */
	readonly onFull: (error: JournalFullError) => void;
	/** Told once when a write has failed for good; nothing is written after it. */
	readonly onFailure: (error: unknown) => void;
	readonly sleep: (ms: number) => Promise<void>;
	/** After it what the journal refuses is not tried again: a replay finds it anew. */
	readonly signal: AbortSignal;
}): Publisher {
	const { journal, partition, source, signal } = parts;
	const queue: { readonly seq: number; readonly records: readonly Uint8Array[]; readonly bytes: number }[] = [];
	let pendingBytes = 0;
	let lastSeq = parts.lastSeq;
	let running: Promise<void> | undefined;
	let failure: unknown;
	let givenUp = false;
	let waiters: (() => void)[] = [];

	/** @returns how many inputs make the next group */
	function groupSize(): number {
		let bytes = 0;
		let count = 0;
		while (count < queue.length && bytes < MAX_GROUP_BYTES) bytes += queue[count++]!.bytes;
		return count;
	}

	function publicationsOf(inputs: number): readonly Publication[] {
		const all = queue.slice(0, inputs).flatMap(({ seq, records }) =>
			records.map((bytes, i): Publication => {
				// The last one stands for all that the input led to, as they are in one transaction.
				const id = i === records.length - 1 ? { id: { source, epoch: journal.generation, seq } } : {};
				return { topic: 'verdicts', partition, bytes, ...id };
			}),
		);
		return all.map((publication, i) => (i === 0 ? { ...publication, expectSeq: lastSeq } : publication));
	}

	async function writeGroup(group: readonly Publication[]): Promise<void> {
		for (let full = false; ; full = true) {
			try {
				const published = await journal.publishAll(group);
				// What we know to be new is in the journal already: another process judges this partition too.
				if (published.some(({ duplicate }) => duplicate))
					throw new SeqConflictError(`cannot write verdicts of partition ${partition}: another engine does`);
				lastSeq = published.at(-1)!.seq;
				return;
			} catch (error) {
				if (!(error instanceof JournalFullError)) throw error;
				givenUp = signal.aborted;
				if (givenUp) return;
				if (!full) parts.onFull(error);
				await parts.sleep(RETRY_MS);
			}
		}
	}

	async function run(): Promise<void> {
		while (queue.length > 0) {
			const inputs = groupSize();
			await writeGroup(publicationsOf(inputs));
			if (givenUp) return;
			for (const { bytes } of queue.splice(0, inputs)) pendingBytes -= bytes;
			wake();
		}
	}

	function wake(): void {
		const woken = waiters;
		waiters = [];
		for (const waiter of woken) waiter();
	}

	function start(): void {
		running ??= run()
			.catch((error: unknown) => {
				failure = error;
				parts.onFailure(error);
			})
			.finally(() => {
				running = undefined;
				wake();
				if (queue.length > 0 && failure === undefined && !givenUp) start();
			});
	}

	async function until(done: () => boolean): Promise<boolean> {
		for (;;) {
			if (failure !== undefined) throw failure;
			if (givenUp) return false;
			if (done()) return true;
			await new Promise<void>((resolve) => waiters.push(resolve));
		}
	}

	return {
		push(seq, records) {
			if (seq <= parts.knownSeq || givenUp) return;
			const bytes = records.reduce((sum, { length }) => sum + length, 0);
			queue.push({ seq, records, bytes });
			pendingBytes += bytes;
			start();
		},
		room: () => until(() => pendingBytes <= MAX_PENDING_BYTES),
		flushed: (seq = Infinity) => until(() => queue.length === 0 || queue[0]!.seq > seq),
	};
}
