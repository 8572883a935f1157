import { BATCH_HEADER_BYTES, BATCH_HISTORICAL, BATCH_VERSION, DOCUMENT_VERSIONS } from '#contracts/collect.ts';
import { InputError } from '#contracts/error.ts';
import { isQuality } from '#contracts/point.ts';
import {
	ROW_BYTES,
	ROWS_HEADER_BYTES,
	rowMicros,
	rowQuality,
	rowStream,
	rowValue,
	setRowStream,
	viewOf,
	writeRowsHeader,
} from '#contracts/rows.ts';
import { timeFault } from '#contracts/time.ts';
import type { RefusalReason } from './metrics.ts';

/** A stream as this connection declared it; without an id its rows are set aside for `fault`. */
export type DeclaredSlot = { readonly id: number } | { readonly id: undefined; readonly fault: string };

/** A row that was set aside; numbers as text, since JSON has no NaN. */
export interface RefusedRow {
	/** From 0, within its batch. */
	readonly row: number;
	/** Index on the connection. */
	readonly stream: number;
	readonly tMicros: string;
	readonly v: string;
	readonly quality: number;
	readonly reason: RefusalReason;
	readonly message: string;
}

export interface CheckedBatch {
	/** A journal record of topic `points`; undefined when no row is good. */
	readonly record: Uint8Array | undefined;
	readonly good: number;
	readonly refused: readonly RefusedRow[];
}

/** @throws InputError when the bytes have no batch header */
export function batchSeq(bytes: Uint8Array): number {
	if (bytes.length < BATCH_HEADER_BYTES)
		throw new InputError(`a batch has a header of ${BATCH_HEADER_BYTES} bytes; these are ${bytes.length} bytes`);
	const seq = viewOf(bytes).getBigUint64(1, true);
	if (seq === 0n || seq > BigInt(Number.MAX_SAFE_INTEGER)) throw new InputError(`${seq} is no number of a batch`);
	return Number(seq);
}

/**
 * A batch as a journal record: ids over indexes, bad rows taken out.
 *
 * @throws InputError when it is no batch of this connection at all: wrong version or length, or a stream never declared
 */
export function checkBatch(
	bytes: Uint8Array,
	context: { readonly slots: readonly DeclaredSlot[]; readonly nowMicros: number },
): CheckedBatch {
	const view = viewOf(bytes);
	const count = view.getUint32(9, true);
	const version = view.getUint8(0) & ~BATCH_HISTORICAL;
	if (version !== BATCH_VERSION)
		throw new InputError(
			`batch version ${version}; this hub reads ${[BATCH_VERSION, ...Object.values(DOCUMENT_VERSIONS)].join(', ')}`,
		);
	const expected = BATCH_HEADER_BYTES + count * ROW_BYTES;
	if (bytes.length !== expected || count === 0)
		throw new InputError(`batch says ${count} rows, which is ${expected} bytes, and has ${bytes.length} bytes`);

	const record = new Uint8Array(ROWS_HEADER_BYTES + count * ROW_BYTES);
	record.set(bytes.subarray(BATCH_HEADER_BYTES), ROWS_HEADER_BYTES);
	const refused = writeIds(viewOf(record), record, context);
	const good = count - refused.length;
	if (good === 0) return { record: undefined, good, refused };
	const kept = good === count ? record : record.slice(0, ROWS_HEADER_BYTES + good * ROW_BYTES);
	const historical = (view.getUint8(0) & BATCH_HISTORICAL) !== 0;
	writeRowsHeader(viewOf(kept), { receivedMicros: context.nowMicros, historical, count: good });
	return { record: kept, good, refused };
}

/** Writes ids in place and closes the holes that bad rows leave. */
function writeIds(
	view: DataView,
	record: Uint8Array,
	{ slots, nowMicros }: { readonly slots: readonly DeclaredSlot[]; readonly nowMicros: number },
): RefusedRow[] {
	const refused: RefusedRow[] = [];
	let to = ROWS_HEADER_BYTES;
	for (let at = ROWS_HEADER_BYTES; at < record.length; at += ROW_BYTES) {
		const index = rowStream(view, at);
		const slot = slots[index];
		const row = (at - ROWS_HEADER_BYTES) / ROW_BYTES;
		if (slot === undefined)
			throw new InputError(`row ${row}: stream index ${index}, but ${slots.length} streams are declared`);
		const fault = rowFault(view, at, { slot, nowMicros });
		if (fault !== undefined || slot.id === undefined) {
			refused.push({ row, stream: index, ...shown(view, at), ...(fault ?? { reason: 'stream', message: '' }) });
			continue;
		}
		setRowStream(view, at, slot.id);
		if (to !== at) record.copyWithin(to, at, at + ROW_BYTES);
		to += ROW_BYTES;
	}
	return refused;
}

function rowFault(
	view: DataView,
	at: number,
	{ slot, nowMicros }: { readonly slot: DeclaredSlot; readonly nowMicros: number },
): { readonly reason: RefusalReason; readonly message: string } | undefined {
	if (slot.id === undefined) return { reason: 'stream', message: slot.fault };
	if (!Number.isFinite(rowValue(view, at)))
		return { reason: 'value', message: `value ${rowValue(view, at)} is not finite` };
	if (!isQuality(rowQuality(view, at)))
		return { reason: 'quality', message: `quality ${rowQuality(view, at)} is not 0, 64 or 192` };
	const time = timeFault(rowMicros(view, at), nowMicros);
	return time === undefined ? undefined : { reason: 'time', message: time };
}

function shown(view: DataView, at: number) {
	return { tMicros: String(rowMicros(view, at)), v: String(rowValue(view, at)), quality: rowQuality(view, at) };
}
