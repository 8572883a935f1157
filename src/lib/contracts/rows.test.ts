import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	encodeRowsRecord,
	readRowsHeader,
	ROW_BYTES,
	ROWS_HEADER_BYTES,
	rowMicros,
	rowQuality,
	rowStream,
	rowValue,
	setRowStream,
	viewOf,
	writeRow,
	type Row,
} from './rows.ts';

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Stream 0x01020304, t 0x0006_4747_b1e7_0001 µs, v 21.5, good. As `SELECT … FORMAT RowBinary` of ClickHouse writes it. */
const HAND_WRITTEN = bytesOf('04030201 0100e7b147470600 0000000000803540 c0');
const ROW: Row = { stream: 0x01020304, tMicros: 0x0006_4747_b1e7_0001, v: 21.5, quality: 192 };

const readRow = (view: DataView, at: number): Row => ({
	stream: rowStream(view, at),
	tMicros: rowMicros(view, at),
	v: rowValue(view, at),
	quality: rowQuality(view, at),
});
const written = (row: Row) => {
	const bytes = new Uint8Array(ROW_BYTES);
	writeRow(viewOf(bytes), 0, row);
	return bytes;
};

const anyRow = fc.record({
	stream: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
	tMicros: fc.maxSafeInteger(),
	v: fc.double({ noNaN: true, noDefaultInfinity: true }),
	quality: fc.constantFrom(0, 64, 192),
});

describe('a row', () => {
	it('is 21 bytes', () => expect([ROW_BYTES, HAND_WRITTEN.length]).toEqual([21, 21]));
	it('is written as ClickHouse reads it', () => expect(hexOf(written(ROW))).toBe(hexOf(HAND_WRITTEN)));
	it('is read as ClickHouse writes it', () => expect(readRow(viewOf(HAND_WRITTEN), 0)).toEqual(ROW));
	it('has the stream at byte 0', () =>
		expect(hexOf(written({ ...ROW, stream: 0xfffffffe })).slice(0, 8)).toBe('feffffff'));
	it('has a time before 1970 in two’s complement', () =>
		expect(hexOf(written({ ...ROW, tMicros: -2 })).slice(8, 24)).toBe('feffffffffffffff'));
	it('has its quality in the last byte', () => expect(written({ ...ROW, quality: 64 })[20]).toBe(64));
	it('takes the id over its index, and nothing else', () => {
		const bytes = written({ ...ROW, stream: 7 });
		setRowStream(viewOf(bytes), 0, ROW.stream);
		expect(bytes).toEqual(HAND_WRITTEN);
	});
	it('has its time as DataView knows 64 bits', () =>
		fc.assert(
			fc.property(anyRow, (row) => void expect(viewOf(written(row)).getBigInt64(4, true)).toBe(BigInt(row.tMicros))),
		));
	it('is read back as it was', () =>
		fc.assert(fc.property(anyRow, (row) => void expect(readRow(viewOf(written(row)), 0)).toEqual(row))));
	it('is read out of a window into a larger buffer', () => {
		const pool = new Uint8Array(100);
		pool.set(HAND_WRITTEN, 33);
		expect(readRow(viewOf(pool.subarray(33, 54)), 0)).toEqual(ROW);
	});
});

describe('a rows record', () => {
	const header = { receivedMicros: 0x0006_4747_0000_0001, historical: true };
	const two = encodeRowsRecord([ROW, { ...ROW, stream: 9 }], header);

	it('has version, history, two empty bytes, count, received', () =>
		expect(hexOf(two.subarray(0, ROWS_HEADER_BYTES))).toBe('01' + '01' + '0000' + '02000000' + '0100000047470600'));
	it('of live rows is marked as none of history', () =>
		expect(encodeRowsRecord([], { ...header, historical: false })[1]).toBe(0));
	it('goes on with its rows', () => expect(two.subarray(16, 37)).toEqual(HAND_WRITTEN));
	it('ends with its last row', () => expect(readRow(viewOf(two), 37)).toEqual({ ...ROW, stream: 9 }));
	it('is read back as it was', () =>
		fc.assert(
			fc.property(fc.array(anyRow), fc.maxSafeInteger(), fc.boolean(), (rows, receivedMicros, historical) => {
				const view = viewOf(encodeRowsRecord(rows, { receivedMicros, historical }));
				expect(readRowsHeader(view)).toEqual({ receivedMicros, historical, count: rows.length });
				expect(rows.map((_, i) => readRow(view, ROWS_HEADER_BYTES + i * ROW_BYTES))).toEqual(rows);
			}),
		));

	const f = (bytes: Uint8Array, message: RegExp) => {
		expect(() => readRowsHeader(viewOf(bytes))).toThrow(RangeError);
		expect(() => readRowsHeader(viewOf(bytes))).toThrow(message);
	};
	it('of no bytes is none', () => f(new Uint8Array(), /^cannot read rows record: 0 bytes are no header$/));
	it('of half a header is none', () => f(two.subarray(0, 15), /15 bytes are no header/));
	it('that ends early is none', () => f(two.subarray(0, -1), /57 bytes for 2 rows/));
	it('that goes on is none', () => f(new Uint8Array([...two, 0]), /59 bytes for 2 rows/));
	it('of another version is none', () => f(two.with(0, 2), /version 2 instead of 1/));
});
