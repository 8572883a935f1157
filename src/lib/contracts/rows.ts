import { readInt64, writeInt64 } from './int64.ts';
import type { Quality } from './point.ts';

/**
 * Points on their way: ClickHouse RowBinary of (UInt32 stream, Int64 t µs, Float64 v, UInt8 quality), little endian.
 *
 * A collector numbers the streams of its own hello; the hub writes the stream's id over that index and everything
 * after it reads the same bytes: journal, engine and store.
 */
export const ROW_BYTES = 21;
const T = 4;
const V = 12;
const QUALITY_AT = 20;

/**
 * A journal record of topic `points`, little endian: this header, then rows.
 *
 * u8 version, u8 1 when historical else 0, u16 nothing yet, u32 rows, i64 received µs.
 */
export const ROWS_HEADER_BYTES = 16;
const VERSION = 1;

export interface RowsHeader {
	/** When the hub took them. */
	readonly receivedMicros: number;
	/** true for imports and backfill: judged as history, never alerted. */
	readonly historical: boolean;
	/** Rows that follow. */
	readonly count: number;
}

/** A view of exactly these bytes: a Buffer is often a window into a larger pool. */
export function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Rows are read in place by offset: `for (let at = first; at < end; at += ROW_BYTES)`. */
export function rowStream(view: DataView, at: number): number {
	return view.getUint32(at, true);
}
export function rowMicros(view: DataView, at: number): number {
	return readInt64(view, at + T);
}
export function rowValue(view: DataView, at: number): number {
	return view.getFloat64(at + V, true);
}
/** One of the three classes: the hub has set all other rows aside. */
export function rowQuality(view: DataView, at: number): Quality {
	return view.getUint8(at + QUALITY_AT) as Quality;
}
export function setRowStream(view: DataView, at: number, streamId: number): void {
	view.setUint32(at, streamId, true);
}

export interface Row {
	readonly stream: number;
	readonly tMicros: number;
	readonly v: number;
	readonly quality: Quality;
}

export function writeRow(view: DataView, at: number, { stream, tMicros, v, quality }: Row): void {
	setRow(view, at, stream, tMicros, v, quality);
}

/** As `writeRow`; a row that comes from bytes makes no object. */
export function setRow(view: DataView, at: number, stream: number, tMicros: number, v: number, quality: Quality): void {
	view.setUint32(at, stream, true);
	writeInt64(view, at + T, tMicros);
	view.setFloat64(at + V, v, true);
	view.setUint8(at + QUALITY_AT, quality);
}

/** @returns header and rows as one buffer, ready for the journal */
export function encodeRowsRecord(rows: readonly Row[], header: Omit<RowsHeader, 'count'>): Uint8Array {
	const bytes = new Uint8Array(ROWS_HEADER_BYTES + rows.length * ROW_BYTES);
	const view = viewOf(bytes);
	writeRowsHeader(view, { ...header, count: rows.length });
	rows.forEach((row, i) => writeRow(view, ROWS_HEADER_BYTES + i * ROW_BYTES, row));
	return bytes;
}

export function writeRowsHeader(view: DataView, header: RowsHeader): void {
	view.setUint8(0, VERSION);
	view.setUint8(1, header.historical ? 1 : 0);
	view.setUint16(2, 0, true);
	view.setUint32(4, header.count, true);
	writeInt64(view, 8, header.receivedMicros);
}

/** @throws RangeError when the bytes are no rows record; that is a fault of ours, never of a sender */
export function readRowsHeader(view: DataView): RowsHeader {
	if (view.byteLength < ROWS_HEADER_BYTES)
		throw new RangeError(`cannot read rows record: ${view.byteLength} bytes are no header`);
	const version = view.getUint8(0);
	const count = view.getUint32(4, true);
	if (version !== VERSION) throw new RangeError(`cannot read rows record: version ${version} instead of ${VERSION}`);
	if (view.byteLength !== ROWS_HEADER_BYTES + count * ROW_BYTES)
		throw new RangeError(`cannot read rows record: ${view.byteLength} bytes for ${count} rows`);
	return {
		receivedMicros: readInt64(view, 8),
		historical: view.getUint8(1) === 1,
		count,
	};
}
