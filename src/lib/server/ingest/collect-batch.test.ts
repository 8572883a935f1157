import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBatch } from '#contracts/collect.ts';
import { InputError } from '#contracts/error.ts';
import { ROW_BYTES, ROWS_HEADER_BYTES, readRowsHeader, rowValue, viewOf, writeRow } from '#contracts/rows.ts';
import { batchSeq, checkBatch } from './collect-batch.ts';
import { parseText } from './collect-text.ts';

const NOW = 1_700_000_000_000_000;
const slots = [{ id: 7 }, { id: undefined, fault: 'no' }, { id: 9 }];

describe('for any bytes', () => {
	it('a batch is read or is an InputError', () => {
		const header = fc.constant(encodeBatch({ seq: 1, rows: new Uint8Array(ROW_BYTES), count: 1, historical: false }));
		fc.assert(
			fc.property(
				fc.oneof(fc.uint8Array({ maxLength: 80 }), header),
				fc.uint8Array({ maxLength: 21 }),
				(bytes, over) => {
					const batch = new Uint8Array(bytes);
					batch.set(over.subarray(0, Math.max(0, batch.length - 13)), Math.min(13, batch.length));
					try {
						batchSeq(batch);
						checkBatch(batch, { slots, nowMicros: NOW });
					} catch (error) {
						expect(error).toBeInstanceOf(InputError);
					}
				},
			),
			{ numRuns: 2000 },
		);
	});
	it('a text is read or is an InputError', () => {
		const document = fc.oneof(
			fc.string(),
			fc.json(),
			fc.record({ hello: fc.jsonValue() }).map((value) => JSON.stringify(value)),
			fc.record({ seq: fc.jsonValue(), gap: fc.jsonValue() }).map((value) => JSON.stringify(value)),
		);
		fc.assert(
			fc.property(document, (text) => {
				try {
					parseText(text);
				} catch (error) {
					expect(error).toBeInstanceOf(InputError);
				}
			}),
		);
	});
});

describe('a batch', () => {
	it('keeps its good rows in order and sets every other one aside', () => {
		const row = fc.record({
			stream: fc.nat(2),
			tMicros: fc.constantFrom(NOW, 0, NOW * 2),
			v: fc.constantFrom(1.5, NaN, -Infinity),
			quality: fc.constantFrom(0, 64, 192, 5 as never),
		});
		fc.assert(
			fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
				const bytes = new Uint8Array(rows.length * ROW_BYTES);
				rows.forEach((one, i) => writeRow(viewOf(bytes), i * ROW_BYTES, { ...one, v: one.v === 1.5 ? i : one.v }));
				const isGood = (one: (typeof rows)[number]) =>
					one.stream !== 1 && one.tMicros === NOW && one.v === 1.5 && [0, 64, 192].includes(one.quality);
				const batch = encodeBatch({ seq: 1, rows: bytes, count: rows.length, historical: true });
				const { record, good, refused } = checkBatch(batch, { slots, nowMicros: NOW });
				const wanted = rows.flatMap((one, i) => (isGood(one) ? [i] : []));
				expect(good).toBe(wanted.length);
				expect(refused.map(({ row: at }) => at)).toEqual(rows.flatMap((one, i) => (isGood(one) ? [] : [i])));
				if (record === undefined) return;
				const view = viewOf(record);
				expect(readRowsHeader(view)).toEqual({ receivedMicros: NOW, historical: true, count: good });
				expect(wanted.map((_, i) => rowValue(view, ROWS_HEADER_BYTES + i * ROW_BYTES))).toEqual(wanted);
			}),
		);
	});
});
