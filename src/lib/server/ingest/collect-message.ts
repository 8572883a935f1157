import { documentKindOf, type DocumentKind, type FromCollector } from '#contracts/collect.ts';
import { encodeCommand } from '#contracts/command.ts';
import { InputError } from '#contracts/error.ts';
import type { NewEvent } from '#contracts/event.ts';
import type { LlmCall } from '#contracts/llm-call.ts';
import { timeFault } from '#contracts/time.ts';
import type { Publication } from '#server/journal/port.ts';
import { checkBatch, type DeclaredSlot, type RefusedRow } from './collect-batch.ts';
import { checkDocuments } from './collect-documents.ts';

export interface Sender {
	readonly site: string;
	readonly source: string;
	readonly epoch: string;
	readonly slots: readonly DeclaredSlot[];
}

interface Context extends Sender {
	readonly seq: number;
	readonly nowMicros: number;
	readonly partition: number;
}

/** A numbered message on its way: its publications get into the journal together. The first one carries its number. */
export interface NumberedMessage {
	readonly seq: number;
	readonly publications: readonly Publication[];
	/** Points that go on. */
	readonly good: number;
	readonly refused: readonly RefusedRow[];
	/** Those that go on, and those that are set aside. */
	readonly documents?: {
		readonly kind: DocumentKind;
		readonly good: number;
		readonly refused: number;
		readonly calls: readonly LlmCall[];
		readonly events: readonly NewEvent[];
	};
}

/** @throws InputError when it is no batch of this connection */
export function batchMessage(bytes: Uint8Array, context: Context): NumberedMessage {
	const kind = documentKindOf(bytes[0]);
	if (kind !== undefined) return documentsMessage(kind, bytes, context);
	const { source, epoch, seq, partition } = context;
	const { record, good, refused } = checkBatch(bytes, context);
	const id = { source, epoch, seq };
	const publications: Publication[] = [];
	if (record !== undefined) publications.push({ topic: 'points', partition, id, bytes: record });
	if (refused.length > 0) publications.push(refusedPublication(context, refused, record !== undefined));
	return { seq, publications, good, refused };
}

/** Documents: bad ones are set aside, each with its cause. */
function documentsMessage(kind: DocumentKind, bytes: Uint8Array, context: Context): NumberedMessage {
	const { source, epoch, seq, partition } = context;
	const { topic, record, good, refused, calls, events } = checkDocuments(kind, bytes, context);
	const id = { source, epoch, seq };
	const publications: Publication[] = [];
	if (record !== undefined) publications.push({ topic, partition, id, bytes: record });
	if (refused.length > 0) publications.push(refusedPublication(context, refused, record !== undefined));
	return { seq, publications, good: 0, refused: [], documents: { kind, good, refused: refused.length, calls, events } };
}

function refusedPublication(context: Context, rows: readonly object[], isBeside: boolean): Publication {
	const { partition } = context;
	return { topic: 'refused', partition, id: refusedId(context, isBeside), bytes: encodeRefused(context, rows) };
}

/** The number is that of the first publication; what comes beside it is known by a key. */
function refusedId({ source, epoch, seq }: Context, isBeside: boolean): Publication['id'] {
	return isBeside ? { key: `refused:${JSON.stringify([source, epoch, seq])}` } : { source, epoch, seq };
}

/** A record of topic `refused`: rows of a batch whose other rows went on, with the cause of each. */
function encodeRefused({ source, epoch, seq, nowMicros }: Context, rows: readonly object[]): Uint8Array {
	return new TextEncoder().encode(JSON.stringify({ source, epoch, seq, receivedMicros: nowMicros, rows }));
}

/** @throws InputError when the gap names no stream of this connection or no span of time */
export function gapMessage(gap: Extract<FromCollector, { gap: unknown }>['gap'], context: Context): NumberedMessage {
	const { source, epoch, seq, partition, slots, nowMicros } = context;
	const slot = slots[gap.stream];
	if (slot === undefined)
		throw new InputError(`gap.stream: index ${gap.stream}, but ${slots.length} streams are declared`);
	if (slot.id === undefined) throw new InputError(`gap.stream: ${slot.fault}`);
	if (gap.to < gap.from) throw new InputError('gap.to: is before gap.from');
	const fault = timeFault(gap.from, nowMicros) ?? timeFault(gap.to, nowMicros);
	if (fault !== undefined) throw new InputError(`gap: ${fault}`);
	const bytes = encodeCommand({
		type: 'gap',
		streamId: slot.id,
		fromMicros: gap.from,
		toMicros: gap.to,
		reason: gap.reason,
	});
	const publication = { topic: 'commands' as const, partition, id: { source, epoch, seq }, bytes };
	return { seq, publications: [publication], good: 0, refused: [] };
}
