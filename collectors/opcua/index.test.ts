import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#tests/support/until.ts';
import { systemClock } from '../kit/clock.ts';
import { runCollector, type RunningCollector } from '../kit/testing/run-collector.ts';
import { startTrial } from '../kit/trial.ts';
import { opcua } from './index.ts';
import { PLANT_URI } from './testing/plant-uri.ts';
import { startPlant, type Plant } from './testing/plant.ts';

const running: RunningCollector[] = [];
const folder = mkdtempSync(join(tmpdir(), 'opcua-'));
let plant: Plant;
beforeAll(async () => (plant = await startPlant()));
afterAll(async () => {
	await plant.remove();
	rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
	for (const one of running.splice(0)) await one.stop();
});

const node = (name: string) => `nsu=${PLANT_URI};s=${name}`;
const item = (name: string, more: object = {}) => ({
	node: node(name),
	stream: `cell/${name}`,
	every: '50ms',
	...more,
});
function begin(items: object[], more: object = {}, cursor?: unknown): RunningCollector {
	const config = { url: plant.url, silence: '2s', items, ...more };
	const started = runCollector(opcua, config, { cursor, folder });
	running.push(started);
	return started;
}
const has = (started: RunningCollector, key: string, count = 1) => until(() => started.points(key).length >= count);
/** Longest and shortest distance of its points, in milliseconds. */
const steps = (started: RunningCollector, key: string) => {
	const times = started.points(key).map(({ tMicros }) => tMicros);
	const distances = times.slice(1).map((t, i) => (t - (times[i] ?? 0)) / 1000);
	return { shortest: Math.min(...distances), longest: Math.max(...distances) };
};

describe.each(['subscribe', 'poll'])('values of a real server, method: %s', (method) => {
	it('are numbers of every kind', async () => {
		const names = ['Steady', 'Whole', 'Flag', 'Zone1.Pressure'];
		const started = begin(names.map((name) => item(name, { method })));
		for (const name of names) await has(started, `cell/${name}`, 2);
		expect(names.map((name) => started.values(`cell/${name}`)[0])).toEqual([5, 2 ** 32 + 2, 1, 3]);
		expect(started.faults).toEqual([]);
	});
	it('are repeated every interval when they do not change, so that a chart sees them', async () => {
		const started = begin([item('Steady', { method, every: '200ms' })]);
		await has(started, 'cell/Steady', 5);
		expect(new Set(started.values('cell/Steady'))).toEqual(new Set([5]));
		expect(steps(started, 'cell/Steady').shortest).toBeGreaterThanOrEqual(180);
		// A machine that is busy with other tests may leave out a poll.
		if (method === 'subscribe') expect(steps(started, 'cell/Steady').longest).toBeLessThanOrEqual(300);
	});
	it('that are no numbers are refused by name, and the others go on', async () => {
		const started = begin([
			item('Name', { method }),
			item('Vector', { method }),
			item('Nowhere', { method }),
			item('Steady', { method }),
		]);
		await has(started, 'cell/Steady', 3);
		await until(() => started.faults.length >= 3);
		expect(started.faults.map((fault) => fault.replace(/^ns=\d+/, 'ns')).sort()).toEqual([
			'ns;s=Name ("cell/Name"): String is no number',
			expect.stringMatching(/^ns;s=Nowhere.*BadNodeIdUnknown \(0x80340000\)/),
			'ns;s=Vector ("cell/Vector"): an array of Double is no number',
		]);
		expect(started.points('cell/Name')).toEqual([]);
	});
	it('that say what is in force are events when they change, and no stream', async () => {
		const items = [
			item('Name', { method, event: 'lot' }),
			item('Steady', { method, event: { kind: 'tool', title: 'T{value}' }, stream: 'press-1/tool' }),
			item('Mode', { method, event: 'mode' }),
		];
		const started = begin([...items, item('Count', { method })]);
		await has(started, 'cell/Count', 3);
		plant.order({ set: { Steady: 6 } });
		await until(() => started.events().length > 3);
		plant.order({ set: { Steady: 5 } });
		await until(() => started.events().length > 4);
		expect(started.events().sort()).toEqual([
			'lot press of cell',
			'mode set-up of cell',
			'tool T5 of press-1',
			'tool T5 of press-1',
			'tool T6 of press-1',
		]);
		expect(started.streams.filter((name) => !name.startsWith('cell/Count'))).toEqual([]);
	});
	it('that are bursts of samples are their features, one point for each burst however often it is read', async () => {
		const burst = { rate: 4000, features: ['rms', 'crest'], bands: { low: [10, 249], tone: [249, 251] } };
		const started = begin([item('Burst', { method, unit: 'g', burst })]);
		await has(started, 'cell/Burst/rms', 3);
		const names = ['rms', 'crest', 'band-low', 'band-tone'];
		const [rms = [], crest = [], low = [], tone = []] = names.map((name) => started.values(`cell/Burst/${name}`));
		const amplitudes = rms.map((v) => v * Math.SQRT2);
		// Each has an amplitude that is one more than the one before.
		expect(amplitudes).toEqual(amplitudes.map((_, i) => expect.closeTo(amplitudes[0]! + i, 4) as number));
		expect([crest[0], low[0], tone]).toEqual([
			expect.closeTo(Math.SQRT2, 4),
			expect.closeTo(0, 4),
			rms.map((v) => expect.closeTo(v, 4) as number),
		]);
		expect([started.faults.filter((text) => !/^asking every/.test(text)), started.streams[0]]).toEqual([
			[],
			'cell/Burst/rms g',
		]);
	});
});

describe('quality', () => {
	it('is the class of the StatusCode, which is kept as it came', async () => {
		const started = begin([item('Zone2.Pressure', { status: 'cell/status' })]);
		await has(started, 'cell/Zone2.Pressure', 2);
		plant.order({ status: { 'Zone2.Pressure': 'UncertainSensorNotAccurate' } });
		await until(() => started.points('cell/Zone2.Pressure').some(({ quality }) => quality === 64));
		plant.order({ status: { 'Zone2.Pressure': 'BadSensorFailure' } });
		await until(() => started.values('cell/status').includes(0x808c0000));
		plant.order({ status: { 'Zone2.Pressure': 'Good' } });
		await until(() => started.points('cell/Zone2.Pressure').at(-1)?.quality === 192);
		expect(new Set(started.values('cell/status'))).toEqual(new Set([0, 0x40930000, 0x808c0000]));
		expect(started.faults.map((fault) => fault.replace(/.*: /, ''))).toEqual([
			'UncertainSensorNotAccurate (0x40930000)',
			'BadSensorFailure (0x808c0000)',
		]);
	});
	it('without a value is a gap', async () => {
		const started = begin([item('Zone1.Pressure')]);
		await has(started, 'cell/Zone1.Pressure', 2);
		plant.order({ set: { 'Zone1.Pressure': null } });
		await until(() => started.gaps('cell/Zone1.Pressure').length > 0);
		plant.order({ set: { 'Zone1.Pressure': 3 } });
		await until(() => started.gaps('cell/Zone1.Pressure').length > 1);
		expect(started.gaps('cell/Zone1.Pressure').map(({ reason }) => reason)).toEqual(['no value', 'no value']);
	});
});

describe('changes', () => {
	it('come one by one, in order and none twice, and their stream says what they are', async () => {
		const started = begin([item('Steady', { trigger: 'change' })]);
		await has(started, 'cell/Steady');
		for (const value of [6, 7, 8, 9, 5]) {
			plant.order({ set: { Steady: value } });
			await until(() => started.values('cell/Steady').at(-1) === value);
		}
		expect(started.values('cell/Steady')).toEqual([5, 6, 7, 8, 9, 5]);
		expect(started.streams).toEqual(['cell/Steady reported=on change']);
		expect(steps(started, 'cell/Steady').shortest).toBeGreaterThan(0);
	});
	it('are as many as the server samples, and what it samples less often is said', async () => {
		const started = begin([item('Count', { every: '10ms' }), item('Steady', { every: '10ms' })]);
		await has(started, 'cell/Steady', 4);
		expect(started.faults).toEqual([
			expect.stringMatching(
				/^ns=\d+;s=Count and 1 others: asked for every 10 ms, the server samples every \d+ ms; that is/,
			),
		]);
		expect(steps(started, 'cell/Steady').shortest).toBeGreaterThan(40);
	});
	it('that are smaller than the deadband are not told', async () => {
		const started = begin([item('Steady', { trigger: 'change', deadband: 1 }), item('Count')]);
		await has(started, 'cell/Steady');
		plant.order({ set: { Steady: 5.5 } });
		plant.order({ set: { Steady: 7 } });
		await until(() => started.values('cell/Steady').includes(7));
		plant.order({ set: { Steady: 5 } });
		await until(() => started.values('cell/Steady').at(-1) === 5);
		expect(started.values('cell/Steady')).toEqual([5, 7, 5]);
	});
});

describe('browsing', () => {
	it('finds variables by their path, with the units that the server has', async () => {
		const started = begin([
			{ browse: 'Objects/Machine/**/Temperature', stream: 'cell/{parent}/{name}', every: '50ms' },
			{ browse: 'Objects/Machine/Zone*/Pressure', stream: 'cell/{parent}/p', every: '50ms', unit: 'bar' },
		]);
		await until(() => started.streams.length === 4);
		expect(started.streams.toSorted()).toEqual([
			'cell/Zone1/Temperature °C',
			'cell/Zone1/p bar',
			'cell/Zone2/Temperature °C',
			'cell/Zone2/p bar',
		]);
	});
	it('says what matches nothing, and what would be one stream', async () => {
		const started = begin([
			{ browse: 'Objects/Machine/**/Humidity' },
			{ browse: 'Objects/Machine/**/Temperature', stream: 'cell/{name}', every: '50ms' },
		]);
		await has(started, 'cell/Temperature');
		expect(started.faults.map((fault) => fault.replace(/ns=\d+/g, 'ns'))).toEqual([
			'browse "Objects/Machine/**/Humidity": no variable matches',
			'ns;s=Zone2.Temperature: "cell/Temperature" is the stream of ns;s=Zone1.Temperature already; put {parent} or {path} into "stream"',
		]);
	});
	it('does not take more than it was told to', async () => {
		const started = begin([{ browse: 'Objects/**', every: '1s' }, item('Steady')], { maxItems: 10 });
		await has(started, 'cell/Steady');
		expect(started.faults).toEqual([
			expect.stringMatching(/more than 10 variables match; narrow "browse" or raise "maxItems"/),
		]);
	});
});

describe('a server that goes away', () => {
	it('is come back to after kill -9, with its namespaces in another order, and waited for at the start', async () => {
		const items = [item('Steady'), { browse: 'Objects/Machine/Zone1/Temperature', stream: 'cell/t', every: '50ms' }];
		const started = begin(items);
		await has(started, 'cell/t', 3);
		await plant.kill();
		await until(() => started.faults.length > 0);
		const early = begin(items, {}, { atMicros: 1_700_000_000_000_000 });
		const before = started.points('cell/t').length;
		await plant.start(2);
		await has(started, 'cell/t', before + 3);
		await has(early, 'cell/Steady');
		const [gap] = started.gaps('cell/Steady');
		expect(gap?.reason).toMatch(/^no connection: /);
		const { fromMicros = 0, toMicros = 0 } = gap ?? {};
		const within = ({ tMicros }: { readonly tMicros: number }) => tMicros > fromMicros && tMicros < toMicros;
		expect(started.points('cell/Steady').filter(within)).toEqual([]);
		expect(steps(started, 'cell/Steady').shortest).toBeGreaterThan(0);
		expect(early.faults).toEqual([`${plant.url}: nothing listens there; is the server running?`]);
		const missed = { fromMicros: 1_700_000_000_000_000, reason: 'the collector was not running' };
		expect(early.gaps()[0]).toMatchObject(missed);
	});
	it('and is silent, though connected, gets a new session, and no value is held over the silence', async () => {
		const started = begin([item('Steady')], { silence: '1s' });
		await has(started, 'cell/Steady', 3);
		plant.hold();
		await until(() => started.faults.length > 0);
		plant.release();
		expect(started.faults).toEqual([`${plant.url}: silent for 1 s though connected`]);
		const before = started.points('cell/Steady').length;
		await has(started, 'cell/Steady', before + 3);
		const [gap, ...more] = started.gaps('cell/Steady');
		expect((gap?.toMicros ?? 0) - (gap?.fromMicros ?? 0)).toBeGreaterThan(900_000);
		expect(more).toEqual([]);
	});
	it('and ends our session is asked for a new one', async () => {
		const started = begin([item('Steady')]);
		await has(started, 'cell/Steady', 3);
		plant.order({ drop: true });
		await until(() => started.gaps('cell/Steady').length > 0);
		expect(started.gaps('cell/Steady')[0]?.reason).toMatch(/^no connection: /);
	});
});

describe('security', () => {
	const trusted = join(folder, 'trusted-by-test');
	const security = (mode: string, more: object = {}) => ({ security: { mode, trust: trusted, ...more } });
	/** At a terminal: what is printed when the person answers so. */
	async function trust(answer: string, more: object): Promise<string[]> {
		const printed: string[] = [];
		const print = (line: string) => void printed.push(line);
		const terminal = { folder, argument: undefined, print, ask: async (question: string) => (print(question), answer) };
		const config = { url: plant.url, items: [item('Steady')], ...more };
		await opcua.acts['trust']?.run(config, { ...terminal, name: 'test', clock: systemClock() });
		return printed;
	}

	it('does not speak to a server that nobody has trusted', async () => {
		const started = begin([item('Steady')], security('SignAndEncrypt', { trust: join(folder, 'empty') }));
		await until(() => started.faults.length > 0);
		expect(started.faults[0]).toMatch(
			/the certificate of the server is not trusted: nobody has trusted it yet .*SHA-256 .*--trust$/,
		);
		expect(started.points()).toEqual([]);
	});
	it('trusts the one that a person has looked at, and only then', async () => {
		const refused = await trust('n', security('Sign'));
		expect(refused.at(-1)).toBe('Not trusted; nothing was changed.');
		const printed = await trust('y', security('Sign'));
		expect(printed[0]).toMatch(/ offers None, Sign with Basic256Sha256, /);
		expect(printed.find((line) => line.includes('SHA-256'))).toMatch(/ ([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
		expect(printed.at(-1)).toMatch(/^Trusted: .*trusted-by-test\/.*\.pem$/);
		expect((await trust('y', security('Sign'))).at(-1)).toMatch(/^It is trusted already/);
	});
	it('shows what is there to read, and how to ask for it', async () => {
		const config = { url: plant.url, items: [item('Steady')], ...security('Sign') };
		const context = { name: 'test', folder, clock: systemClock(), forMs: 1, signal: new AbortController().signal };
		const found = await opcua.discover?.run(config, { ...context, argument: 'Objects/Machine/Zone1/*' });
		const entry = (name: string) => ({ node: node(`Zone1.${name}`), stream: `machine/zone1/${name.toLowerCase()}` });
		expect(found).toEqual([
			{ name: 'Objects/Machine/Zone1/Temperature', value: 20, unit: '°C', entry: entry('Temperature') },
			{ name: 'Objects/Machine/Zone1/Pressure', value: 3, unit: '', entry: entry('Pressure') },
		]);
	});
	it('tells of each item in a trial what came of it', async () => {
		const items = [item('Steady'), item('Missing'), { browse: 'Objects/Machine/**/Temperature', every: '50ms' }];
		const options = { url: plant.url, items, ...security('Sign') };
		const world = { clock: systemClock(), random: Math.random, log: pino({ level: 'silent' }) };
		const trial = startTrial({ type: opcua, options, name: 'test', folder, ...world });
		await until(() => trial.report().entries.filter((one) => one.streams.some(({ points }) => points > 0)).length > 1);
		const { reached, entries, error } = trial.report();
		await trial.stop();
		expect([reached?.what, error]).toEqual([expect.stringMatching(/^connected to the server/), null]);
		expect(entries.map(({ place, streams }) => [place, streams.filter(({ points }) => points > 0).length])).toEqual([
			['items[0]', 1],
			['items[1]', 0],
			['items[2]', 2],
		]);
		expect(entries.map(({ faults }) => faults.length)).toEqual([0, 1, 0]);
		expect(entries[1]?.faults[0]).toMatch(/BadNodeIdUnknown/);
	});
	it.each([
		['Sign', 'Basic256Sha256'],
		['SignAndEncrypt', 'Basic256Sha256'],
		['SignAndEncrypt', 'Aes256_Sha256_RsaPss'],
	])('speaks %s with %s to one that is trusted, as a user with a password', async (mode, policy) => {
		const started = begin([item('Steady')], {
			...security(mode, { policy }),
			auth: { username: 'scope', password: 'right' },
		});
		await has(started, 'cell/Steady', 2);
		expect(started.faults).toEqual([]);
	});
	it('speaks as a user with a certificate', async () => {
		const [certificate, key] = [join(folder, 'user.pem'), join(folder, 'user.key')];
		const how = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=user', '-days', '9'];
		execFileSync('openssl', [...how, '-out', certificate, '-keyout', key], { stdio: 'ignore' });
		const started = begin([item('Steady')], { ...security('SignAndEncrypt'), auth: { certificate, key } });
		await until(() => started.faults.length > 0 || started.points('cell/Steady').length > 2);
		expect(started.faults).toEqual([]);
	});
	it('says that a password is wrong, and never which one it was', async () => {
		const started = begin([item('Steady')], { ...security('Sign'), auth: { username: 'scope', password: 'hunter2' } });
		await until(() => started.faults.length > 0);
		expect(started.faults).toEqual([`${plant.url}: BadUserAccessDenied: the server refuses this user; check "auth"`]);
		expect(JSON.stringify([started.faults, started.logged])).not.toContain('hunter2');
	});
	it('says what the server offers when it does not offer what is wanted', async () => {
		const started = begin([item('Steady')], security('Sign', { policy: 'Aes128_Sha256_RsaOaep' }));
		await until(() => started.faults.length > 0);
		expect(started.faults[0]).toMatch(
			/the server does not offer Sign with Aes128_Sha256_RsaOaep; it offers None, .*Sign with Basic256Sha256/,
		);
	});
	it('keeps a key of its own that nobody else can read', () => {
		const own = join(folder, 'opcua', 'own');
		const modes = readdirSync(own).map((name) => [name, (statSync(join(own, name)).mode & 0o777).toString(8)]);
		expect(modes).toEqual([
			['certificate.pem', '600'],
			['key.pem', '600'],
		]);
	});
});
