import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeCommand } from '#contracts/command.ts';
import { RetriableError } from '#contracts/error.ts';
import { planSchema, type PlanInput } from '#contracts/plan.ts';
import { FLAG } from '#contracts/point.ts';
import { encodeRowsRecord } from '#contracts/rows.ts';
import { encodeVerdicts } from '#contracts/verdict.ts';
import type { Signal } from '#contracts/verdict.ts';
import type { Journal, JournalRecord } from '#server/journal/port.ts';
import { createSqliteJournal } from '#server/journal/sqlite/journal.ts';
import { createRandom } from '#rules/testing/random.ts';
import { until } from '#tests/support/until.ts';
import type { StoreUnderTest } from './contract.ts';
import { silent } from './embedded/testing.ts';
import type { Store } from './port.ts';
import { startStoreUnderTest } from './testing/store.ts';
import { INTAKE_LIMITS } from './writer/intake.ts';
import { createStoreWriter } from './writer.ts';
import type { StoreWriter } from './writer.ts';

const declared = (plan: PlanInput) =>
	({
		type: 'stream',
		stream: { id: stream, site: 'a', key: 'k/s', labels: {}, asset: 'k', kind: 'machine', unit: '' },
		plan: planSchema.parse(plan),
		planRevision: 1,
	}) as const;
const now = () => Date.now() * 1000;
const T0 = 1_700_000_000_000_000;
const ever = (streamId: number) => ({ streamId, fromMicros: 0, toMicros: Number.MAX_SAFE_INTEGER });

let test: StoreUnderTest;
let store: Store;
let journal: Journal;
let folder: string;
/** Streams are not shared between tests, so that they need no order. */
let stream = 0;
const writers: StoreWriter[] = [];

beforeAll(async () => {
	test = await startStoreUnderTest(now);
	store = test.store;
	await store.migrate();
});
afterAll(() => test.stop());

beforeEach(async () => {
	stream += 1;
	folder = await mkdtemp(path.join(tmpdir(), 'sigmascope-writer-'));
	journal = await openJournal();
});
afterEach(async () => {
	for (const writer of writers.splice(0)) await writer.stop();
	await journal.close();
	await rm(folder, { recursive: true, force: true });
});

const openJournal = () =>
	createSqliteJournal({ file: path.join(folder, 'journal.db'), log: silent, now, reserveBytes: 0 });

function startWriter(over: Store = store, registry = new Registry()): StoreWriter {
	const writer = createStoreWriter({ journal, store: over, partition: 0, log: silent, registry, now });
	writers.push(writer);
	writer.start();
	return writer;
}

async function publish(points: readonly (readonly [t: number, v: number])[], historical = false): Promise<number> {
	const rows = points.map(([t, v]) => ({ stream, tMicros: T0 + t, v, quality: 192 as const }));
	const bytes = encodeRowsRecord(rows, { receivedMicros: now(), historical });
	return (await journal.publish({ topic: 'points', partition: 0, bytes })).seq;
}

const storedUpTo = (writer: StoreWriter, seq: number) => until(() => writer.position() >= seq);

async function refused(): Promise<readonly JournalRecord[]> {
	const found: JournalRecord[] = [];
	const reading = new AbortController();
	const { lastSeq } = await journal.stats();
	if ((await journal.lastSeq('refused', 0)) === 0) return [];
	const range = { topics: ['refused', 'points'], partition: 0, fromSeq: 1, signal: reading.signal } as const;
	for await (const records of journal.read(range)) {
		found.push(...records.filter(({ topic }) => topic === 'refused'));
		if ((records.at(-1)?.seq ?? 0) >= lastSeq) break;
	}
	return found;
}

describe('the store writer', () => {
	it('stores what is in the journal, with what is late flagged and what came again dropped', async () => {
		const writer = startWriter();
		await publish([
			[1, 10],
			[2, 20],
			[2, 21],
		]);
		await publish([[1.5e6, 30]], true);
		await storedUpTo(writer, await publish([[3, 40]]));
		const points = await store.points(ever(stream));
		expect([...points.v]).toEqual([10, 20, 40, 30]);
		expect([...points.flags]).toEqual([0, 0, FLAG.late, FLAG.historical]);
	});

	it('counts each point once in the rollups, whatever comes again and whenever', async () => {
		let cuts = 0;
		const cutting: Store = {
			...store,
			async insertPoints(insert) {
				await store.insertPoints(insert);
				if (++cuts % 2 === 1) throw new RetriableError('cut');
			},
		};
		const random = createRandom(7);
		const times = new Set<number>();
		for (let round = 0; round < 6; round++) {
			const some = Array.from({ length: 60 }, () => Math.floor(random() * 150) * 1e6);
			for (const t of some) times.add(t);
			const last = await publish(some.map((t) => [t, t / 1e6]));
			const writer = startWriter(round % 2 === 0 ? cutting : store);
			if (round % 2 === 0) {
				// Cut off with the insert made and its outcome unknown: the next one repeats it.
				const before = cuts;
				await until(() => cuts > before);
			} else await storedUpTo(writer, last);
			await writer.stop();
		}
		await storedUpTo(startWriter(), await publish([[1e9, 0]]));
		expect((await store.points(ever(stream))).v).toHaveLength(times.size + 1);
		for (const table of ['points_1m', 'points_1h'])
			expect(await test.count(`${table} ARRAY JOIN range(${table}.n) AS one WHERE stream_id = ${stream}`)).toBe(
				times.size + 1,
			);
	});

	it('does not call late what is judged because its stream waits for it, also where it begins anew', async () => {
		const waits = declared({ reorder: '10s' });
		const published = await journal.publishAll([{ topic: 'commands', partition: 0, bytes: encodeCommand(waits) }]);
		const seconds = (...all: number[]) => publish(all.map((second) => [second * 1e6, second]));
		const first = startWriter();
		await storedUpTo(first, Math.max(published[0]!.seq, await seconds(100, 95, 80)));
		await first.stop();
		await storedUpTo(startWriter(), await seconds(101, 96, 90));
		const { tMicros, flags } = await store.points(ever(stream));
		const late = Array.from(tMicros, (t, i) => ({ second: (t - T0) / 1e6, isLate: (flags[i]! & FLAG.late) !== 0 }));
		expect(late.filter(({ isLate }) => isLate).map(({ second }) => second)).toEqual([80, 90]);
		expect(late).toHaveLength(6);
	});

	it('asks for the plans where a version before noted nothing of those that wait', async () => {
		const options = { journal, store, partition: 0, log: silent, registry: new Registry(), now };
		const writer = createStoreWriter({ ...options, plans: () => Promise.resolve([declared({ reorder: '10s' })]) });
		writers.push(writer);
		writer.start();
		await storedUpTo(writer, await publish([[100e6, 1], [95e6, 2], [80e6, 3]])); // prettier-ignore
		expect([...(await store.points(ever(stream))).flags]).toEqual([FLAG.late, 0, 0]);
	});

	it('stores gaps and verdicts', async () => {
		const gap = { streamId: stream, fromMicros: T0, toMicros: T0 + 5, reason: 'disconnect' };
		const signal: Signal = {
			streamId: stream,
			chart: 'i',
			rule: 1,
			side: 'above',
			tMicros: T0,
			spanFromMicros: T0,
			v: 4,
			limitsId: 'L',
			baseline: false,
		};
		const verdicts = encodeVerdicts({ inputSeq: 1, verdicts: [{ type: 'signal', signal }] });
		await journal.publish({ topic: 'commands', partition: 0, bytes: encodeCommand({ type: 'gap', ...gap }) });
		const { seq } = await journal.publish({ topic: 'verdicts', partition: 0, bytes: verdicts });
		await storedUpTo(startWriter(), seq);
		expect(await store.gaps(ever(stream))).toEqual([gap]);
		expect(await store.signals(ever(stream))).toEqual([signal]);
	});

	it('goes on where another one ended, and knows what is late from the store', async () => {
		const first = startWriter();
		await storedUpTo(first, await publish([[5, 1]]));
		await first.stop();
		const last = await publish([
			[5, 2],
			[4, 3],
			[6, 4],
		]);
		await storedUpTo(startWriter(), last);
		const points = await store.points(ever(stream));
		expect([[...points.v], [...points.flags]]).toEqual([
			[3, 1, 4],
			[FLAG.late, 0, 0],
		]);
	});

	it('moves on over what is nothing for the store', async () => {
		const tick = encodeCommand({ type: 'tick', tMicros: 1 });
		const { seq } = await journal.publish({ topic: 'commands', partition: 0, bytes: tick });
		await storedUpTo(startWriter(), seq);
	});

	it('writes few and large inserts when it is behind', async () => {
		const record = (part: number) => publish(Array.from({ length: 1000 }, (_, i) => [part * 1000 + i, i] as const));
		let last = 0;
		for (let part = 0; part < 200; part += 1) last = await record(part);
		const sizes: number[] = [];
		const counting: Store = {
			...store,
			insertPoints: (insert) => (sizes.push(insert.rows.length / 30), store.insertPoints(insert)),
		};
		await storedUpTo(startWriter(counting), last);
		expect(sizes.reduce((sum, size) => sum + size)).toBe(200_000);
		expect(sizes.length).toBeLessThan(4);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(INTAKE_LIMITS.maxRows);
		expect(await store.countPoints(ever(stream))).toBe(200_000);
	});

	it('measures itself', async () => {
		const registry = new Registry();
		const writer = startWriter(store, registry);
		await storedUpTo(
			writer,
			await publish([
				[1, 1],
				[2, 2],
				[2, 2],
			]),
		);
		const text = await registry.metrics();
		expect(text).toContain('sigmascope_store_rows_total{partition="0"} 2');
		expect(text).toContain('sigmascope_store_duplicates_total{partition="0"} 1');
		expect(writer.lag()).toEqual({ records: 0, rows: 0, insertingMs: 0 });
	});
});

describe('an insert of unknown outcome', () => {
	/** The network fails after the store has done its work, so many times. */
	function cutAfter(times: number, sent: Buffer[] = []): Store {
		let left = times;
		return {
			...store,
			async insertPoints(insert) {
				sent.push(Buffer.from(insert.rows));
				await store.insertPoints(insert);
				if (left-- > 0) throw new RetriableError('cut');
			},
		};
	}
	const counted = () => test.count(`(SELECT arrayJoin(range(sum(n))) FROM points_1m WHERE stream_id = ${stream})`);

	it('is repeated, to the byte, and changes nothing', async () => {
		const sent: Buffer[] = [];
		await storedUpTo(
			startWriter(cutAfter(2, sent)),
			await publish([
				[2, 1],
				[1, 2],
				[2, 3],
			]),
		);
		expect(sent).toHaveLength(3);
		expect(sent[1]).toEqual(sent[0]);
		expect([...(await store.points(ever(stream))).flags]).toEqual([FLAG.late, 0]);
		expect(await counted()).toBe(2);
	});

	it('is repeated, to the byte, by the next writer too, although the store has its points by then', async () => {
		const sent: Buffer[] = [];
		const last = await publish([
			[2, 1],
			[1, 2],
			[3, 3],
		]);
		const first = startWriter(cutAfter(Infinity, sent));
		await until(() => sent.length > 0);
		await first.stop();
		const more = await publish([[4, 4]]);
		const second: Buffer[] = [];
		await storedUpTo(startWriter(cutAfter(0, second)), more);
		expect(more).toBeGreaterThan(last);
		expect(second[0]).toEqual(sent[0]);
		const points = await store.points(ever(stream));
		expect([[...points.v], [...points.flags]]).toEqual([
			[2, 1, 3, 4],
			[FLAG.late, 0, 0, 0],
		]);
		expect(await counted()).toBe(4);
	});

	it('is given up when the journal no longer has it, and what follows is stored', async () => {
		const sent: Buffer[] = [];
		const last = await publish([[1, 1]]);
		const first = startWriter(cutAfter(Infinity, sent));
		await until(() => sent.length > 0);
		await first.stop();
		await journal.trim({ topics: ['points'], partition: 0, beforeSeq: last + 1 });
		await storedUpTo(startWriter(), await publish([[2, 2]]));
		expect([...(await store.points(ever(stream))).v]).toEqual([1, 2]);
	});

	it('a second writer of the partition is noticed before it can do harm', async () => {
		const registry = new Registry();
		const writer = startWriter(store, registry);
		await storedUpTo(writer, await publish([[1, 1]]));
		await journal.put('writer/0', (await journal.get('writer/0'))?.value ?? new Uint8Array());
		await storedUpTo(writer, await publish([[2, 2]]));
		expect(await registry.metrics()).toContain('sigmascope_store_writer_restarts_total{partition="0"} 1');
		expect([...(await store.points(ever(stream))).v]).toEqual([1, 2]);
	});
});

describe('what the store refuses for its content', () => {
	it('is set aside, counted and never in the way of the rest', async () => {
		const registry = new Registry();
		const writer = startWriter(store, registry);
		const points = Array.from({ length: 500 }, (_, i) => [i, i === 100 || i === 321 ? NaN : i] as const);
		await storedUpTo(writer, await publish(points));
		await storedUpTo(writer, await publish([[1000, 1]]));
		expect(await store.countPoints(ever(stream))).toBe(499);
		const records = await refused();
		expect(records).toHaveLength(2);
		const kept = JSON.parse(Buffer.from(records[0]?.bytes ?? []).toString()) as Record<string, unknown>;
		expect(kept).toMatchObject({ table: 'points', code: 469, count: 1 });
		expect(Buffer.from(String(kept['items']), 'base64').readUInt32LE(0)).toBe(stream);
		expect(await registry.metrics()).toContain('sigmascope_store_refused_total{partition="0",table="points"} 2');
	});

	it('is set aside once, although the writer was cut off in the midst of it', async () => {
		let attempts = 0;
		const cutting: Store = {
			...store,
			async insertPoints(insert) {
				await store.insertPoints(insert);
				if ((attempts += 1) < 3) throw new RetriableError('cut');
			},
		};
		const last = await publish([
			[1, 1],
			[2, NaN],
			[3, 3],
			[4, 4],
		]);
		const first = startWriter(cutting);
		await until(() => attempts > 0);
		await first.stop();
		await storedUpTo(startWriter(), last);
		expect([...(await store.points(ever(stream))).v]).toEqual([1, 3, 4]);
		expect(await refused()).toHaveLength(1);
	});

	it('what cannot even be read is set aside too', async () => {
		await journal.publish({ topic: 'points', partition: 0, bytes: Buffer.from('not rows') });
		await storedUpTo(startWriter(), await publish([[1, 1]]));
		expect(await refused()).toHaveLength(1);
	});
});

describe('a store that is down', () => {
	it('is waited for; the journal takes everything meanwhile', async () => {
		let isDown = true;
		const fail = () => Promise.reject(new RetriableError('down'));
		const flaky: Store = {
			...store,
			lastTimes: () => (isDown ? fail() : store.lastTimes()),
			insertPoints: (insert) => (isDown ? fail() : store.insertPoints(insert)),
		};
		const registry = new Registry();
		const writer = startWriter(flaky, registry);
		await publish([[1, 1]]);
		await until(async () => /insert_failures_total\{partition="0"\} [1-9]/.test(await registry.metrics()));
		const last = await publish([[2, 2]]);
		expect(writer.position()).toBe(0);
		isDown = false;
		await storedUpTo(writer, last);
		expect([...(await store.points(ever(stream))).v]).toEqual([1, 2]);
	});
});
