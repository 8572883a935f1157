import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { createQueue, type Queue } from './queue.ts';
import { createRefused, type Refused } from './refused.ts';
import { createSender, type Sender } from './sender.ts';
import { createSpool, type Spool } from './spool.ts';
import { encodeRows, type Part } from './spool-part.ts';
import { createTestHub, type TestHub } from './testing/hub.ts';
import { until } from '#tests/support/until.ts';

const clock = systemClock();
let folder: string;
let hub: TestHub;
let spool: Spool;
let queue: Queue;
let refused: Refused;
let sender: Sender | undefined;
const faults: string[] = [];

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'sender-'));
	faults.length = 0;
	hub = await createTestHub();
	let epochs = 0;
	spool = createSpool({
		file: join(folder, 'queue.sqlite'),
		capBytes: 1e9,
		whenFull: 'block',
		newEpoch: () => `epoch-${++epochs}`,
		nowMs: Date.now,
		onDamaged: () => {},
	});
	queue = createQueue({ spool, clock, everyMs: 1, onError: (message) => faults.push(message) });
	refused = createRefused({ folder: join(folder, 'refused'), collector: 'line-3', hubUrl: hub.url });
});
afterEach(async () => {
	queue.close();
	await sender?.stop();
	sender = undefined;
	spool.close();
	await hub.close();
	rmSync(folder, { recursive: true });
});

function start(hubUrl = hub.url): Sender {
	sender = createSender({
		hubUrl,
		key: 'secret-key',
		collector: 'line-3',
		site: undefined,
		spool,
		queue,
		refused,
		drain: { waitMs: () => 0 },
		clock,
		// The shortest waits that the backoff gives.
		random: () => 0,
		ackWithinMs: 100,
		onFault: (message) => faults.push(message),
		onConnected: () => {},
	});
	return sender;
}

const stream = (key: string) => spool.streamId({ key, unit: '', labels: {}, kind: 'machine' });
const rows = (key: string, ...values: number[]): Part => ({
	kind: 'rows',
	body: encodeRows(values.map((v) => ({ stream: stream(key), tMicros: 1e15 + v, v, quality: 192 }))),
	historical: false,
});
const write = (...parts: Part[]) => queue.write({ parts, cursor: undefined });
const arrived = () => hub.points.map(({ key, v }) => `${key} ${v}`);

describe('the sender', () => {
	it('says who it is and sends what waits', async () => {
		await write(rows('a', 1), rows('b', 2));
		start();
		await until(() => hub.points.length === 2);
		expect(arrived()).toEqual(['a 1', 'b 2']);
		expect(hub.hellos).toEqual([{ collector: 'line-3', epoch: 'epoch-1', authorization: 'Bearer secret-key' }]);
	});

	it('declares a stream that comes later before its first point', async () => {
		start();
		await write(rows('a', 1));
		await until(() => hub.points.length === 1);
		await write(rows('late', 2), {
			kind: 'gaps',
			gaps: [{ stream: stream('later'), from: 1e15, to: 2e15, reason: 'off' }],
		});
		await until(() => hub.gaps.length === 1);
		expect([...arrived(), hub.gaps[0]?.key, hub.gaps[0]?.reason]).toEqual(['a 1', 'late 2', 'later', 'off']);
		expect(hub.offences).toEqual([]);
	});

	it('empties the queue once all is acknowledged', async () => {
		start();
		await write(rows('a', 1, 2, 3));
		await until(() => spool.stats().depth === 0);
		expect(hub.points).toHaveLength(3);
	});

	it('sends no message that is larger than the hub wants', async () => {
		hub.manners.maxBytes = 100;
		start();
		await write(rows('a', ...Array.from({ length: 50 }, (_, i) => i)));
		await until(() => hub.points.length === 50);
		expect(Math.max(...hub.frameBytes)).toBeLessThanOrEqual(100);
	});

	it('comes back after each loss of the connection, and sends only what the hub does not have', async () => {
		start();
		for (let v = 0; v < 5; v++) {
			await write(rows('a', v));
			await until(() => hub.points.length === v + 1);
			hub.cutAll();
		}
		expect(arrived()).toEqual(['a 0', 'a 1', 'a 2', 'a 3', 'a 4']);
		expect([hub.hellos.length > 1, hub.offences]).toEqual([true, []]);
	});

	it('asks again what the hub has when an acknowledgement does not come', async () => {
		let drops = 0;
		hub.manners.dropAck = () => drops++ === 0;
		start();
		await write(rows('a', 1));
		await until(() => spool.stats().depth === 0);
		expect([arrived(), hub.hellos.length]).toEqual([['a 1'], 2]);
	});

	it('waits as long as the hub says, and keeps the order', async () => {
		let retries = 0;
		hub.manners.retry = () => retries++ < 3;
		start();
		for (let v = 0; v < 20; v++) void write(rows('a', v));
		await until(() => hub.points.length === 20);
		expect(hub.points.map((point) => point.v)).toEqual(Array.from({ length: 20 }, (_, v) => v));
		expect(retries).toBeGreaterThan(3);
	});

	it('keeps what is refused in a folder, in the words of the API, and leaves a gap', async () => {
		hub.manners.refuse = (seq) => seq === 2;
		start();
		for (let v = 1; v <= 3; v++) {
			await write(rows('a', v));
			await until(() => hub.frameBytes.length === v);
		}
		await until(() => spool.stats().depth === 0 && hub.gaps.length === 1);
		expect(arrived()).toEqual(['a 1', 'a 3']);
		expect(hub.gaps).toMatchObject([
			{ key: 'a', from: 1e15 + 2, to: 1e15 + 2, reason: 'refused by the hub: bad manners' },
		]);
		const [lines = '', why = ''] = readdirSync(join(folder, 'refused')).sort();
		expect(readFileSync(join(folder, 'refused', why), 'utf8')).toContain('Why:   bad manners\n');
		expect(JSON.parse(readFileSync(join(folder, 'refused', lines), 'utf8'))).toEqual({
			stream: 'a',
			t: '2001-09-09T01:46:40.000002Z',
			v: 2,
			quality: 192,
			unit: '',
			labels: {},
		});
		expect([refused.count(), faults.join()]).toEqual([1, expect.stringContaining('refused batch 2')]);
	});

	it('begins a new numbering when the hub knows more than was ever sent, as after an older copy of the queue', async () => {
		start();
		await write(rows('a', 1));
		await until(() => spool.stats().depth === 0);
		hub.pretend(77);
		hub.cutAll();
		await write(rows('a', 2));
		await until(() => hub.points.length === 2);
		expect([hub.hellos.at(-1)?.epoch, arrived(), hub.offences]).toEqual(['epoch-2', ['a 1', 'a 2'], []]);
	});

	it('sends no more of what the hub turns out to have', async () => {
		hub.manners.dropAck = () => true;
		start();
		await write(rows('a', 1));
		await until(() => hub.points.length === 1);
		expect(spool.stats().depth).toBe(1);
		hub.cutAll();
		await until(() => spool.stats().depth === 0);
		expect([arrived(), hub.frameBytes.length]).toEqual([['a 1'], 1]);
	});

	it('begins a new numbering when the hub has lost its memory, and sends all that was not acknowledged', async () => {
		start();
		await write(rows('a', 1));
		await until(() => spool.stats().depth === 0);
		hub.forget();
		hub.cutAll();
		await write(rows('a', 2));
		await until(() => hub.points.length === 2);
		expect(hub.hellos.at(-1)?.epoch).toBe('epoch-2');
		expect(hub.offences).toEqual([]);
	});

	it('says what to do when nothing listens', async () => {
		await hub.close();
		start();
		await until(() => faults.length > 0);
		expect(faults[0]).toMatch(/^cannot send to the hub at ws:.*\/api\/v1\/collect: nothing listens there/);
		expect(sender?.isConnected()).toBe(false);
	});

	it('says what to do when the key is not known, without the key, and goes on trying', async () => {
		hub.manners.unauthorized = true;
		await write(rows('a', 1));
		start();
		await until(() => faults.length > 0);
		expect(faults[0]).toContain('it does not know the key (401)');
		expect(faults.join()).not.toContain('secret-key');
		hub.manners.unauthorized = false;
		await until(() => hub.points.length === 1);
	});

	it('marks history', async () => {
		start();
		await write({ ...rows('a', 1), historical: true } as Part, rows('a', 2));
		await until(() => hub.points.length === 2);
		expect(hub.points.map((point) => point.historical)).toEqual([true, false]);
	});
});
