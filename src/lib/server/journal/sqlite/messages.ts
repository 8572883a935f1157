import type { Publication, Topic } from '../port.ts';

/** What the main thread and the worker of the journal say to each other. Bytes travel packed into one transferred buffer. */
export interface WorkerSettings {
	readonly file: string;
	readonly capBytes: number | undefined;
	readonly reserveBytes: number;
}

/** A publication whose bytes are `packed[at, at + length)`. */
export type PackedPublication = Omit<Publication, 'bytes'> & { readonly at: number; readonly length: number };

export interface PackedEntry {
	readonly key: string;
	readonly at: number;
	readonly length: number;
	readonly expectRevision?: number;
}

/** One call of publish, publishAll, put or putAll: all of it or none. */
export type WriteCall =
	| { readonly op: 'publish'; readonly publications: readonly PackedPublication[] }
	| { readonly op: 'put'; readonly entries: readonly PackedEntry[] };

export interface CommitRequest {
	readonly type: 'commit';
	readonly nowMicros: number;
	readonly packed: ArrayBuffer;
	readonly calls: readonly WriteCall[];
}

export type FailureCode = 'conflict' | 'full' | 'failed';

/** `numbers`: the seqs of a publish, the revisions of a put; `duplicates`: which of the publications were known already. */
export type WriteResult =
	| { readonly ok: true; readonly numbers: readonly number[]; readonly duplicates: readonly number[] }
	| { readonly ok: false; readonly code: FailureCode; readonly message: string };

export interface ReadQuestion {
	readonly kind: 'read';
	readonly topics: readonly Topic[];
	readonly partition: number;
	readonly fromSeq: number;
	readonly maxRecords: number;
	readonly maxBytes: number;
}

export type Question =
	| ReadQuestion
	| { readonly kind: 'highestOf'; readonly source: string; readonly epoch: string }
	| { readonly kind: 'lastSeq'; readonly topic: Topic; readonly partition: number }
	| { readonly kind: 'get'; readonly key: string }
	| { readonly kind: 'list'; readonly prefix: string }
	| { readonly kind: 'nextToken'; readonly name: string }
	| {
			readonly kind: 'trim';
			readonly topics: readonly Topic[];
			readonly partition: number;
			readonly beforeSeq: number;
	  }
	| { readonly kind: 'stats' }
	| { readonly kind: 'copy'; readonly file: string }
	| { readonly kind: 'close' };

export type ToWorker = CommitRequest | { readonly type: 'ask'; readonly id: number; readonly question: Question };

/** Records of a read: `ends[i]` is where the bytes of record i end in `packed`. */
export interface ReadAnswer {
	readonly seqs: Float64Array;
	/** Index into the topics of the question. */
	readonly topics: Uint8Array;
	readonly ends: Uint32Array;
	readonly packed: ArrayBuffer;
	/** Everything below has been looked at. */
	readonly nextSeq: number;
}

export interface KeptValue {
	readonly key: string;
	readonly value: Uint8Array;
	readonly revision: number;
}

export interface WorkerStats {
	readonly bytes: number;
	readonly capBytes: number;
	readonly firstSeq: number;
	readonly lastSeq: number;
	readonly refusing: string | null;
}

export type Answer = ReadAnswer | number | KeptValue | readonly KeptValue[] | WorkerStats | undefined;

export type FromWorker =
	| { readonly type: 'ready'; readonly generation: string; readonly lastSeq: number; readonly capBytes: number }
	| { readonly type: 'unusable'; readonly message: string; readonly mendable: boolean }
	/** One per commit request, in their order; several share a transaction. `packed` comes back for the tail. */
	| {
			readonly type: 'committed';
			readonly results: readonly WriteResult[];
			readonly packed: ArrayBuffer;
			readonly commitMs: number;
			/** What the journal holds now. */
			readonly bytes: number;
	  }
	| { readonly type: 'answer'; readonly id: number; readonly answer: Answer }
	| { readonly type: 'fault'; readonly id: number; readonly message: string };
