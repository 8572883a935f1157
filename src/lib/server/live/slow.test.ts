import type { Gauge } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { chartCode } from '#contracts/chart.ts';
import { FRAME_POINT_BYTES } from '#contracts/live.ts';
import { pointsOf, startHub, type Hub } from '#server/http/testing/hub.ts';
import { until } from '#tests/support/until.ts';
import { FULL_BYTES } from './link.ts';
import { openLive, type LiveClient } from './testing/client.ts';

const I = chartCode('i');
const plan = { baseline: { centre: 0, sigma: 1 }, rules: [1] };
let hub: Hub;
let clients: LiveClient[] = [];

afterEach(async () => {
	for (const client of clients) await client.close();
	clients = [];
	await hub.stop();
});

async function client(): Promise<LiveClient> {
	const opened = await openLive(hub);
	clients.push(opened);
	return opened;
}

async function metric(name: string): Promise<number> {
	const found = hub.registry.getSingleMetric(`sigmascope_live_${name}`) as Gauge;
	return (await found.get()).values[0]?.value ?? 0;
}

describe('a reader that does not read', () => {
	it('holds up nobody, costs little, and has all that counts when it reads again', async () => {
		hub = await startHub({ plan });
		let endMs = Date.now() - 300 * 86_400_000;
		const write = (values: readonly number[]) => hub.write(pointsOf('much/v', values, (endMs += values.length * 1000)));
		await write([0]);
		const id = await hub.streamId('much/v');
		const [slow, fast] = [await client(), await client()];
		for (const reader of [slow, fast]) reader.hello({ streams: [id], rateHz: 60 });
		for (const reader of [slow, fast]) await reader.complete(hub);

		slow.socket.pause();
		const quiet = Array<number>(1900).fill(0);
		let written = 1;
		await until(async () => {
			await write(quiet);
			written += quiet.length;
			await fast.complete(hub);
			return (await metric('skipped_total')) > 0;
		});
		await write([9, 0]);
		await fast.complete(hub);
		// Nobody who reads is sent anything anew, and nothing twice.
		expect(fast.points(I)).toHaveLength(written + 2);

		slow.socket.resume();
		await slow.complete(hub);
		const seen = new Set(slow.points(I).map(({ tMicros }) => tMicros));
		const window = hub.engine.windows(Number(id)).find(({ chart }) => chart === 'i');
		expect([...(window?.tMicros ?? [])].filter((t) => !seen.has(t))).toEqual([]);
		await until(() => JSON.stringify(slow.texts).includes('"rule":1'));
	});

	it('costs no more however much happens meanwhile, and then hears how things stand', async () => {
		hub = await startHub({ plan });
		let endMs = Date.now() - 300 * 86_400_000;
		const write = (values: readonly number[]) => hub.write(pointsOf('much/v', values, (endMs += values.length * 1000)));
		const storm = Array.from({ length: 100 }, (_, i) => (i % 2) * 9);
		await write([0]);
		const id = await hub.streamId('much/v');
		const reader = await client();
		reader.hello({ streams: [id], rateHz: 60 });
		await reader.complete(hub);
		const applied = async () =>
			until(async () => (await hub.metadata.violations.active([Number(id)])).length === 2 || undefined);

		reader.socket.pause();
		await until(async () => {
			await write(storm);
			return (await metric('skipped_total')) > 0;
		});
		await applied();
		const bytes = await metric('bytes_total');
		for (let i = 0; i < 30; i++) await write(storm);
		await applied();
		expect((await metric('bytes_total')) - bytes).toBeLessThan(2 * FULL_BYTES);

		reader.socket.resume();
		await reader.complete(hub);
		const seen = new Set(reader.points(I).map(({ tMicros }) => tMicros));
		const window = hub.engine.windows(Number(id)).find(({ chart }) => chart === 'i');
		expect([...(window?.tMicros ?? [])].filter((t) => !seen.has(t))).toEqual([]);
		const active = (await hub.metadata.violations.active([Number(id)])).map((one) => one.id).sort();
		await until(() => {
			const told = reader
				.last('snapshot')
				?.violations.map((one) => one.id)
				.sort();
			return told?.join() === active.join();
		});
	});

	it('is cut off when it neither reads nor answers', async () => {
		hub = await startHub({ plan, live: { pingMs: 40 } });
		await hub.write(pointsOf('v', [1]));
		const reader = await client();
		reader.hello({ streams: [await hub.streamId('v')] });
		await reader.complete(hub);
		reader.socket.pause();
		await until(async () => (await metric('stuck_total')) === 1);
		await until(async () => (await metric('readers')) === 0);
	});

	it('stays as long as it answers, however little comes', async () => {
		hub = await startHub({ plan, live: { pingMs: 20 } });
		const reader = await client();
		reader.hello({ streams: [] });
		let pings = 0;
		reader.socket.on('ping', () => pings++);
		await until(() => pings > 6);
		expect(await metric('stuck_total')).toBe(0);
	});

	it('that asks again and again has no more waiting than one that does not', async () => {
		hub = await startHub({ plan });
		await hub.write(pointsOf('v', Array<number>(2000).fill(0)));
		const id = await hub.streamId('v');
		const reader = await client();
		reader.socket.pause();
		const hellos = 300;
		const snapshotBytes = 2 * 2000 * FRAME_POINT_BYTES;
		for (let i = 0; i < hellos; i++) {
			reader.hello({ streams: [id], window: 2000 - (i % 2) });
			// A turn for the server, which would otherwise see only the last of them; the first are answered in full.
			if (i < 4) await until(async () => (await metric('bytes_total')) > i * snapshotBytes + snapshotBytes / 2);
			else await hub.request('/healthz');
		}
		expect(await metric('bytes_total')).toBeGreaterThan(FULL_BYTES);
		// The kernel takes some megabytes; what goes beyond them is bounded here.
		expect(await metric('bytes_total')).toBeLessThan((hellos * snapshotBytes) / 2);
		reader.socket.resume();
		await until(() => reader.texts.filter((text) => 'welcome' in text).length > 1 && reader.points(I).length >= 2000);
		await reader.complete(hub);
	});
});

describe('too many readers', () => {
	it('are turned away with the reason', async () => {
		hub = await startHub({ plan, live: { maxReaders: 1 } });
		await client();
		expect((await (await client()).closed).code).toBe(1013);
	});
});

describe('a reader that says nothing', () => {
	it('does not keep the server from ending', async () => {
		hub = await startHub({ plan });
		const reader = await client();
		hub.ports.live.close();
		expect((await reader.closed).code).toBe(1006);
	});
});
