import { BATCH_HEADER_BYTES, BATCH_LOGS_VERSION, type FromCollector } from '#contracts/collect.ts';
import { encodeCommand } from '#contracts/command.ts';
import { InputError, messageOf } from '#contracts/error.ts';
import { encodeLogs, type LogLine } from '#contracts/log-line.ts';
import { readLine } from '#contracts/log-read.ts';
import { viewOf } from '#contracts/rows.ts';
import { timeFault } from '#contracts/time.ts';
import type { Publication } from '#server/journal/port.ts';
import { checkBatch, type DeclaredSlot, type RefusedRow } from './collect-batch.ts';

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
	/** Lines of logs: those that go on, and those that are set aside. */
	readonly lines?: { readonly good: number; readonly refused: number };
}

/** @throws InputError when it is no batch of this connection */
export function batchMessage(bytes: Uint8Array, context: Context): NumberedMessage {
	if (bytes[0] === BATCH_LOGS_VERSION) return logsMessage(bytes, context);
	const { source, epoch, seq, partition } = context;
	const { record, good, refused } = checkBatch(bytes, context);
	const id = { source, epoch, seq };
	const publications: Publication[] = [];
	if (record !== undefined) publications.push({ topic: 'points', partition, id, bytes: record });
	if (refused.length > 0)
		publications.push({
			topic: 'refused',
			partition,
			id: refusedId(context, record !== undefined),
			bytes: encodeRefused(context, refused),
		});
	return { seq, publications, good, refused };
}

/** Lines of a log: bad ones are set aside, each with its cause. */
function logsMessage(bytes: Uint8Array, context: Context): NumberedMessage {
	const { source, epoch, seq, partition, site, nowMicros } = context;
	const count = viewOf(bytes).getUint32(9, true);
	const documents = new TextDecoder().decode(bytes.subarray(BATCH_HEADER_BYTES)).split('\n').slice(0, -1);
	if (documents.length !== count || count === 0)
		throw new InputError(`batch says ${count} lines of logs and has ${documents.length}`);
	const lines: LogLine[] = [];
	const refused: { readonly line: number; readonly message: string; readonly text: string }[] = [];
	for (const [line, text] of documents.entries()) {
		const read = readLine(parsed(text), nowMicros);
		if ('line' in read) lines.push(read.line);
		else refused.push({ line, message: `${read.fault.path} ${read.fault.message}`.trim(), text: text.slice(0, 4000) });
	}
	const id = { source, epoch, seq };
	const publications: Publication[] = [];
	if (lines.length > 0)
		publications.push({
			topic: 'logs',
			partition,
			id,
			bytes: encodeLogs({ site, receivedMicros: nowMicros, lines }),
		});
	if (refused.length > 0)
		publications.push({
			topic: 'refused',
			partition,
			id: refusedId(context, lines.length > 0),
			bytes: encodeRefused(context, refused),
		});
	return { seq, publications, good: 0, refused: [], lines: { good: lines.length, refused: refused.length } };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch (error) {
		return messageOf(error);
	}
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
