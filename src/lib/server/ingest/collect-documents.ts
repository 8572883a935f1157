import { createHash } from 'node:crypto';
import { BATCH_HEADER_BYTES, type DocumentKind } from '#contracts/collect.ts';
import { InputError, messageOf } from '#contracts/error.ts';
import type { NewEvent } from '#contracts/event.ts';
import { encodeCalls, type LlmCall } from '#contracts/llm-call.ts';
import { encodeLogs } from '#contracts/log-line.ts';
import { readLine } from '#contracts/log-read.ts';
import { readProbedCall } from '#contracts/probed-call.ts';
import { viewOf } from '#contracts/rows.ts';
import { encodeSeenEvents, readSeenEvent } from '#contracts/seen-event.ts';
import type { Topic } from '#server/journal/port.ts';

/** Where a batch of documents comes from. */
export interface DocumentContext {
	readonly site: string;
	readonly source: string;
	readonly epoch: string;
	readonly seq: number;
	readonly nowMicros: number;
}

export interface CheckedDocuments {
	readonly topic: Topic;
	/** A journal record of that topic; undefined when no document is good. */
	readonly record: Uint8Array | undefined;
	readonly good: number;
	/** Bad ones are set aside, each with its cause. */
	readonly refused: readonly { readonly line: number; readonly message: string; readonly text: string }[];
	/** For who wants to look at them once they are in the journal. */
	readonly calls: readonly LlmCall[];
	/** To be kept before the record is in the journal; told again they are the same. */
	readonly events: readonly NewEvent[];
}

/** What is made of documents of one kind. */
interface Reader<T> {
	readonly topic: Topic;
	/** @throws InputError for a document that is none */
	read(document: unknown, line: number, context: DocumentContext): T;
	encode(items: readonly T[], context: DocumentContext): Uint8Array;
}

const SHOWN_CHARS = 4000;

/** @throws InputError when these are not as many documents as the batch says */
export function checkDocuments(kind: DocumentKind, bytes: Uint8Array, context: DocumentContext): CheckedDocuments {
	const count = viewOf(bytes).getUint32(9, true);
	const documents = new TextDecoder().decode(bytes.subarray(BATCH_HEADER_BYTES)).split('\n').slice(0, -1);
	if (documents.length !== count || count === 0)
		throw new InputError(`batch says ${count} documents and has ${documents.length}`);
	switch (kind) {
		case 'logs':
			return { ...readAll(LOGS, documents, context), calls: [], events: [] };
		case 'calls': {
			const { items, ...rest } = readAll(CALLS, documents, context);
			return { ...rest, calls: items, events: [] };
		}
		case 'events': {
			const { items, ...rest } = readAll(EVENTS, documents, context);
			return { ...rest, calls: [], events: items };
		}
	}
}

function readAll<T>(reader: Reader<T>, documents: readonly string[], context: DocumentContext) {
	const items: T[] = [];
	const refused: CheckedDocuments['refused'][number][] = [];
	for (const [line, text] of documents.entries())
		try {
			items.push(reader.read(parsed(text), line, context));
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
			refused.push({ line, message: error.message, text: text.slice(0, SHOWN_CHARS) });
		}
	const record = items.length === 0 ? undefined : reader.encode(items, context);
	return { topic: reader.topic, record, good: items.length, refused, items };
}

/** What is no JSON is handed on as the reason why. */
function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch (error) {
		return messageOf(error);
	}
}

const LOGS: Reader<Parameters<typeof encodeLogs>[0]['lines'][number]> = {
	topic: 'logs',
	read(document, _, { nowMicros }) {
		const read = readLine(document, nowMicros);
		if ('line' in read) return read.line;
		throw new InputError(`${read.fault.path} ${read.fault.message}`.trim());
	},
	encode: (lines, { site, nowMicros }) => encodeLogs({ site, receivedMicros: nowMicros, lines }),
};

const CALLS: Reader<LlmCall> = {
	topic: 'calls',
	read: (document, line, context) => ({
		...readProbedCall(document, context.nowMicros),
		...{ id: idOf(line, context), site: context.site, source: 'probe' },
	}),
	encode: (calls, { nowMicros }) => encodeCalls({ receivedMicros: nowMicros, calls }),
};

const EVENTS: Reader<NewEvent> = {
	topic: 'events',
	read: (document, _, context) => readSeenEvent(document, context),
	encode: (events, { nowMicros }) => encodeSeenEvents({ receivedMicros: nowMicros, events }),
};

/** The same for the same line sent again. */
function idOf(line: number, { source, epoch, seq }: DocumentContext): string {
	return createHash('sha256')
		.update(JSON.stringify([source, epoch, seq, line]))
		.digest('hex')
		.slice(0, 32);
}
