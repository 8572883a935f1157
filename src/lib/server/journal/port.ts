/**
 * The journal: an append-only log of numbered records in topics, with compare-and-set values and leases beside it.
 *
 * One sequence runs over all topics, so records of several topics can be read in their one order. A published record
 * is durable (fsync) when `publish` resolves.
 */
export type Topic = 'points' | 'calls' | 'logs' | 'events' | 'commands' | 'verdicts' | 'refused';

/**
 * Makes a resend harmless. Seqs of a source start at 1; it is remembered for ever, by its highest seq; a key for 24
 * hours, or for `keptMs` where that is less.
 */
export type RecordId =
	| { readonly source: string; readonly epoch: string; readonly seq: number }
	| { readonly key: string; readonly keptMs?: number };

export interface Publication {
	readonly topic: Topic;
	readonly partition: number;
	readonly id?: RecordId;
	readonly bytes: Uint8Array;
	/** Fails with SeqConflictError unless the last seq of this topic and partition is this one (0 = empty). */
	readonly expectSeq?: number;
}

export interface Published {
	/** For a duplicate: the seq that was given to the first one where it is still known, else 0. */
	readonly seq: number;
	readonly duplicate: boolean;
}

export interface JournalRecord {
	readonly seq: number;
	readonly topic: Topic;
	readonly partition: number;
	readonly bytes: Uint8Array;
}

export interface ReadRange {
	readonly topics: readonly Topic[];
	readonly partition: number;
	/** First seq wanted. */
	readonly fromSeq: number;
	readonly signal: AbortSignal;
}

export interface Lease {
	readonly token: number;
	/** Aborts when somebody else holds the lease now. */
	readonly lost: AbortSignal;
	release(): Promise<void>;
}

export interface JournalStats {
	readonly bytes: number;
	readonly capBytes: number;
	readonly firstSeq: number;
	readonly lastSeq: number;
	/** Why inputs are refused now; null while they are taken. */
	readonly refusing: string | null;
}

export interface Journal {
	/** Changes only with a new data folder; the `epoch` of the live protocol. */
	readonly generation: string;
	/**
	 * The bytes must stay as they are until it resolves. A numbered source publishes in order and, when one fails, goes
	 * on with that one: only its highest seq is remembered, so a later one that got through would hide the failed one.
	 *
	 * At the byte cap `verdicts`, `commands`, `refused` and values still have some room: readers need it to get on.
	 *
	 * @throws JournalFullError at the byte cap, or when the disk's reserve is reached: answer 503 and let senders spool
	 * @throws SeqConflictError
	 */
	publish(publication: Publication): Promise<Published>;
	/** All or none, in one transaction, in this order. */
	publishAll(publications: readonly Publication[]): Promise<readonly Published[]>;
	/** Batches in order, then waits for more until the signal aborts; ends without an error then. Never an empty batch. */
	read(range: ReadRange): AsyncIterable<readonly JournalRecord[]>;
	/** The highest seq that this source and epoch have published; 0 = none. */
	highestOf(source: string, epoch: string): Promise<number>;
	/** The last seq of a topic and partition, also when its record has been trimmed; 0 = none yet. */
	lastSeq(topic: Topic, partition: number): Promise<number>;
	get(key: string): Promise<{ readonly value: Uint8Array; readonly revision: number } | undefined>;
	/** @returns the new revision. @throws SeqConflictError unless the revision is the expected one (0 = must not exist) */
	put(key: string, value: Uint8Array, expectRevision?: number): Promise<number>;
	/** Several values by compare-and-set in one transaction: all or none. */
	putAll(
		entries: readonly { readonly key: string; readonly value: Uint8Array; readonly expectRevision?: number }[],
	): Promise<readonly number[]>;
	/** Keys of this prefix with their values: the chunks of a snapshot. */
	list(
		prefix: string,
	): Promise<readonly { readonly key: string; readonly value: Uint8Array; readonly revision: number }[]>;
	/** Waits until it is free or its holder has not renewed it for ttlMs. */
	lease(name: string, ttlMs: number): Promise<Lease>;
	/** Drops records of these topics below a seq; what readers still need is the caller's knowledge. */
	trim(range: {
		readonly topics: readonly Topic[];
		readonly partition: number;
		readonly beforeSeq: number;
	}): Promise<void>;
	stats(): Promise<JournalStats>;
	close(): Promise<void>;
}

export class SeqConflictError extends Error {
	override readonly name = 'SeqConflictError';
}
export class JournalFullError extends Error {
	override readonly name = 'JournalFullError';
}
