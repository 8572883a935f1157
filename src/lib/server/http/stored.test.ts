import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiPoints } from '#contracts/api.ts';
import { openLive } from '#server/live/testing/client.ts';
import { createStore } from '#server/store/client.ts';
import { startTestServer, type TestServer } from '#server/store/embedded/testing.ts';
import type { Store } from '#server/store/port.ts';
import { createStoreWriter } from '#server/store/writer.ts';
import { until } from '#tests/support/until.ts';
import { pointsOf, startHub, type Hub } from './testing/hub.ts';

const COUNT = 3000;
const log = pino({ level: 'silent' });
const now = () => Date.now() * 1000;
let folder: string;
let server: TestServer;
let store: Store;
let hub: Hub;
let id: string;
let sent: { t: number; v: number }[];

/** Three thousand points are stored, five more are only judged. */
beforeAll(async () => {
	server = await startTestServer();
	folder = await mkdtemp(join(tmpdir(), 'stored-'));
	store = openStore();
	await store.migrate();
	hub = await startHub({ store, folder, plan: { baseline: { centre: 50, sigma: 20 }, rules: [1] } });
	const writer = createStoreWriter({ journal: hub.journal, store, partition: 0, log, registry: new Registry(), now });
	writer.start();
	const values = Array.from({ length: COUNT + 5 }, (_, i) => (i % 1000 === 500 ? 1000 : i % 100));
	const points = pointsOf('stored/v', values) as { t: number; v: number }[];
	sent = points;
	await hub.write(points.slice(0, COUNT));
	id = await hub.streamId('stored/v');
	await until(
		async () => (await store.countPoints({ streamId: Number(id), fromMicros: 0, toMicros: now() })) === COUNT,
	);
	// Verdicts stand behind the points that led to them.
	await hub.engine.caughtUp();
	const { lastSeq } = await hub.journal.stats();
	await until(() => writer.position() >= lastSeq);
	await writer.stop();
	const [from, to] = [points[1400]!.t + 1, points[1401]!.t - 1];
	const gap = { streamId: Number(id), fromMicros: from, toMicros: to, reason: 'no answer' };
	await store.insertGaps({ token: 'gap', gaps: [gap], receivedMicros: now() });
	await hub.write(points.slice(COUNT));
});
afterAll(async () => {
	await hub.stop();
	await server.stop();
	await rm(folder, { recursive: true });
});

function openStore(): Store {
	const { url, username, password } = server.server;
	return createStore({ url, username, password, database: 'sigmascope', log, now });
}

const points = (query: string) => hub.get<ApiPoints>(`/api/v1/streams/${id}/points?${query}`);

describe('points that are stored and points that are not yet', () => {
	it('are thinned to points of their own by thin=lttb, with what stands out', async () => {
		const answer = await points(`from=${sent[0]?.t}&maxPoints=100&thin=lttb`);
		expect(answer.t).toHaveLength(100);
		expect(answer.thinned?.bucketMicros).toBe(0);
		expect([answer.t[0], answer.t.at(-1)]).toEqual([sent[0]?.t, sent.at(-1)?.t]);
		expect(answer.v.filter((v) => v === 1000)).toHaveLength(3);
		const valueAt = new Map(sent.map(({ t, v }) => [t, v]));
		expect(answer.t.map((t) => valueAt.get(t))).toEqual(answer.v);
		expect((await hub.request(`/api/v1/streams/${id}/points?thin=lttb`)).status).toBe(400);
	});

	it('are one answer', async () => {
		const answer = await points(`from=${sent[0]?.t}`);
		expect(answer.t).toEqual(sent.map(({ t }) => t));
		expect(answer.v).toEqual(sent.map(({ v }) => v));
		expect(answer.thinned).toBeNull();
	});
	it('are the last so many', async () =>
		expect((await points('last=2500')).t).toEqual(sent.slice(-2500).map(({ t }) => t)));
	it('have every signal once', async () => {
		const peaks = sent.filter(({ v }) => v === 1000).map(({ t }) => t);
		const answer = await points(`from=${sent[0]?.t}`);
		expect(answer.signals.filter(({ chart }) => chart === 'i').map(({ t }) => t)).toEqual(peaks);
	});
	it.each([
		[504, 0, 0],
		[505, 1, 0],
		[1999, 2, 1],
		[2001, 2, 1],
		[2505, 3, 1],
	])('the last %i have their own %i signals and %i gaps, remembered or not', async (last, signals, gaps) => {
		const answer = await points(`last=${last}`);
		expect(answer.signals.filter(({ chart }) => chart === 'i')).toHaveLength(signals);
		expect(answer.gaps).toHaveLength(gaps);
	});
	it('are given as they are when the few that are not stored are asked for', async () => {
		const answer = await points(`from=${sent[COUNT]?.t}&to=${sent[COUNT]!.t + 3 * 3_600_000_000}&maxPoints=10`);
		expect([answer.t, answer.thinned]).toEqual([sent.slice(COUNT).map(({ t }) => t), null]);
	});
	it('are thinned together, with the extremes kept', async () => {
		const answer = await points(`from=${sent[0]?.t}&maxPoints=100`);
		expect(answer.t.length).toBeLessThanOrEqual(100);
		expect(answer.thinned?.count.reduce((a, b) => a + b)).toBe(COUNT + 5);
		expect(Math.max(...(answer.thinned?.max ?? []))).toBe(1000);
		expect(Math.min(...(answer.thinned?.min ?? []))).toBe(0);
	});
	it('are thinned as the last so many', async () => {
		const answer = await points('last=2500&maxPoints=50');
		expect(answer.t.length).toBeLessThanOrEqual(50);
		expect(answer.thinned?.count.reduce((a, b) => a + b)).toBe(2500);
	});
	it('are not thinned when they are few enough', async () =>
		expect((await points('last=50&maxPoints=100')).thinned).toBeNull());
	it('of a stretch that nobody measured are none', async () => expect((await points('from=100&to=200')).t).toEqual([]));
});

describe('a chart that opens after a restart', () => {
	it('has its history from the store, before what the engine remembers', async () => {
		await hub.stop();
		hub = await startHub({ store: openStore(), folder });
		await hub.engine.caughtUp();
		const remembered = hub.engine.windows(Number(id)).find(({ chart }) => chart === 'i');
		expect(remembered?.truncated).toBe(true);
		expect(remembered?.tMicros.length).toBeLessThan(1500);
		const reader = await openLive(hub);
		reader.hello({ streams: [id], window: 1500 });
		await reader.complete(hub);
		expect(reader.points(0).map(({ tMicros }) => tMicros)).toEqual(sent.slice(-1500).map(({ t }) => t));
		const peaks = reader.points(0).filter(({ signals }) => signals !== 0);
		expect(peaks.map(({ v }) => v)).toEqual([1000]);
		const ranges = sent.map(({ v }, i) => Math.abs(v - (sent[i - 1]?.v ?? NaN)));
		expect(reader.points(1).map(({ v }) => v)).toEqual(ranges.slice(-reader.points(1).length));
		expect(reader.points(1).length).toBeGreaterThan(1490);
		await reader.close();
	});
});
