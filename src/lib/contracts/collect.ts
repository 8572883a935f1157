import { z } from 'zod';
import type { LogLine } from './log-line.ts';

/**
 * The collect protocol (`GET /api/v1/collect`, WebSocket), both directions.
 *
 * Text frames are JSON, binary frames are batches: u8 version, u64 seq, u32 count, then as many rows of ./rows.ts whose
 * stream is an index into the streams declared on this connection, in order, or (other versions) as many JSON documents,
 * lines of a log, calls of language models or events, with a newline behind each. A hub that knows no such version refuses the batch by its number and
 * says so, and what comes after it goes on. Sequence numbers of a (collector, epoch) grow by
 * one from 1; gap records share the numbering: `{"seq": 7, "gap": {…}}`, and one that names no seq has the next.
 */
export const BATCH_HEADER_BYTES = 13;
export const BATCH_VERSION = 1;
/** Version of a batch of each kind of documents: what travels beside points and is never judged. */
export const DOCUMENT_VERSIONS = { logs: 2, calls: 3, events: 4 } as const;
export type DocumentKind = keyof typeof DOCUMENT_VERSIONS;

export function isDocumentKind(kind: string): kind is DocumentKind {
	return Object.hasOwn(DOCUMENT_VERSIONS, kind);
}

/** @returns undefined for a batch of rows, and for what nobody knows */
export function documentKindOf(version: number | undefined): DocumentKind | undefined {
	return Object.keys(DOCUMENT_VERSIONS)
		.filter(isDocumentKind)
		.find((kind) => DOCUMENT_VERSIONS[kind] === version);
}

/**
 * Bit of the version byte: every row of this batch is history (an import, a replay with its own times, what was
 * gathered while nobody listened for long): judged as history, never alerted. Journal header `historical`.
 */
export const BATCH_HISTORICAL = 0x80;

const declaredStream = z.strictObject({
	key: z.string(),
	unit: z.string().max(40).default(''),
	labels: z.record(z.string(), z.string()).default({}),
	kind: z.enum(['machine', 'llm']).default('machine'),
});
export type DeclaredStream = z.output<typeof declaredStream>;

export const fromCollector = z.union([
	z.strictObject({
		hello: z.strictObject({
			collector: z.string().min(1).max(80),
			epoch: z.string().min(1).max(80),
			site: z.string().max(61).optional(),
			streams: z.array(declaredStream).max(100_000),
		}),
	}),
	z.strictObject({ declare: z.array(declaredStream).max(100_000) }),
	z.strictObject({
		seq: z.number().int().positive().optional(),
		gap: z.strictObject({
			/** Index of the stream on this connection. */
			stream: z.number().int().nonnegative(),
			/** Microseconds. */
			from: z.number().int(),
			to: z.number().int(),
			reason: z.string().max(200),
		}),
	}),
]);
export type FromCollector = z.output<typeof fromCollector>;

export type ToCollector =
	/** `resumeAfter`: the highest seq of this epoch that the journal has (0 = none); what is higher is to be sent. */
	| {
			readonly welcome: {
				/** Indexes of the declared streams that can be written; rows of the others are set aside. */
				readonly streams: readonly number[];
				readonly resumeAfter: number;
				/** Of one batch, header included. */
				readonly maxBytes: number;
			};
	  }
	/** Cumulative: everything up to this seq is in the journal. */
	| { readonly ack: number }
	/**
	 * Nothing from this seq on has been taken (what was already under way is dropped, so that order is kept): after
	 * this many milliseconds send again from it, in order.
	 */
	| { readonly retry: number; readonly afterMs: number }
	/**
	 * Never to be taken as it is (not a batch of this protocol): the collector keeps it in its `refused/` folder and
	 * goes on with the next. Single rows that cannot be taken refuse no batch: the hub sets them aside and says ack.
	 */
	| { readonly refused: number; readonly error: string };

/** @param batch `rows`: bytes of `count` whole rows (./rows.ts), their stream an index of this connection */
export function encodeBatch(batch: {
	readonly seq: number;
	readonly rows: Uint8Array;
	readonly count: number;
	readonly historical: boolean;
}): Uint8Array {
	const version = BATCH_VERSION | (batch.historical ? BATCH_HISTORICAL : 0);
	return withHeader(version, batch, batch.rows);
}

/** @param batch `lines`: `count` of them as `encodeDocuments` has them */
export function encodeDocumentBatch(batch: {
	readonly kind: DocumentKind;
	readonly seq: number;
	readonly lines: Uint8Array;
	readonly count: number;
}): Uint8Array {
	return withHeader(DOCUMENT_VERSIONS[batch.kind], batch, batch.lines);
}

/** A JSON document each, with a newline behind it. */
export function encodeDocuments(documents: readonly object[]): Uint8Array {
	return new TextEncoder().encode(documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
}

/** In the words of `POST /api/v1/logs`. */
export function encodeLogLines(lines: readonly LogLine[]): Uint8Array {
	return encodeDocuments(lines.map(({ tMicros: t, ...line }) => ({ t, ...line })));
}

function withHeader(
	version: number,
	{ seq, count }: { readonly seq: number; readonly count: number },
	body: Uint8Array,
): Uint8Array {
	const bytes = new Uint8Array(BATCH_HEADER_BYTES + body.length);
	const view = new DataView(bytes.buffer);
	view.setUint8(0, version);
	view.setBigUint64(1, BigInt(seq), true);
	view.setUint32(9, count, true);
	bytes.set(body, BATCH_HEADER_BYTES);
	return bytes;
}
