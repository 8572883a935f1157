import { FLAG } from '#contracts/point.ts';
import {
	readRowsHeader,
	ROW_BYTES,
	rowMicros,
	rowQuality,
	ROWS_HEADER_BYTES,
	rowStream,
	rowValue,
	viewOf,
	type RowsHeader,
} from '#contracts/rows.ts';
import { hold } from './hold.ts';
import type { PartitionState } from './partition-state.ts';
import { takePoint } from './take-point.ts';

/** A record of topic `points`, its bytes where they lie. */
export interface RowsRecord extends RowsHeader {
	readonly view: DataView;
}

/** @throws RangeError when the bytes are no such record */
export function openRows(bytes: Uint8Array): RowsRecord {
	const view = viewOf(bytes);
	return { view, ...readRowsHeader(view) };
}

/**
 * Judges rows in their order. No object is made for a point unless a rule fires at it.
 *
 * @param seq journal position of the record
 */
export function judgeRows(state: PartitionState, { view, count, historical }: RowsRecord, seq: number): void {
	const flags = historical ? FLAG.historical : 0;
	const end = ROWS_HEADER_BYTES + count * ROW_BYTES;
	const { table, counts } = state;
	for (let at = ROWS_HEADER_BYTES; at < end; at += ROW_BYTES) {
		const slot = table.slotOf(rowStream(view, at));
		if (slot < 0) counts.unknown++;
		else judgeRow(state, slot, view, at, flags, seq);
	}
}

function judgeRow(state: PartitionState, slot: number, view: DataView, at: number, flags: number, seq: number): void {
	const { columns } = state.table;
	const tMicros = rowMicros(view, at);
	const v = rowValue(view, at);
	const quality = rowQuality(view, at);
	if (columns.reorderMicros[slot] !== 0) {
		// Computed: nobody sends points of it.
		if (columns.reorderMicros[slot]! < 0) return void state.counts.unknown++;
		if (hold(state, slot, tMicros, v, quality, flags, seq) && flags === 0) columns.heard[slot] = 1;
		return;
	}
	const newest = columns.newestMicros[slot]!;
	if (tMicros <= newest) {
		if (tMicros === newest) state.counts.duplicate++;
		else state.counts.late++;
		return;
	}
	if (flags === 0) columns.heard[slot] = 1;
	takePoint(state, slot, tMicros, v, quality, flags, seq);
}
