import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chartCode } from '#contracts/chart.ts';
import { FRAME_KIND } from '#contracts/live.ts';
import { pointsOf, startHub, type Hub } from '#server/http/testing/hub.ts';
import { until } from '#tests/support/until.ts';
import { openLive, type LiveClient } from './testing/client.ts';

const I = chartCode('i');
const MR = chartCode('mr');
let hub: Hub;
const clients: LiveClient[] = [];
let made = 0;

beforeAll(async () => {
	hub = await startHub({ plan: { baseline: { centre: 0, sigma: 1 }, rules: [1] } });
});
afterAll(() => hub.stop());
afterEach(async () => {
	for (const client of clients.splice(0)) await client.close();
});

async function client(key?: string): Promise<LiveClient> {
	const opened = await openLive(hub, key);
	clients.push(opened);
	return opened;
}

/** A stream of its own for each test. */
async function stream(values: readonly number[], endMs = Date.now() - 60_000): Promise<{ id: string; key: string }> {
	const key = `live-${++made}/v`;
	await hub.write(pointsOf(key, values, endMs));
	return { key, id: await hub.streamId(key) };
}

const values = (of: LiveClient, chart = I) => of.points(chart).map(({ v }) => v);

describe('a hello', () => {
	it('is answered with welcome, what is so now, and all points', async () => {
		const { id } = await stream([0, 1, 9, 2]);
		const reader = await client();
		reader.hello({ streams: [id] });
		await reader.complete(hub);
		expect(reader.order.slice(0, 4)).toEqual(['welcome', 'snapshot', 'frame 2', 'frame 1']);
		expect(reader.last('welcome')).toEqual({ epoch: hub.journal.generation, seq: 0, streams: [id], resumed: false });
		expect(values(reader)).toEqual([0, 1, 9, 2]);
		expect(values(reader, MR)).toEqual([1, 8, 7]);
		expect(reader.points(I)[2]).toMatchObject({ signals: 1, quality: 192, flags: 0 });
	});
	it('hears of limits, states and active violations', async () => {
		const { id } = await stream([0, 1, 9]);
		await until(async () => (await hub.metadata.violations.active([Number(id)])).length === 2);
		const reader = await client();
		reader.hello({ streams: [id] });
		await reader.complete(hub);
		const snapshot = reader.last('snapshot');
		expect(snapshot?.replacesPoints).toEqual([id]);
		expect(snapshot?.states).toEqual([{ stream: id, state: 'violating' }]);
		expect(snapshot?.limits).toContainEqual(expect.objectContaining({ chart: 'i', centre: 0, sigma: 1 }));
		expect(snapshot?.violations).toContainEqual(expect.objectContaining({ rule: 1, chart: 'i', active: true }));
	});
	it('gets as much history as it asks for', async () => {
		const { id } = await stream([1, 2, 3, 4, 5]);
		const reader = await client();
		reader.hello({ streams: [id], window: 2 });
		await reader.complete(hub);
		expect(values(reader)).toEqual([4, 5]);
	});
	it('in JSON has the same content', async () => {
		const { id } = await stream([0, 9]);
		const [binary, json] = [await client(), await client()];
		binary.hello({ streams: [id] });
		json.hello({ streams: [id], format: 'json' });
		await Promise.all([binary.complete(hub), json.complete(hub)]);
		expect(json.points(I)).toEqual(binary.points(I));
		expect(json.order.slice(0, 4)).toEqual(binary.order.slice(0, 4));
	});
	it('leaves unknown streams out and keeps the places of the others', async () => {
		const { id } = await stream([7]);
		const reader = await client();
		reader.hello({ streams: ['999999', 'x', id, id] });
		await reader.complete(hub);
		expect(reader.last('welcome')?.streams).toEqual(['', '', id, '']);
		expect(reader.last('error')?.detail).toMatch(/999999, x/);
		expect(reader.points(I, 2).map(({ v }) => v)).toEqual([7]);
	});
	it('replaces the one before', async () => {
		const [first, second] = [await stream([1]), await stream([2])];
		const reader = await client();
		reader.hello({ streams: [first.id] });
		await reader.complete(hub);
		reader.hello({ streams: [second.id] });
		await until(() => reader.points(I).length === 2);
		await hub.write(pointsOf(first.key, [11]));
		await hub.write(pointsOf(second.key, [22]));
		await until(() => values(reader).includes(22));
		expect(values(reader)).toEqual([1, 2, 22]);
	});
	it('of no stream at all is answered', async () => {
		const reader = await client();
		reader.hello({ streams: [] });
		await until(() => reader.last('welcome'));
	});
	const refused = async (message: string | Buffer) => {
		const reader = await client();
		reader.socket.send(message);
		expect((await reader.closed).code).toBe(1008);
		return reader.last('error')?.detail;
	};
	it('that is no JSON is told so', async () => expect(await refused('{')).toBe('the message is not JSON'));
	it('with a fault hears where', async () =>
		expect(await refused('{"hello":{"streams":["1"],"rateHz":0}}')).toMatch(/^\$\.hello\.rateHz: /));
	it('with something unknown is refused', async () =>
		expect(await refused('{"hello":{"streams":[],"site":"x"}}')).toMatch(/site/));
	it('in binary is refused', async () => expect(await refused(Buffer.from([1, 2]))).toMatch(/not JSON/));
	it('of any other kind harms nobody', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.oneof(
					fc.json(),
					fc.string(),
					fc.json().map((json) => `{"hello":${json}}`),
				),
				async (text) => {
					const reader = await client();
					reader.socket.send(text);
					await reader.closed;
				},
			),
			{ numRuns: 40 },
		);
		expect((await hub.request('/healthz')).status).toBe(200);
	});
	it('of more than a megabyte closes the socket', async () => {
		const reader = await client();
		reader.socket.send('x'.repeat(1024 * 1024 + 1));
		expect((await reader.closed).code).toBe(1009);
	});
});

describe('frames', () => {
	it('bring what is plotted from then on, once', async () => {
		const { id, key } = await stream([1]);
		const reader = await client();
		reader.hello({ streams: [id], rateHz: 60 });
		await reader.complete(hub);
		const start = Date.now() - 30_000;
		for (let i = 0; i < 20; i++) await hub.write([{ stream: key, t: (start + i) * 1000, v: i }]);
		await until(() => reader.points(I).length >= 21);
		expect(values(reader).slice(1)).toEqual([...Array(20).keys()]);
	});
	it('are the same bytes for all who ask for the same', async () => {
		const { id, key } = await stream([1]);
		const readers = [await client(), await client()];
		for (const reader of readers) reader.hello({ streams: [id] });
		for (const reader of readers) await reader.complete(hub);
		await hub.write(pointsOf(key, [5, 6]));
		for (const reader of readers) await until(() => values(reader).length === 3);
		const [a, b] = readers.map((reader) => reader.frames.at(-1)?.header);
		expect(a).toEqual(b);
	});
	it('come no faster than asked', async () => {
		const { id, key } = await stream([1]);
		const reader = await client();
		reader.hello({ streams: [id], rateHz: 2 });
		await reader.complete(hub);
		const before = reader.frames.length;
		const start = Date.now() - 30_000;
		for (let i = 0; i < 30; i++) await hub.write([{ stream: key, t: (start + i) * 1000, v: i }]);
		await until(() => values(reader).at(-1) === 29);
		expect(reader.frames.length - before).toBeLessThan(15);
		expect(reader.points(I)).toHaveLength(31);
	});
	it('say up to where they are complete, and never less than before', async () => {
		const { id, key } = await stream([1]);
		const reader = await client();
		reader.hello({ streams: [id], rateHz: 60 });
		for (let i = 0; i < 10; i++) await hub.write(pointsOf(key, [i], Date.now() - 10_000 + i));
		await reader.complete(hub);
		const seqs = reader.frames
			.filter(({ header }) => header.kind === FRAME_KIND.points)
			.map(({ header }) => header.seq);
		expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
	});
	it('also come when nothing does: a quiet reader knows that it is not cut off', async () => {
		const { id } = await stream([1]);
		const reader = await client();
		reader.hello({ streams: [id] });
		await reader.complete(hub);
		const before = reader.frames.length;
		await until(() => reader.frames.length > before);
		expect(reader.frames.at(-1)?.points).toEqual([]);
	});
	it('of an import beyond the window bring a new snapshot and no hole', async () => {
		const { id, key } = await stream([0], Date.now() - 86_400_000);
		const reader = await client();
		reader.hello({ streams: [id] });
		await reader.complete(hub);
		await hub.write(
			pointsOf(
				key,
				[...Array(5000).keys()].map((i) => i % 2),
			),
		);
		await reader.complete(hub);
		await until(() => (reader.last('snapshot')?.replacesPoints.length ?? 0) > 0 && reader.points(I).length > 1000);
		const seen = new Map(reader.points(I).map((point) => [point.tMicros, point.v]));
		const window = hub.engine.windows(Number(id)).find(({ chart }) => chart === 'i');
		expect(window?.tMicros.length).toBe(2000);
		for (const t of window?.tMicros ?? []) expect(seen.has(t)).toBe(true);
	});
});

describe('every reader', () => {
	it('gets what an encoder of its own would send it, whatever others ask for', async () => {
		const ids = [await stream([0, 1]), await stream([0])];
		const someIds = fc.uniqueArray(fc.constantFrom(0, 1), { minLength: 1 });
		const asking = fc.record({ of: someIds, rateHz: fc.constantFrom(60, 25), json: fc.boolean() });
		const writing = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: -5, max: 5 })), { maxLength: 30 });
		let t = Date.now() - 50_000;
		await fc.assert(
			fc.asyncProperty(fc.array(asking, { minLength: 1, maxLength: 6 }), writing, async (asked, written) => {
				const readers = await Promise.all(
					asked.map(async ({ of, rateHz, json }) => {
						const reader = await client();
						const streams = of.map((n) => ids[n]!.id);
						reader.hello({ streams, rateHz, window: 2000, format: json ? 'json' : 'binary' });
						return { reader, streams };
					}),
				);
				for (const [n, v] of written) await hub.write([{ stream: ids[n]!.key, t: ++t * 1000, v }]);
				for (const { reader } of readers) await reader.complete(hub);
				for (const { reader, streams } of readers)
					for (const [index, id] of streams.entries())
						for (const { chart, tMicros, v, signals, quality, flags } of hub.engine.windows(Number(id)))
							expect(reader.points(chartCode(chart), index)).toEqual(
								[...tMicros].map((at, i) => ({
									...{ index, chart: chartCode(chart), tMicros: at, v: v[i] },
									...{ signals: signals[i], quality: quality[i], flags: flags[i] },
								})),
							);
				for (const { reader } of readers) await reader.close();
			}),
			{ numRuns: 10 },
		);
	});
});

describe('a resume', () => {
	it('brings what was missed, and nothing twice', async () => {
		const { id, key } = await stream([1, 2]);
		const first = await client();
		first.hello({ streams: [id] });
		await first.complete(hub);
		const seq = first.seq();
		await first.close();
		await hub.write(pointsOf(key, [3, 4]));
		const again = await client();
		again.hello({ streams: [id], resume: { epoch: hub.journal.generation, seq } });
		await again.complete(hub);
		expect(again.last('welcome')).toMatchObject({ resumed: true, seq });
		expect(again.last('snapshot')?.replacesPoints).toEqual([]);
		expect(values(again)).toEqual([3, 4]);
		expect(again.order).not.toContain('frame 2');
	});
	it('of another epoch starts anew', async () => {
		const { id } = await stream([1, 2]);
		const reader = await client();
		reader.hello({ streams: [id], resume: { epoch: 'other', seq: 1 } });
		await reader.complete(hub);
		expect(reader.last('welcome')?.resumed).toBe(false);
		expect(values(reader)).toEqual([1, 2]);
	});
	it('from ahead of the journal, as after a restored backup, starts anew', async () => {
		const { id } = await stream([1, 2]);
		const reader = await client();
		reader.hello({ streams: [id], resume: { epoch: hub.journal.generation, seq: Number.MAX_SAFE_INTEGER } });
		await reader.complete(hub);
		expect(reader.last('welcome')).toMatchObject({ resumed: false, seq: 0 });
		expect(values(reader)).toEqual([1, 2]);
	});
	it('from further back than the window starts anew', async () => {
		const { id, key } = await stream([1], Date.now() - 86_400_000);
		const seq = hub.engine.position();
		await hub.write(pointsOf(key, Array<number>(2500).fill(0)));
		const reader = await client();
		reader.hello({ streams: [id], resume: { epoch: hub.journal.generation, seq } });
		await reader.complete(hub);
		expect(reader.last('welcome')?.resumed).toBe(false);
		expect(reader.points(I)).toHaveLength(2000);
	});
	it('after many cuts has every point once', async () => {
		const { id, key } = await stream([0]);
		const start = Date.now() - 30_000;
		let sent = 0;
		let running = true;
		const writing = (async () => {
			while (running) await hub.write([{ stream: key, t: (start + ++sent) * 1000, v: sent }]);
		})();
		const seen: number[] = [];
		let resume: { epoch: string; seq: number } | undefined;
		for (let cut = 0; cut < 8; cut++) {
			const reader = await client();
			reader.hello({ streams: [id], rateHz: 60, ...(resume ? { resume } : {}) });
			const goal = sent + 10;
			await until(() => values(reader).some((v) => v >= goal));
			// Only frames that are complete count: what came after the last of them comes again.
			seen.push(...values(reader));
			resume = { epoch: hub.journal.generation, seq: reader.seq() };
			await reader.close();
		}
		running = false;
		await writing;
		expect(seen).toEqual([...Array(seen.length).keys()]);
	});
});

describe('events', () => {
	it('tell of violations as they happen', async () => {
		const { id, key } = await stream([0, 0]);
		const reader = await client();
		reader.hello({ streams: [id] });
		await reader.complete(hub);
		await hub.write(pointsOf(key, [9]));
		const events = () => reader.texts.flatMap((text) => ('event' in text ? [text.event] : []));
		await until(() => events().some(({ type }) => type === 'violation.opened'));
		const opened = events().find(({ type, violation }) => type === 'violation.opened' && violation?.chart === 'i');
		expect(opened).toMatchObject({ stream: id, violation: { rule: 1, side: 'above', stream: { id, key } } });
		await hub.request(`/api/v1/violations/${opened?.violation?.id}/acknowledge`, { method: 'POST' });
		await until(() => events().some(({ type }) => type === 'violation.acknowledged'));
	});
	it('tell of a changed state', async () => {
		const { id, key } = await stream([0, 0]);
		const reader = await client();
		reader.hello({ streams: [id] });
		await reader.complete(hub);
		await hub.write(pointsOf(key, [9]));
		await until(() =>
			reader.texts.some((text) => 'event' in text && text.event.type === 'stream' && text.event.state === 'violating'),
		);
	});
	it('tell of new limits, in force from the next point on', async () => {
		const { id, key } = await stream([0, 0]);
		const reader = await client();
		reader.hello({ streams: [id] });
		await reader.complete(hub);
		const response = await hub.request(`/api/v1/streams/${id}/plan`, {
			method: 'PUT',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ baseline: { centre: 5, sigma: 2 } }),
		});
		expect(response.status).toBe(200);
		await hub.write(pointsOf(key, [5]));
		await until(() =>
			reader.texts.some((text) => 'event' in text && text.event.type === 'limits' && text.event.limits?.centre === 5),
		);
	});
	it('tell everyone of a new stream, so that lists grow while they are looked at', async () => {
		const { id } = await stream([0]);
		const reader = await client();
		reader.hello({ streams: [id] });
		await reader.complete(hub);
		const fresh = await stream([0]);
		await until(() =>
			reader.texts.some((text) => 'event' in text && text.event.type === 'stream' && text.event.stream === fresh.id),
		);
	});
	it('of other streams are not told', async () => {
		const [mine, other] = [await stream([0]), await stream([0])];
		const reader = await client();
		reader.hello({ streams: [mine.id] });
		await reader.complete(hub);
		await hub.write(pointsOf(other.key, [9]));
		await until(async () => (await hub.metadata.violations.active([Number(other.id)])).length > 0);
		await hub.write(pointsOf(mine.key, [1]));
		await until(() => values(reader).includes(1));
		expect(JSON.stringify(reader.texts.filter((text) => 'event' in text))).not.toContain(other.key);
	});
});

describe('a reader of one site', () => {
	it('hears nothing of another', async () => {
		const [a, b] = [await hub.createKey('a', ['read', 'write']), await hub.createKey('b', ['read'])];
		await hub.write(pointsOf('site-a/v', [1]), a);
		const id = await hub.streamId('site-a/v');
		const reader = await client(b);
		reader.hello({ streams: [id] });
		await until(() => reader.last('error'));
		await hub.write(pointsOf('site-a/v', [9], Date.now() + 1000), a);
		await until(async () => (await hub.metadata.violations.active([Number(id)])).length > 0);
		await reader.complete(hub);
		expect(reader.last('welcome')?.streams).toEqual(['']);
		expect(reader.frames.flatMap(({ points }) => points)).toEqual([]);
		expect(JSON.stringify(reader.texts)).not.toContain('site-a');
	});
});
