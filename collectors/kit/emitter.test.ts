import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { createEmitter, type EmitterCounts, type OpenEmitter } from './emitter.ts';
import { createQueue, type Queue } from './queue.ts';
import { decodeRows } from './spool-part.ts';
import { createSpool, type Spool } from './spool.ts';

const clock = systemClock();
let folder: string;
let spool: Spool;
let queue: Queue;
let open: OpenEmitter;
let counts: EmitterCounts;
const faults: string[] = [];

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'emitter-'));
	faults.length = 0;
	counts = { points: 0, gaps: 0, documents: 0, faults: 0, newest: null };
	spool = createSpool({
		file: join(folder, 'queue.sqlite'),
		capBytes: 2000,
		whenFull: 'block',
		newEpoch: () => 'epoch',
		nowMs: Date.now,
		onDamaged: () => {},
	});
	queue = createQueue({ spool, clock, everyMs: 1, onError: () => {} });
	open = createEmitter({ spool, queue, clock, counts, onFault: (message) => faults.push(message) });
});
afterEach(() => {
	queue.close();
	spool.close();
	rmSync(folder, { recursive: true });
});

const now = () => clock.nowMicros();
const point = (stream: number, v: number, tMicros = now()) => ({ stream, tMicros, v, quality: 192 as const });

describe('the emitter', () => {
	it('resolves when points and cursor are on disk', async () => {
		const stream = open.emitter.stream({ key: 'a' });
		await open.emitter.emit({ seen: [point(stream, 1)], cursor: { line: 7 } });
		expect([open.emitter.cursor(), spool.stats().depth, counts.points]).toEqual([{ line: 7 }, 1, 1]);
	});

	it('knows the newest value by its own time, with name and unit, and not one that is none', async () => {
		const [a, b] = ['a', 'b'].map((key) => open.emitter.stream({ key, unit: 'bar' })) as [number, number];
		const t = now();
		await open.emitter.emit({ seen: [point(a, 1, t), point(b, 2, t - 1000), point(b, NaN, t + 1)] });
		await open.emitter.emit({ seen: [point(b, 3, t - 5000)], historical: true });
		expect(counts.newest).toEqual({ stream: 'a', unit: 'bar', v: 1, tMicros: t });
		await open.emitter.emit({ seen: [point(b, 4, t + 2)] });
		expect(counts.newest).toEqual({ stream: 'b', unit: 'bar', v: 4, tMicros: t + 2 });
	});

	it('makes a gap of a value that is none', async () => {
		const stream = open.emitter.stream({ key: 'a' });
		await open.emitter.emit({ seen: [point(stream, NaN), point(stream, Infinity), point(stream, 1)] });
		expect(counts).toMatchObject({ points: 1, gaps: 2, documents: 0, faults: 0 });
	});

	it('keeps a point with an impossible time to itself, and says so', async () => {
		const stream = open.emitter.stream({ key: 'a/b' });
		await open.emitter.emit({
			seen: [point(stream, 1, 5), point(stream, 2, 253_000_000_000_000_000), point(stream, 3)],
		});
		expect(counts).toMatchObject({ points: 1, gaps: 0, documents: 0, faults: 2 });
		expect(faults[0]).toMatch(/^a\/b: time 1970-01-01T00:00:00.000005Z is before 1971/);
	});

	it('refuses a name that is none', () =>
		expect(() => open.emitter.stream({ key: '<b>' })).toThrow(/cannot use this name for a stream: .*; choose another/));

	it('waits while the queue is full', async () => {
		const stream = open.emitter.stream({ key: 'a' });
		await open.emitter.emit({ seen: Array.from({ length: 90 }, (_, i) => point(stream, i)) });
		let isDone = false;
		const waiting = open.emitter.emit({ seen: [point(stream, 1), point(stream, 2)] }).then(() => (isDone = true));
		queue.setWindow({ messages: 9, bytes: 1e6, maxBytes: 1e6 });
		await new Promise<void>((resolve) => queue.onCommit(resolve));
		expect(isDone).toBe(false);
		queue.acknowledge(1);
		await waiting;
		expect(spool.stats().depth).toBe(2);
	});

	it('keeps notes as they were when the points were emitted', async () => {
		const stream = open.emitter.stream({ key: 'a' });
		const bytes = Uint8Array.from([1, 2]);
		const written = open.emitter.emit({ seen: [point(stream, 1)], notes: new Map([['n', bytes]]) });
		bytes[0] = 9;
		await written;
		expect([...(open.emitter.notes().get('n') ?? [])]).toEqual([1, 2]);
	});

	it('keeps the cursor as it was when the points were emitted', async () => {
		const stream = open.emitter.stream({ key: 'a' });
		const cursor = { line: 1 };
		const written = open.emitter.emit({ seen: [point(stream, 1)], cursor });
		cursor.line = 2;
		await written;
		expect(open.emitter.cursor()).toEqual({ line: 1 });
	});

	it('keeps emissions in their order, with history apart, in as few items as there can be', async () => {
		const [a, b] = [open.emitter.stream({ key: 'a' }), open.emitter.stream({ key: 'b' })];
		await Promise.all([
			open.emitter.emit({ seen: [point(a, 1)] }),
			open.emitter.emit({ seen: [point(b, 2)] }),
			open.emitter.emit({ seen: [point(a, 3)], historical: true }),
			open.emitter.emit({ seen: [point(a, NaN), point(b, 4)] }),
		]);
		queue.setWindow({ messages: 10, bytes: 1e6, maxBytes: 1e6 });
		await new Promise<void>((resolve) => queue.onCommit(resolve));
		const words = [1, 2, 3, 4].map((seq) => {
			const message = spool.message(seq);
			if (message.kind === 'gap') return `gap ${message.gap.reason}`;
			if (message.kind !== 'rows') return new TextDecoder().decode(message.body);
			return `${message.historical ? 'history' : 'now'} ${decodeRows(message.body).map(({ v }) => v)}`;
		});
		expect(words).toEqual(['now 1,2', 'history 3', 'gap no value: NaN', 'now 4']);
	});

	const line = (text: string, tMicros = now()) => ({ tMicros, source: 'plc', severity: null, text, attributes: {} });

	it('puts lines of logs on disk beside the points, and counts them', async () => {
		const a = open.emitter.stream({ key: 'a' });
		await open.emitter.emit({ seen: [point(a, 1)], logs: [line('one', 7e14), line('two', 8e14)], cursor: 1 });
		queue.setWindow({ messages: 10, bytes: 1e6, maxBytes: 1e6 });
		await new Promise<void>((resolve) => queue.onCommit(resolve));
		const message = spool.message(2);
		const text = message.kind === 'logs' ? new TextDecoder().decode(message.body) : '';
		const items = text.trimEnd().split('\n').map((one) => JSON.parse(one) as unknown); // prettier-ignore
		expect(items).toMatchObject([
			{ t: 7e14, source: 'plc', severity: null, text: 'one' },
			{ t: 8e14, text: 'two' },
		]);
		expect([counts, spool.nextSeq(2)]).toMatchObject([{ points: 1, gaps: 0, documents: 2, faults: 0 }, undefined]);
	});

	it('keeps a line that no hub would take to itself, and says so', async () => {
		const long = { ...line('x'), attributes: { a: 'x'.repeat(300_000) } };
		await open.emitter.emit({ seen: [], logs: [line('x', 5), long, line('good')] });
		expect([counts.documents, spool.stats().depth]).toEqual([1, 1]);
		expect(faults).toEqual([
			expect.stringMatching(/^log of plc: time 1970-01-01T00:00:00.000005Z is before 1971/),
			expect.stringMatching(/^log of plc: a line of 300\d+ bytes; 262144 are allowed/),
		]);
	});

	it('takes nothing of an emission with a stream that was never declared', async () => {
		const stream = open.emitter.stream({ key: 'a' });
		await expect(open.emitter.emit({ seen: [point(stream, 1), point(7, 1)], cursor: 1 })).rejects.toThrow(
			'the queue has no stream 7',
		);
		expect([open.broken.aborted, spool.stats().depth, open.emitter.cursor()]).toEqual([true, 0, undefined]);
	});

	it('takes nothing after its end', async () => {
		await open.close();
		await expect(open.emitter.emit({ seen: [] })).rejects.toThrow('after the collector has ended');
	});

	it('takes nothing after something was lost, so that no cursor passes over it', async () => {
		const stream = open.emitter.stream({ key: 'a' });
		const first = open.emitter.emit({ seen: Array.from({ length: 90 }, () => point(stream, 1)), cursor: 1 });
		await first;
		const lost = open.emitter.emit({ seen: Array.from({ length: 90 }, () => point(stream, 2)), cursor: 2 });
		queue.close();
		await expect(lost).rejects.toThrow('the queue is closed');
		expect(open.broken.aborted).toBe(true);
		await expect(open.emitter.emit({ seen: [], cursor: 3 })).rejects.toThrow('the queue is closed');
		expect(open.emitter.cursor()).toBe(1);
	});
});
