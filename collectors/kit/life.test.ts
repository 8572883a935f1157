import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError } from '#contracts/error.ts';
import { systemClock } from './clock.ts';
import { collectorType, type Collector, type Emitter } from './collector.ts';
import { createLife, type Life, type LifeOptions } from './life.ts';
import { counter } from './testing/counter.ts';
import { createTestHub, type TestHub } from './testing/hub.ts';
import { until } from '#tests/support/until.ts';

let folder: string;
let hub: TestHub;
let lives: Life[] = [];
const logged: string[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(String(JSON.parse(line).msg)) });

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'life-'));
	hub = await createTestHub();
	logged.length = 0;
});
afterEach(async () => {
	await Promise.all(lives.map((life) => life.stop()));
	lives = [];
	await hub.close();
	rmSync(folder, { recursive: true });
});

function live(start: Collector['start'], options: Partial<LifeOptions> = {}): Life {
	const life = createLife({
		name: 'device',
		typeName: 'test',
		type: collectorType(z.unknown(), () => ({ start })),
		options: {},
		spoolOptions: {},
		site: undefined,
		hubUrl: hub.url,
		key: 'key',
		spoolFolder: folder,
		log,
		clock: quick(),
		random: () => 0,
		...options,
	});
	lives.push(life);
	return life;
}

/** Waits between attempts are over at once; deadlines stay. */
function quick() {
	const clock = systemClock();
	return {
		...clock,
		sleep: (ms: number, signal: AbortSignal) => clock.sleep(ms < 5000 ? Math.min(ms, 10) : ms, signal),
	};
}

const NOW = Date.now() * 1000 - 60e6;
const emit = (emitter: Emitter, n: number) =>
	emitter.emit({
		seen: [{ stream: emitter.stream({ key: 'a' }), tMicros: NOW + n, v: n, quality: 192 }],
		cursor: n,
	});
const aborted = (signal: AbortSignal) =>
	new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));

describe('a collector', () => {
	it('that crashes is started again with its cursor, and its error is told once', async () => {
		let starts = 0;
		const life = live(async (emitter, signal) => {
			const n = Number(emitter.cursor() ?? 0) + 1;
			await emit(emitter, n);
			if (++starts < 5) throw new Error('cannot read "plc:502": it hung up');
			await aborted(signal);
		});
		await until(() => hub.points.length === 5);
		expect(hub.points.map((point) => point.v)).toEqual([1, 2, 3, 4, 5]);
		expect(life.status()).toMatchObject({
			state: 'running',
			restarts: 4,
			points: 5,
			lastError: { source: 'collector', message: 'cannot read "plc:502": it hung up' },
		});
		expect(logged).toEqual(['cannot read "plc:502": it hung up']);
	});

	it('that crashes with emissions under way repeats none of them', async () => {
		let starts = 0;
		live(async (emitter, signal) => {
			const n = Number(emitter.cursor() ?? 0);
			for (let i = 1; i <= 10; i++) void emit(emitter, n + i);
			await Promise.resolve();
			if (++starts < 4) throw new Error('crash');
			await aborted(signal);
		});
		await until(() => hub.points.length >= 40);
		expect(hub.points.map((point) => point.v)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
	});

	it('that crashes does not stop another', async () => {
		live(() => Promise.reject(new Error('crash')));
		const other = live((emitter) => emit(emitter, 1), { name: 'other' });
		await until(() => other.status().state === 'ended' && hub.points.length === 1);
	});

	it('that a person has to mend is not tried again', async () => {
		let starts = 0;
		const life = live(() => {
			starts++;
			throw new ConfigError('there is no node "ns=2;s=Load"; browse the server for its name');
		});
		await until(() => life.status().state === 'misconfigured');
		expect([starts, life.status().lastError?.message]).toEqual([1, expect.stringContaining('browse the server')]);
	});

	it('with wrong options says which', async () => {
		const life = live(() => Promise.resolve(), { type: counter, options: { until: 'x', fromMicros: 1 } });
		await until(() => life.status().state === 'misconfigured');
		expect(life.status().lastError?.message).toMatch(/^until: .*expected number/);
	});

	it('tells its first faults one by one, and counts the others', async () => {
		const life = live(async (emitter) => {
			for (let row = 1; row <= 100; row++) emitter.fault(`data.csv:${row}: no number`);
			await Promise.resolve();
		});
		await until(() => life.status().state === 'ended');
		expect([life.status().faults, life.status().lastError?.message]).toEqual([100, 'data.csv:100: no number']);
		expect(logged.filter((line) => line.startsWith('data.csv'))).toHaveLength(20);
	});

	it('of no known type says so', async () => {
		const life = live(() => Promise.resolve(), { type: undefined, typeName: 'telepathy' });
		await until(() => life.status().state === 'misconfigured');
		expect(life.status().lastError?.message).toBe('there is no collector type "telepathy"');
	});

	it('that has ended has its last points sent all the same', async () => {
		const life = live((emitter) => emit(emitter, 1));
		await until(() => hub.points.length === 1 && life.status().spool.depth === 0);
		expect(life.status()).toMatchObject({ state: 'ended', connected: true, lastError: null });
	});

	it('that does not end when it is told to is left behind, and can emit no more', async () => {
		const later = Promise.withResolvers<Emitter>();
		const life = live((emitter) => {
			later.resolve(emitter);
			return new Promise(() => {});
		});
		const emitter = await later.promise;
		await life.stop();
		await expect(emit(emitter, 1)).rejects.toThrow('after the collector has ended');
	});

	it('gathers while the hub is away, and says so once', async () => {
		const { url } = hub;
		await hub.close();
		const life = live(async (emitter, signal) => {
			for (let n = 1; n <= 3; n++) await emit(emitter, n);
			await aborted(signal);
		});
		await until(() => life.status().spool.depth === 3 && life.status().lastError !== null);
		expect(life.status()).toMatchObject({ connected: false, state: 'running', lastError: { source: 'hub' } });
		hub = await createTestHub(Number(new URL(url).port));
		await until(() => hub.points.length === 3 && life.status().lastError === null);
		expect(logged).toEqual([expect.stringContaining('is the hub running?')]);
	});

	it('waits for its queue while another process holds it', async () => {
		const first = live((_, signal) => aborted(signal));
		await until(() => first.status().state === 'running');
		const second = live((emitter) => emit(emitter, 1));
		await until(() => second.status().lastError?.message.includes('database is locked') === true);
		await first.stop();
		await until(() => hub.points.length === 1);
	});
});
