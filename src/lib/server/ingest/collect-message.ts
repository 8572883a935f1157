import type { FromCollector } from '#contracts/collect.ts';
import { encodeCommand } from '#contracts/command.ts';
import { InputError } from '#contracts/error.ts';
import { timeFault } from '#contracts/time.ts';
import type { Publication } from '#server/journal/port.ts';
import { checkBatch, type DeclaredSlot, type RefusedRow } from './collect-batch.ts';

export interface Sender {
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
}

/** @throws InputError when it is no batch of this connection */
export function batchMessage(bytes: Uint8Array, context: Context): NumberedMessage {
	const { source, epoch, seq, partition } = context;
	const { record, good, refused } = checkBatch(bytes, context);
	const id = { source, epoch, seq };
	const publications: Publication[] = [];
	if (record !== undefined) publications.push({ topic: 'points', partition, id, bytes: record });
	if (refused.length > 0)
		publications.push({
			topic: 'refused',
			partition,
			id: record === undefined ? id : { key: `refused:${JSON.stringify([source, epoch, seq])}` },
			bytes: encodeRefused(context, refused),
		});
	return { seq, publications, good, refused };
}

/** A record of topic `refused`: rows of a batch whose other rows went on, with the cause of each. */
function encodeRefused({ source, epoch, seq, nowMicros }: Context, rows: readonly RefusedRow[]): Uint8Array {
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
