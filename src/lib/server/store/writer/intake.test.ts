import { describe, expect, it, vi } from 'vitest';
import { encodeRowsRecord } from '#contracts/rows.ts';
import type { JournalRecord } from '#server/journal/port.ts';
import { createIntake } from './intake.ts';

const never = new AbortController().signal;
const limits = { enoughRows: 10, lingerMs: 250, restMs: 1000, maxRows: 100, maxRecords: 1000, maxBytes: 1e9 };
const record = (seq: number, rows: number): JournalRecord => ({
	...{ seq, topic: 'points', partition: 0 },
	bytes: encodeRowsRecord(
		Array.from({ length: rows }, (_, i) => ({ stream: 1, tMicros: i, v: 1, quality: 192 as const })),
		{ receivedMicros: 1, historical: false },
	),
});
const seqs = (records: readonly JournalRecord[]) => records.map(({ seq }) => seq);

/** Whether a promise is still open once everything that can go on has. */
async function isOpen(promise: Promise<unknown>): Promise<boolean> {
	let open = true;
	void promise.then(() => (open = false));
	for (let i = 0; i < 20; i += 1) await Promise.resolve();
	return open;
}

describe('the intake of the store writer', () => {
	it('gives what there is as soon as it is enough', async () => {
		const intake = createIntake(limits);
		const taken = intake.take(never);
		await intake.add([record(1, 4), record(2, 6)], never);
		expect(seqs(await taken)).toEqual([1, 2]);
	});

	it('gives little only once it has lingered', async () => {
		vi.useFakeTimers();
		const intake = createIntake(limits);
		const taken = intake.take(never);
		await intake.add([record(1, 4)], never);
		vi.advanceTimersByTime(249);
		expect(await isOpen(taken)).toBe(true);
		vi.advanceTimersByTime(1);
		expect(seqs(await taken)).toEqual([1]);
		vi.useRealTimers();
	});

	it('gives little at most so often, however it trickles', async () => {
		vi.useFakeTimers();
		const intake = createIntake(limits);
		await intake.add([record(1, 4)], never);
		vi.advanceTimersByTime(250);
		await intake.take(never);
		const next = intake.take(never);
		await intake.add([record(2, 4)], never);
		vi.advanceTimersByTime(999);
		expect(await isOpen(next)).toBe(true);
		vi.advanceTimersByTime(1);
		expect(seqs(await next)).toEqual([2]);
		vi.useRealTimers();
	});

	it('but much as soon as it is there', async () => {
		const intake = createIntake(limits);
		for (const seq of [1, 2, 3]) {
			await intake.add([record(seq, 10)], never);
			expect(seqs(await intake.take(never))).toEqual([seq]);
		}
	});

	it('takes in while an insert is under way, and the next insert is as large as what came', async () => {
		const intake = createIntake(limits);
		await intake.add([record(1, 10)], never);
		await intake.take(never);
		for (let seq = 2; seq < 10; seq += 1) await intake.add([record(seq, 10)], never);
		expect(intake.waiting()).toEqual({ records: 8, rows: 80 });
		expect(await intake.take(never)).toHaveLength(8);
	});

	const f = async (bound: Partial<typeof limits>, records: readonly JournalRecord[], room: number) => {
		const intake = createIntake({ ...limits, ...bound });
		const added = intake.add(records, never);
		expect(await isOpen(added)).toBe(true);
		expect(intake.waiting().records).toBe(room);
		await intake.take(never);
		await added;
		expect(intake.waiting().records).toBe(records.length - room);
	};
	it('holds no more rows than it may', () => f({}, [record(1, 60), record(2, 60), record(3, 1)], 2));
	it('holds no more records than it may', () => f({ maxRecords: 2 }, [record(1, 1), record(2, 1), record(3, 1)], 2));
	it('holds no more bytes than it may', () => f({ maxBytes: 100 }, [record(1, 9), record(2, 9)], 1));

	it('lets go of everybody at the end', async () => {
		const ending = new AbortController();
		const intake = createIntake(limits);
		const taken = intake.take(ending.signal);
		ending.abort();
		expect(await taken).toEqual([]);
		const full = intake.add([record(1, 100), record(2, 1)], ending.signal);
		await full;
	});
});
