import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH_HEADER_BYTES, BATCH_HISTORICAL, BATCH_VERSION, encodeBatch, fromCollector } from './collect.ts';
import { ROW_BYTES, viewOf, writeRow } from './rows.ts';

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('a batch', () => {
	const rows = new Uint8Array(ROW_BYTES);
	writeRow(viewOf(rows), 0, { stream: 3, tMicros: 1, v: 1, quality: 192 });
	const bytes = encodeBatch({ seq: 0x0001_0203_0405_0607, rows, count: 1, historical: false });

	it('begins with thirteen bytes: u8 version, u64 seq, u32 rows', () =>
		expect(hexOf(bytes.subarray(0, BATCH_HEADER_BYTES))).toBe('01' + '0706050403020100' + '01000000'));
	it('goes on with its rows as they are', () => expect(bytes.subarray(13)).toEqual(rows));
	it('of history has the highest bit of the version', () =>
		expect(encodeBatch({ seq: 1, rows, count: 1, historical: true })[0]).toBe(0x81));
	it('of 2^32 and more keeps its number', () =>
		expect(hexOf(encodeBatch({ seq: 2 ** 32, rows, count: 1, historical: false }).subarray(1, 9))).toBe(
			'0000000001000000',
		));
	it('is read back as it was', () =>
		fc.assert(
			fc.property(fc.maxSafeNat(), fc.uint8Array(), fc.boolean(), (seq, body, historical) => {
				const view = viewOf(encodeBatch({ seq, rows: body, count: body.length, historical }));
				expect(view.getUint8(0) & ~BATCH_HISTORICAL).toBe(BATCH_VERSION);
				expect((view.getUint8(0) & BATCH_HISTORICAL) !== 0).toBe(historical);
				expect(Number(view.getBigUint64(1, true))).toBe(seq);
				expect(view.getUint32(9, true)).toBe(body.length);
				expect(new Uint8Array(view.buffer, 13)).toEqual(body);
			}),
		));
});

const HELLO = { collector: 'line-3', epoch: 'e1', streams: [] };
const GAP = { stream: 0, from: 1, to: 2, reason: 'disconnected' };

describe('a message of a collector', () => {
	const f = (message: unknown) => expect(fromCollector.safeParse(message).success).toBe(true);
	it('is a hello', () => f({ hello: HELLO }));
	it('is a hello for a site', () => f({ hello: { ...HELLO, site: 'plant-a' } }));
	it('declares more streams', () => f({ declare: [{ key: 'a/b' }] }));
	it('is a gap in sequence', () => f({ seq: 7, gap: GAP }));
	it('is a gap that takes the next number', () => f({ gap: GAP }));
	it('is a gap at one moment', () => f({ seq: 7, gap: { ...GAP, to: 1 } }));
	it('is a gap beyond 2^32', () => f({ seq: 2 ** 40, gap: GAP }));
	it('declares streams without unit, labels and kind', () =>
		expect(fromCollector.parse({ declare: [{ key: 'a' }] })).toEqual({
			declare: [{ key: 'a', unit: '', labels: {}, kind: 'machine' }],
		}));
});

describe('no message of a collector', () => {
	const f = (message: unknown) => expect(fromCollector.safeParse(message).success).toBe(false);
	it('is nothing', () => f({}));
	it('is a list', () => f([]));
	it('is two messages in one', () => f({ hello: HELLO, declare: [] }));
	it('has an unknown field', () => f({ hello: { ...HELLO, version: 2 } }));
	it('has a stream with an unknown field', () => f({ declare: [{ key: 'a', site: 'other' }] }));
	it('has a stream without a key', () => f({ declare: [{ unit: 'bar' }] }));
	it('has a stream of another kind', () => f({ declare: [{ key: 'a', kind: 'human' }] }));
	it('has a label that is a number', () => f({ declare: [{ key: 'a', labels: { line: 3 } }] }));
	it('has no epoch', () => f({ hello: { ...HELLO, epoch: '' } }));
	it('has a gap of number 0', () => f({ seq: 0, gap: GAP }));
	it('has a gap of a number that no double has', () => f({ seq: 2 ** 53, gap: GAP }));
	it('has a gap of a half microsecond', () => f({ seq: 1, gap: { ...GAP, from: 0.5 } }));
	it('has a gap of a stream before the first', () => f({ seq: 1, gap: { ...GAP, stream: -1 } }));
	it('has a reason that is a novel', () => f({ seq: 1, gap: { ...GAP, reason: 'x'.repeat(201) } }));
});
