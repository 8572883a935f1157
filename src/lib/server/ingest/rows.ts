import type { Quality } from '#contracts/point.ts';
import { ROW_BYTES, ROWS_HEADER_BYTES, setRow, viewOf, writeRowsHeader } from '#contracts/rows.ts';

/**
 * Rows that grow at their end: the bytes of contracts/rows.ts, in a buffer with room for the header before them. Plain
 * data, so that hot loops inline it.
 */
export interface Rows {
	bytes: Uint8Array<ArrayBuffer>;
	view: DataView;
	count: number;
}

/** So that a record stays under half a megabyte: what brokers take, and what the engine judges without a pause. */
export const ROWS_PER_RECORD = 20_000;

export function createRows(capacity = 64): Rows {
	const bytes = rowBytes(capacity * ROW_BYTES);
	return { bytes, view: viewOf(bytes), count: 0 };
}

function rowBytes(length: number): Uint8Array<ArrayBuffer> {
	return new Uint8Array(new ArrayBuffer(ROWS_HEADER_BYTES + length), ROWS_HEADER_BYTES);
}

export function pushRow(rows: Rows, stream: number, tMicros: number, v: number, quality: Quality): void {
	const at = rows.count * ROW_BYTES;
	if (at === rows.bytes.length) grow(rows);
	setRow(rows.view, at, stream, tMicros, v, quality);
	rows.count++;
}

/** Moves a row to an earlier place; with `count` set afterwards, how rows are dropped in place. */
export function moveRow(rows: Rows, from: number, to: number): void {
	if (from !== to) rows.bytes.copyWithin(to * ROW_BYTES, from * ROW_BYTES, (from + 1) * ROW_BYTES);
}

function grow(rows: Rows): void {
	const bytes = rowBytes(rows.bytes.length * 2);
	bytes.set(rows.bytes);
	rows.bytes = bytes;
	rows.view = viewOf(bytes);
}

/**
 * @returns journal records of topic `points`. What fits into one is the memory of the rows themselves: whoever uses them again
 *   waits until it is published
 */
export function encodeRecords(rows: Rows, header: Header): readonly Uint8Array[] {
	if (rows.count === 0) return [];
	if (rows.count <= ROWS_PER_RECORD) return [withHeader(rows.bytes.buffer, header, rows.count)];
	const records: Uint8Array[] = [];
	for (let first = 0; first < rows.count; first += ROWS_PER_RECORD) {
		const count = Math.min(ROWS_PER_RECORD, rows.count - first);
		const part = rowBytes(count * ROW_BYTES);
		part.set(rows.bytes.subarray(first * ROW_BYTES, (first + count) * ROW_BYTES));
		records.push(withHeader(part.buffer, header, count));
	}
	return records;
}

type Header = { readonly receivedMicros: number; readonly historical: boolean };

function withHeader(buffer: ArrayBuffer, header: Header, count: number): Uint8Array {
	const record = new Uint8Array(buffer, 0, ROWS_HEADER_BYTES + count * ROW_BYTES);
	writeRowsHeader(viewOf(record), { ...header, count });
	return record;
}
