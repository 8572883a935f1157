import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectorSchema } from '#contracts/config.ts';
import { systemClock } from './kit/clock.ts';
import { createTestHub, type TestHub } from './kit/testing/hub.ts';
import { until } from '#tests/support/until.ts';
import { COLLECTORS } from './registry.ts';
import { collectorFaults, createCollectors, type RunningCollectors } from './run.ts';

let folder: string;
let hub: TestHub;
let running: RunningCollectors;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'run-'));
	hub = await createTestHub();
	running = createCollectors({ log: pino({ level: 'silent' }), clock: systemClock(), random: () => 0 });
});
afterEach(async () => {
	await running.stop();
	await hub.close();
	rmSync(folder, { recursive: true });
});

const entry = (name: string, options: object = {}) =>
	collectorSchema.parse({ name, type: 'simulator', warmup: '2s', every: '50ms', ...options });
const configure = (...collectors: ReturnType<typeof entry>[]) =>
	running.configure({ hubUrl: hub.url, key: 'key', spoolFolder: folder, collectors });
const hellos = () => hub.hellos.map((hello) => hello.collector).sort();
const connected = (count: number) => running.status().collectors.filter((one) => one.connected).length === count;

describe('the collectors of a process', () => {
	it('each have a connection and a queue of their own', async () => {
		await configure(entry('a'), entry('b'));
		await until(() => connected(2) && hub.points.length > 100);
		expect([hellos(), hub.offences]).toEqual([['a', 'b'], []]);
		expect(running.status().collectors).toMatchObject([
			{ name: 'a', type: 'simulator', state: 'running' },
			{ name: 'b', type: 'simulator', state: 'running' },
		]);
	});

	it('go on untouched when the configuration changes elsewhere', async () => {
		await configure(entry('a'), entry('b'), entry('c'));
		await until(() => connected(3));
		await configure(entry('a'), entry('b', { every: '60ms' }), entry('d'));
		await until(() => connected(3));
		expect(running.status().collectors.map((one) => one.name)).toEqual(['a', 'b', 'd']);
		expect(hellos()).toEqual(['a', 'b', 'b', 'c', 'd']);
	});

	it('are gone when told to stop, and go on where they stood when they come back', async () => {
		await configure(entry('a'));
		await until(() => hub.points.length > 50);
		await running.stop();
		expect(running.status().collectors).toEqual([]);
		await configure(entry('a'));
		const before = hub.points.length;
		await until(() => hub.points.length > before + 50);
		const keys = new Set(hub.points.map((point) => `${point.key} ${point.tMicros}`));
		expect([keys.size, hub.offences]).toEqual([hub.points.length, []]);
	});
});

describe('the faults of an entry', () => {
	const f = (options: object) => collectorFaults(entry('a', options)).map(({ path, message }) => `${path} ${message}`);
	it('are none when it is right', () => expect(f({})).toEqual([]));
	it('name an option that is not known', () => expect(f({ sede: 1 })).toEqual(['$.sede there is no such option']));
	it('name a wrong value', () => expect(f({ seed: 'x' })).toEqual(['$.seed must be a number, not this value']));
	it('name a wrong option of the queue', () =>
		expect(f({ spool: { whenFull: 'explode' } })).toEqual([expect.stringMatching(/^\$\.spool\.whenFull /)]));
	it('name the types that there are', () =>
		expect(f({ type: 'telepathy' })).toEqual([
			`$.type there is no collector type "telepathy"; there are ${Object.keys(COLLECTORS).join(', ')}`,
		]));
});
