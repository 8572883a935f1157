import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../port.ts';
import { createTail } from './tail.ts';

const record = (seq: number, bytes = 1, more: Partial<JournalRecord> = {}): JournalRecord => ({
	seq,
	topic: 'points',
	partition: 0,
	bytes: new Uint8Array(bytes),
	...more,
});
const points = { topics: new Set(['points' as const]), partition: 0, maxRecords: 100, maxBytes: 1e9 };
const seqs = (found: ReturnType<ReturnType<typeof createTail>['find']>) => found?.records.map(({ seq }) => seq);

describe('tail', () => {
	it('knows nothing of what came before it', () => {
		const tail = createTail({ lastSeq: 7, maxRecords: 10, maxBytes: 1e6 });
		expect(tail.find({ ...points, fromSeq: 7 })).toBeUndefined();
		expect(tail.find({ ...points, fromSeq: 8 })).toEqual({ records: [], nextSeq: 8 });
	});

	it('gives only the wanted topic and partition, and says how far it has looked', () => {
		const tail = createTail({ lastSeq: 0, maxRecords: 10, maxBytes: 1e6 });
		tail.push(record(1));
		tail.push(record(2, 1, { topic: 'verdicts' }));
		tail.push(record(3, 1, { partition: 1 }));
		expect(seqs(tail.find({ ...points, fromSeq: 1 }))).toEqual([1]);
		expect(tail.find({ ...points, fromSeq: 2 })?.nextSeq).toBe(4);
	});

	it('a record larger than a batch is a batch of its own', () => {
		const tail = createTail({ lastSeq: 0, maxRecords: 10, maxBytes: 1e6 });
		tail.push(record(1, 500));
		tail.push(record(2, 500));
		expect(tail.find({ ...points, maxBytes: 10, fromSeq: 1 })).toMatchObject({ records: [{ seq: 1 }], nextSeq: 2 });
	});

	it('whatever its bounds, it gives the newest without a hole or says that it cannot', () => {
		const sizes = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 3000 });
		const bound = fc.integer({ min: 1, max: 200 });
		fc.assert(
			fc.property(sizes, bound, bound, fc.nat(3001), (bytes, maxRecords, maxBytes, fromSeq) => {
				const tail = createTail({ lastSeq: 0, maxRecords, maxBytes });
				bytes.forEach((size, i) => tail.push(record(i + 1, size)));
				const found = tail.find({ ...points, maxRecords: 1e9, fromSeq });
				if (!found || fromSeq > bytes.length) return;
				expect(seqs(found)).toEqual(Array.from({ length: bytes.length - fromSeq + 1 }, (_, i) => fromSeq + i));
			}),
		);
	});
});
