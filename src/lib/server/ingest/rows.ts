import type { Quality } from '#contracts/point.ts';
import { ROW_BYTES, ROWS_HEADER_BYTES, viewOf, writeRow, writeRowsHeader } from '#contracts/rows.ts';

/** Rows that grow at their end: the bytes of ./contracts/rows.ts without a header. Plain data, so that hot loops inline it. */
export interface Rows {
	bytes: Uint8Array;
	view: DataView;
	count: number;
}

/** So that a record stays under half a megabyte: what brokers take, and what the engine judges without a pause. */
export const ROWS_PER_RECORD = 20_000;

export function createRows(capacity = 64): Rows {
	const bytes = new Uint8Array(capacity * ROW_BYTES);
	return { bytes, view: viewOf(bytes), count: 0 };
}

export function pushRow(rows: Rows, stream: number, tMicros: number, v: number, quality: Quality): void {
	const at = rows.count * ROW_BYTES;
	if (at === rows.bytes.length) grow(rows);
	writeRow(rows.view, at, { stream, tMicros, v, quality });
	rows.count++;
}

/** Moves a row to an earlier place; with `count` set afterwards, how rows are dropped in place. */
export function moveRow(rows: Rows, from: number, to: number): void {
	if (from !== to) rows.bytes.copyWithin(to * ROW_BYTES, from * ROW_BYTES, (from + 1) * ROW_BYTES);
}

function grow(rows: Rows): void {
	const bytes = new Uint8Array(rows.bytes.length * 2);
	bytes.set(rows.bytes);
	rows.bytes = bytes;
	rows.view = viewOf(bytes);
}

/** @returns journal records of topic `points`, each a buffer of its own */
export function encodeRecords(
	rows: Rows,
	header: { readonly receivedMicros: number; readonly historical: boolean },
): Uint8Array[] {
	const records: Uint8Array[] = [];
	for (let first = 0; first < rows.count; first += ROWS_PER_RECORD) {
		const count = Math.min(ROWS_PER_RECORD, rows.count - first);
		const record = new Uint8Array(ROWS_HEADER_BYTES + count * ROW_BYTES);
		writeRowsHeader(viewOf(record), { ...header, count });
		record.set(rows.bytes.subarray(first * ROW_BYTES, (first + count) * ROW_BYTES), ROWS_HEADER_BYTES);
		records.push(record);
	}
	return records;
}
