import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '#contracts/error.ts';
import { keyFault } from '#contracts/stream.ts';
import { brokerNote, noBroker, startMosquitto, type Mosquitto } from '#tests/support/mosquitto.ts';
import { until } from '#tests/support/until.ts';
import { systemClock } from '../kit/clock.ts';
import type { Emission, PointSeen } from '../kit/collector.ts';
import { isGap } from '../kit/collector.ts';
import { mqtt } from './index.ts';
import { encodeTestPayload, TYPE, type TestMetric } from './testing/sparkplug.ts';

/** One run of the collector whose emissions are kept in memory, and whose disk the test can hold up. */
function run(config: object, before?: { readonly cursor: unknown; readonly notes: ReadonlyMap<string, Uint8Array> }) {
	const stop = new AbortController();
	const streams: string[] = [];
	const faults: string[] = [];
	const emissions: Emission[] = [];
	const logged: string[] = [];
	const notes = new Map(before?.notes);
	let disk = Promise.resolve();
	let answer = Promise.resolve();
	const emitter = {
		cursor: () => emissions.at(-1)?.cursor ?? before?.cursor,
		notes: () => notes,
		stream({ key, unit, labels }: { key: string; unit?: string; labels?: object }) {
			const cause = keyFault(key);
			if (cause) throw new ConfigError(cause);
			const name = [key, unit, ...Object.entries(labels ?? {}).map((label) => label.join('='))]
				.filter(Boolean)
				.join(' ');
			if (!streams.includes(name)) streams.push(name);
			return streams.indexOf(name);
		},
		async emit(emission: Emission) {
			const written = new Map([...(emission.notes ?? [])].map(([name, bytes]) => [name, bytes.slice()]));
			await disk;
			for (const [name, bytes] of written) notes.set(name, bytes);
			emissions.push(JSON.parse(JSON.stringify(emission)) as Emission);
			await answer;
		},
		fault: (message: string) => void faults.push(message),
	};
	const log = pino({}, { write: (line: string) => void logged.push(line) });
	const collector = mqtt.create(config, {
		name: 'broker',
		log,
		clock: systemClock(),
		random: Math.random,
		folder: '',
		onReached: (what) => void logged.push(what),
	});
	const done = collector.start(emitter, stop.signal);
	const seen = () => emissions.flatMap((emission) => emission.seen);
	const points = () => seen().filter((one): one is PointSeen => !isGap(one));
	return {
		faults,
		emissions,
		logged,
		streams,
		points,
		/** `kind title of asset`, in order. */
		events: () =>
			emissions.flatMap(({ events = [] }) => events.map(({ kind, title, asset }) => `${kind} ${title} of ${asset}`)),
		/** `source text`, in order. */
		lines: () => emissions.flatMap(({ logs }) => (logs ?? []).map(({ source, text }) => `${source} ${text}`)),
		/** `stream value`, in order. */
		values: () => points().map(({ stream, v }) => `${streams[stream]} ${v}`),
		gaps: () => seen().flatMap((one) => (isGap(one) ? [`${streams[one.stream]}: ${one.reason}`] : [])),
		connected: (times = 1) =>
			until(() => logged.filter((line) => line.includes('connected to the broker')).length >= times),
		cursor: () => emitter.cursor(),
		/** What the next process finds. */
		left: () => ({ cursor: emitter.cursor(), notes: new Map(notes) }),
		/** Nothing reaches the disk until the returned function is called. */
		holdDisk() {
			const { promise, resolve } = Promise.withResolvers<void>();
			disk = promise;
			return resolve;
		},
		/** What reaches the disk is not known to have: where a kill strikes between the two. */
		holdAnswer() {
			const { promise, resolve } = Promise.withResolvers<void>();
			answer = promise;
			return resolve;
		},
		async stop() {
			stop.abort();
			await done;
		},
	};
}

describe.skipIf(noBroker)(`mqtt from a real broker${brokerNote}`, () => {
	let broker: Mosquitto;
	let publisher: MqttClient;
	const running: { stop(): Promise<void> }[] = [];
	beforeEach(async () => {
		broker = await startMosquitto();
		publisher = await connectAsync(broker.url);
	});
	afterEach(async () => {
		for (const one of running.splice(0)) await one.stop();
		publisher.end(true);
		await broker.remove();
	});

	const config = (subscribe: object[], more: object = {}) => ({ url: broker.url, subscribe, ...more });
	const begin = (subscribe: object[], more: object = {}, before?: Parameters<typeof run>[1]) => {
		const started = run(config(subscribe, more), before);
		running.push(started);
		return started;
	};
	const publish = async (topic: string, payload: unknown, options: object = {}) => {
		const text = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
		await publisher.publishAsync(topic, text, { qos: 1, ...options });
	};
	const ready = async (started: ReturnType<typeof run>, topic = 'ready') => {
		await started.connected();
		// A subscription stands when a message comes through it.
		const before = started.points().length;
		await until(async () => {
			await publish(topic, '0');
			return started.points().length > before;
		});
	};

	describe.each(['5', '3.1.1'])('MQTT %s', (protocol) => {
		it('reads JSON with its own time, quality, unit and a name from the topic', async () => {
			const entry = {
				topic: 'plant/+/+/temperature',
				value: '$.value',
				time: '$.ts',
				quality: '$.q',
				stream: '{2}/{3}/temperature',
				unit: '°C',
				labels: { line: '{3}' },
			};
			const started = begin([entry, { topic: 'ready' }], { protocol });
			await ready(started);
			await publish('plant/cell-7/a/temperature', { value: 21.5, ts: '2026-01-02T03:04:05.678901Z', q: 'uncertain' });
			const point = await until(() => started.points().find(({ v }) => v === 21.5));
			expect([started.streams[point.stream], point.tMicros, point.quality]).toEqual([
				'cell-7/a/temperature °C line=a',
				Date.UTC(2026, 0, 2, 3, 4, 5) * 1000 + 678_901,
				64,
			]);
		});

		it('reads plain numbers, and several values of one payload', async () => {
			const started = begin(
				[
					{ topic: 'n/#', format: 'number' },
					{ topic: 'drive/+', values: { speed: '$.speed', load: '$.motor.load' }, stream: '{2}/{name}' },
				],
				{ protocol },
			);
			await ready(started, 'n/ready');
			await publish('n/a', ' 1.5e2\n');
			await publish('n/a', 'true');
			await publish('drive/x', { speed: 1200, motor: { load: 0.7 } });
			await publish('drive/x', { speed: 1201 });
			await until(() => started.points().some(({ v }) => v === 1201));
			expect(started.values().filter((text) => !text.includes('ready'))).toEqual([
				'n/a 150',
				'n/a 1',
				'x/speed 1200',
				'x/load 0.7',
				'x/speed 1201',
			]);
		});

		it('tells what is in force when it changes, also what the broker has kept, and once over a restart', async () => {
			const subscribe = [
				{ topic: 'tag/+/lot', format: 'number', stream: '{2}/lot', event: 'lot' },
				{ topic: 'tag/+/tool', value: '$.id', stream: '{2}/tool', event: { kind: 'tool', title: 'T{value}' } },
				{ topic: 'ready' },
			];
			await publish('tag/press-1/lot', 'A7', { retain: true });
			const first = begin(subscribe, { protocol });
			await ready(first);
			for (const id of [4, 4, 5]) await publish('tag/press-1/tool', { id });
			await until(() => first.events().length === 3);
			await first.stop();
			const second = begin(subscribe, { protocol }, first.left());
			await ready(second);
			await publish('tag/press-1/lot', 'A7', { retain: true });
			await publish('tag/press-1/lot', 'A8', { retain: true });
			await until(() => second.events().length > 0);
			await publish('tag/press-1/lot', '', { retain: true });
			expect([first.events(), second.events()]).toEqual([
				['lot A7 of press-1', 'tool T4 of press-1', 'tool T5 of press-1'],
				['lot A8 of press-1'],
			]);
			expect([first.faults, second.faults]).toEqual([[], []]);
		});

		it('keeps lines of a log, each once, with the topic as who says them', async () => {
			const first = begin([{ topic: 'log/+', format: 'log' }, { topic: 'ready' }], { protocol });
			await ready(first);
			await publish('log/a', '[ERROR] drive hot', { retain: true });
			await publish('log/a', [{ text: 'b', source: 'plc' }, { txt: 'c' }]);
			await until(() => first.lines().length === 2);
			await first.stop();
			await publish('log/b', { text: 'while it was away', severity: 'warn' });
			const second = begin([{ topic: 'log/+', format: 'log' }, { topic: 'ready' }], { protocol }, first.left());
			await until(() => second.lines().length > 0);
			await ready(second);
			expect(first.lines()).toEqual(['log/a [ERROR] drive hot', 'plc b']);
			expect(first.faults.at(-1)).toMatch(/^topic "log\/a": line 2 of it, txt: unknown field/);
			expect(second.lines()).toEqual(['log/b while it was away']);
		});

		it('gets what was sent while it was away, exactly once', async () => {
			const first = begin([{ topic: 'n/+', format: 'number' }], { protocol });
			await ready(first, 'n/ready');
			await first.stop();
			for (let i = 1; i <= 50; i++) await publish('n/a', String(i));
			const second = begin([{ topic: 'n/+', format: 'number' }], { protocol }, first.left());
			await until(() => second.values().includes('n/a 50'));
			expect(second.values()).toEqual(Array.from({ length: 50 }, (_, i) => `n/a ${i + 1}`));
			expect(second.gaps()).toEqual([]);
		});

		const count = (n: number) => Array.from({ length: n }, (_, i) => `n/a ${i + 1}`);
		const numbers = [{ topic: 'n/a', format: 'number' }, { topic: 'ready' }];

		it('acknowledges nothing that is not on disk', async () => {
			const first = begin(numbers, { protocol });
			await ready(first);
			const onDisk = first.left();
			const release = first.holdDisk();
			for (let i = 1; i <= 10; i++) await publish('n/a', String(i));
			await first.stop();
			const second = begin(numbers, { protocol }, onDisk);
			await until(() => second.values().includes('n/a 10'));
			expect(second.values().filter((text) => text !== 'ready 0')).toEqual(count(10));
			release();
		});

		it('takes nothing twice that is on disk and was not acknowledged', async () => {
			const first = begin(numbers, { protocol });
			await ready(first);
			const release = first.holdAnswer();
			for (let i = 1; i <= 10; i++) await publish('n/a', String(i));
			await until(() => first.values().includes('n/a 10'));
			await first.stop();
			const second = begin(numbers, { protocol }, first.left());
			await second.connected();
			for (let i = 11; i <= 20; i++) await publish('n/a', String(i));
			await until(() => second.values().includes('n/a 20'));
			expect(second.values()).toEqual(count(20).slice(10));
			release();
		});
	});

	it.each(['5', '3.1.1'])(
		'takes nothing twice from a broker that comes back as it was thousands of messages ago (MQTT %s)',
		async (protocol) => {
			const numbers = [{ topic: 'n/+', format: 'number' }];
			const first = begin(numbers, { protocol });
			await ready(first, 'n/ready');
			await first.stop();
			for (let i = 1; i <= 6000; i += 100)
				await Promise.all(Array.from({ length: 100 }, (_, k) => publish('n/a', String(i + k))));
			// Writes its state, as it would sooner or later by itself; answers are none that it writes again for.
			process.kill(broker.pid(), 'SIGUSR1');
			await until(() => existsSync(join(broker.folder, 'mosquitto.db')));
			const second = begin(numbers, { protocol }, first.left());
			await until(() => second.values().includes('n/a 6000'), 20_000);
			await broker.kill();
			await broker.start();
			await second.connected(2);
			await until(async () => (await publish('n/b', '1'), second.values().includes('n/b 1')), 20_000);
			const values = second.values().filter((text) => text.startsWith('n/a'));
			expect(values).toEqual(Array.from({ length: 6000 }, (_, i) => `n/a ${i + 1}`));
		},
	);

	it('goes on when the broker is started again, and loses nothing of QoS 1', async () => {
		const started = begin([{ topic: 'n/a', format: 'number' }, { topic: 'ready' }]);
		await ready(started);
		await broker.stop();
		await until(() => started.faults.length > 0);
		expect(started.faults[0]).toContain(`broker mqtt://127.0.0.1:${broker.port}: the broker closed the connection`);
		await broker.start();
		await publish('n/a', '1');
		await started.connected(2);
		await publish('n/a', '2');
		await until(() => started.values().includes('n/a 2'));
		expect(started.values().filter((text) => text !== 'ready 0')).toEqual(['n/a 1', 'n/a 2']);
		expect(started.gaps()).toEqual([]);
	});

	it('starts while the broker is away, and says so once', async () => {
		await broker.stop();
		const started = begin([{ topic: 'ready' }]);
		await until(() => started.faults.length > 0);
		await broker.start();
		await ready(started);
		expect(started.faults).toEqual([
			`broker mqtt://127.0.0.1:${broker.port}: nothing listens there; is the broker running?`,
		]);
	});

	it('leaves a gap where QoS 0 was not kept', async () => {
		const entries = [{ topic: 'n/a', format: 'number', qos: 0 }, { topic: 'ready' }];
		const first = begin(entries);
		await ready(first);
		await publish('n/a', '1');
		await until(() => first.values().includes('n/a 1'));
		await first.stop();
		await publish('n/a', '2');
		const second = begin(entries, {}, first.left());
		await ready(second);
		await publish('n/a', '3');
		await until(() => second.values().includes('n/a 3'));
		expect(second.gaps()).toEqual(['n/a: disconnected: QoS 0 is not kept']);
		expect(second.values().filter((text) => text !== 'ready 0')).toEqual(['n/a 3']);
	});

	it('leaves a gap when the broker has lost the session', async () => {
		const first = begin([{ topic: 'ready' }], { clientId: 'ours' });
		await ready(first);
		await first.stop();
		(await connectAsync(broker.url, { clientId: 'ours', clean: true, protocolVersion: 5 })).end();
		const second = begin([{ topic: 'ready' }], { clientId: 'ours' }, first.left());
		await ready(second);
		expect(second.gaps()).toEqual(['ready: disconnected: the broker has no session of ours']);
	});

	it('takes a retained message at its own time, and not at all without one', async () => {
		await publish('kept/number', '1', { retain: true });
		await publish('kept/json', { v: 2, t: '2026-01-02T03:04:05Z' }, { retain: true });
		const started = begin([
			{ topic: 'kept/number', format: 'number' },
			{ topic: 'kept/json', value: '$.v', time: '$.t' },
			{ topic: 'ready' },
		]);
		await ready(started);
		await publish('kept/number', '3', { retain: true });
		await until(() => started.values().includes('kept/number 3'));
		expect(started.values().filter((text) => text !== 'ready 0')).toEqual(['kept/json 2', 'kept/number 3']);
		expect(started.points()[0]?.tMicros).toBe(Date.UTC(2026, 0, 2, 3, 4, 5) * 1000);
	});

	it('gives each message of a burst a time of its own, in order', async () => {
		const started = begin([{ topic: 'n/a', format: 'number' }, { topic: 'ready' }]);
		await ready(started);
		await Promise.all(Array.from({ length: 500 }, (_, i) => publish('n/a', String(i))));
		await until(() => started.values().includes('n/a 499'));
		const points = started.points().filter(({ stream }) => started.streams[stream] === 'n/a');
		expect(points.map(({ v }) => v)).toEqual(Array.from({ length: 500 }, (_, i) => i));
		expect(points.filter(({ tMicros }, i) => tMicros <= (points[i - 1]?.tMicros ?? 0))).toEqual([]);
	});

	it('names topic and cause of what it cannot read, makes a gap of it, and goes on', async () => {
		const started = begin([{ topic: 'n/#', format: 'number' }, { topic: 'j/#', value: '$.v' }, { topic: 'ready' }]);
		await ready(started);
		await publish('n/a', '1');
		await publish('n/a', 'broken');
		await publish('n/never', 'broken');
		await publish('n/a', Buffer.alloc(10_000_000, 0x31));
		await publish('j/a', '{"__proto__": {"v": 1}}');
		await publish('n//b', '5');
		await publish('n/<script>', '5');
		await publish('n/a', '2');
		await until(() => started.values().includes('n/a 2'));
		expect(started.faults).toEqual([
			'topic "n/a": "broken" is no number',
			'topic "n/never": "broken" is no number',
			'topic "n/a": 10000000 bytes are no number',
			'topic "j/a": $.v is not in it',
			'topic "n//b": stream "n//b" has an empty segment',
			expect.stringMatching(/^topic "n\/<script>": stream .* has a character that a name may not have/),
		]);
		expect(started.gaps()).toEqual(['n/a: "broken" is no number', 'n/a: 10000000 bytes are no number']);
		expect(started.values().filter((text) => text !== 'ready 0')).toEqual(['n/a 1', 'n/a 2']);
	});

	it.each(['5', '3.1.1'])(
		'deals a message out to all entries that take its topic, once each (MQTT %s)',
		async (protocol) => {
			const started = begin(
				[
					{ topic: 'drive/+', values: { speed: '$.speed' }, unit: '1/min', qos: 0 },
					{ topic: 'drive/#', value: '$.load', stream: '{2}/load', unit: '%' },
					{ topic: 'drive/+', values: { heat: '$.heat' }, unit: '°C' },
					{ topic: 'ready' },
				],
				{ protocol },
			);
			await ready(started);
			for (let i = 1; i <= 3; i++) await publish('drive/x', { speed: i, load: i * 10, heat: i * 100 });
			await until(() => started.points().some(({ v }) => v === 300));
			expect(started.values().filter((text) => !text.startsWith('ready'))).toEqual(
				[1, 2, 3].flatMap((i) => [`drive/x/speed 1/min ${i}`, `x/load % ${i * 10}`, `drive/x/heat °C ${i * 100}`]),
			);
			expect([started.faults, started.gaps()]).toEqual([[], []]);
		},
	);

	it('opens no more streams than it may', async () => {
		const started = begin([{ topic: 'n/#', format: 'number' }, { topic: 'ready' }], { maxStreams: 3 });
		await ready(started);
		for (const topic of ['n/a', 'n/b', 'n/c', 'n/a']) await publish(topic, '1');
		await publish('n/a', '2');
		await until(() => started.values().includes('n/a 2'));
		expect(started.streams).toEqual(['ready', 'n/a', 'n/b']);
		expect(started.faults).toEqual(['topic "n/c": it would open stream 4; narrow "topic" or raise "maxStreams"']);
	});

	it('shares streams with other shards, each message with one of them', async () => {
		const subscribe = [
			{ topic: 'n/+/+', format: 'number', stream: '{2}' },
			{ topic: 'drive/+', values: { a: '$.a', b: '$.b' }, stream: 'drive/{2}/{name}' },
		];
		const shards = [0, 1, 2].map((index) => begin(subscribe, { shard: { index, count: 3 } }));
		for (const shard of shards) await until(() => shard.logged.some((line) => line.includes('"subscribed"')));
		const machines = Array.from({ length: 12 }, (_, i) => `m${i}`);
		for (const machine of machines) {
			for (let n = 1; n <= 4; n++) await publish(`n/${machine}/${n % 2 ? 'odd' : 'even'}`, String(n));
			await publish(`drive/${machine}`, { a: 5, b: 6 });
		}
		const taken = () => shards.flatMap((shard) => shard.values());
		await until(() => taken().length >= machines.length * 6);
		expect(taken().sort()).toEqual(
			machines.flatMap((m) => [`${m} 1`, `${m} 2`, `${m} 3`, `${m} 4`, `drive/${m}/a 5`, `drive/${m}/b 6`]).sort(),
		);
		for (const shard of shards) {
			expect(shard.values().length).toBeGreaterThan(0);
			// In order, whatever topics a stream comes from.
			for (const machine of machines)
				expect(['', '1 2 3 4']).toContain(
					shard
						.values()
						.filter((text) => text.startsWith(`${machine} `))
						.map((text) => text.split(' ')[1])
						.join(' '),
				);
		}
	});

	it('drops a subscription that the configuration does not have any more', async () => {
		const first = begin([{ topic: 'n/+', format: 'number' }, { topic: 'ready' }]);
		await ready(first);
		await first.stop();
		const second = begin([{ topic: 'n/b', format: 'number' }, { topic: 'ready' }], {}, first.left());
		await ready(second);
		await publish('n/a', '1');
		await publish('n/b', '2');
		await until(() => second.values().includes('n/b 2'));
		expect(second.values().filter((text) => text !== 'ready 0')).toEqual(['n/b 2']);
	});
});

describe.skipIf(noBroker)(`mqtt from a broker with TLS and users${brokerNote}`, () => {
	let folder: string;
	let broker: Mosquitto;
	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), 'mqtt-tls-'));
		makeCertificates(folder);
		writeFileSync(join(folder, 'users'), 'scope:s3cret-word\nother:x\n');
		execFileSync('mosquitto_passwd', ['-U', join(folder, 'users')]);
		writeFileSync(join(folder, 'access'), 'user scope\ntopic read a/#\ntopic write a/#\n');
		broker = await startMosquitto({
			folder,
			isAnonymous: false,
			settings: ['password_file FOLDER/users', 'acl_file FOLDER/access'],
			listener: ['cafile FOLDER/ca.pem', 'certfile FOLDER/broker.pem', 'keyfile FOLDER/broker.key'],
		});
	});
	afterAll(() => broker.remove());

	const pem = (name: string) => join(folder, name);
	const config = (more: object = {}) => ({
		url: `mqtts://127.0.0.1:${broker.port}`,
		auth: { username: 'scope', password: 's3cret-word' },
		tls: { ca: pem('ca.pem') },
		subscribe: [{ topic: 'a/x' }],
		...more,
	});
	/** The first thing that it complains of; the password is in nothing that it says. */
	async function complaint(more: object): Promise<string> {
		const started = run(config(more));
		const fault = await until(() => started.faults[0]);
		await started.stop();
		expect(JSON.stringify([started.faults, started.logged, started.cursor()])).not.toContain('s3cret');
		return fault.replace(/^broker \S+: /, '');
	}

	it('connects with the password of a file', async () => {
		writeFileSync(pem('password'), 's3cret-word\n');
		const started = run(config({ auth: { username: 'scope', password: `file:${pem('password')}` } }));
		await started.connected();
		const ca = readFileSync(pem('ca.pem'));
		const publisher = await connectAsync(broker.url.replace('mqtt:', 'mqtts:'), {
			ca,
			username: 'scope',
			password: 's3cret-word',
		});
		await until(async () => (await publisher.publishAsync('a/x', '7'), started.values().includes('a/x 7')));
		publisher.end(true);
		await started.stop();
	});
	it('says that the password is wrong', async () =>
		expect(await complaint({ auth: { username: 'scope', password: 's3cret' } })).toBe(
			'Connection refused: Not authorized; check "auth" and the access rules of the broker',
		));
	it('says which file with a password is not there', async () =>
		expect(await complaint({ auth: { username: 'scope', password: `file:${pem('none')}` } })).toMatch(
			/^cannot read secret ".*none": ENOENT/,
		));
	it('trusts no certificate that nobody has signed for', async () =>
		expect(await complaint({ tls: {} })).toMatch(/is signed by nobody who is trusted here .*"tls.ca"$/));
	it('trusts no certificate of another name', async () =>
		expect(await complaint({ tls: { ca: pem('ca.pem'), servername: 'elsewhere' } })).toMatch(/set "tls.servername"/));
	it('says which file with a certificate is not there', async () =>
		expect(await complaint({ tls: { ca: pem('none') } })).toMatch(/^cannot read ".*": ENOENT/));
	it('says that a port does not speak TLS', async () => {
		const plain = await startMosquitto();
		expect(await complaint({ url: `mqtts://127.0.0.1:${plain.port}` })).toMatch(/TLS|closed the connection/);
		await plain.remove();
	});
});

describe.skipIf(noBroker)(`mqtt from an edge node that speaks Sparkplug B${brokerNote}`, () => {
	let broker: Mosquitto;
	beforeEach(async () => void (broker = await startMosquitto()));
	afterEach(() => broker.remove());

	/** As the specification wants it: its death is its will, its birth comes first and whenever a host asks for it. */
	async function startEdge(bdSeq: bigint, more: readonly TestMetric[] = []) {
		const identity = { name: 'bdSeq', datatype: TYPE.int64, long: bdSeq };
		const payload = encodeTestPayload({ tMs: Date.now(), metrics: [identity] });
		const will = { topic: 'spBv1.0/plant/NDEATH/cell', payload, qos: 1 as const };
		const client = await connectAsync(broker.url, { will, reconnectPeriod: 0 });
		let seq = 0;
		let value = 0;
		const say = (type: string, metrics: readonly TestMetric[]) =>
			client.publishAsync(`spBv1.0/plant/${type}`, encodeTestPayload({ tMs: Date.now(), seq: seq++ % 256, metrics }));
		async function birth(): Promise<void> {
			seq = 0;
			const properties = { engUnit: 'kW', Quality: 192 };
			const metrics = [identity, { name: 'Power/total', alias: 1, datatype: TYPE.double, double: value, properties }];
			await say('NBIRTH/cell', [...metrics, ...more]);
			await say('DBIRTH/cell/drive', [{ name: 'speed', alias: 2, datatype: TYPE.int16, int: 0xffff }]);
		}
		await client.subscribeAsync('spBv1.0/plant/NCMD/cell', { qos: 1 });
		let births = 0;
		client.on('message', () => {
			births++;
			void birth();
		});
		await birth();
		return {
			births: () => births,
			lose: () => void seq++,
			measure: (metric: TestMetric = {}) => say('NDATA/cell', [{ alias: 1, double: ++value, ...metric }]),
			vanish: () => client.stream.destroy(),
			end: () => client.end(true),
		};
	}
	const entry = { topic: 'spBv1.0/#', format: 'sparkplug', labels: { group: '{2}' } };

	it('is asked for its birth, and its numbers become streams with its names and units', async () => {
		const edge = await startEdge(0n);
		const started = run({ url: broker.url, subscribe: [entry] });
		await until(async () => (await edge.measure(), started.values().length >= 3));
		expect(edge.births()).toBe(1);
		expect(started.streams).toEqual(['plant/cell/Power/total kW group=plant', 'plant/cell/drive/speed group=plant']);
		expect(started.values()).toContain('plant/cell/drive/speed group=plant -1');
		expect(started.faults).toEqual([]);
		await started.stop();
		edge.end();
	});

	it('tells what is in force: of metrics that are named so, numbers or texts, when they change', async () => {
		const lot = { name: 'Job/Lot', alias: 3, datatype: TYPE.string, string: 'A7' };
		const edge = await startEdge(0n, [lot, { name: 'Tool', alias: 4, datatype: TYPE.int32, int: 12 }]);
		const events = { 'Job/Lot': 'lot', Tool: { kind: 'tool', title: 'Insert T{value}' } };
		const started = run({ url: broker.url, subscribe: [{ ...entry, stream: '{4}/{5}/{name}', events }] });
		await until(async () => (await edge.measure(), started.events().length >= 2));
		await edge.measure({ alias: 3, double: undefined, string: 'A7' });
		await edge.measure({ alias: 3, double: undefined, string: 'A8', properties: { Quality: 0 } });
		await edge.measure({ alias: 3, double: undefined, isNull: true });
		await edge.measure({ alias: 3, double: undefined, string: 'A9' });
		await until(() => started.events().length >= 3);
		expect(started.events()).toEqual(['lot A7 of cell', 'tool Insert T12 of cell', 'lot A9 of cell']);
		expect([started.faults, started.streams.filter((name) => /Lot|Tool/.test(name))]).toEqual([[], []]);
		await started.stop();
		edge.end();
	});

	it('leaves gaps where it lost messages, where it died and until it came back', async () => {
		const edge = await startEdge(0n);
		const started = run({ url: broker.url, subscribe: [entry] });
		const has = (text: string) => until(() => started.gaps().some((gap) => gap.includes(text)));
		await until(async () => (await edge.measure(), started.values().length >= 3));
		edge.lose();
		await edge.measure({ name: 'Power/total', alias: undefined });
		await has('messages of the edge node are missing');
		edge.vanish();
		await has('Power/total kW group=plant: the edge node has died');
		await has('drive/speed group=plant: the edge node has died');
		const again = await startEdge(1n);
		await has('Power/total kW group=plant: the edge node was away');
		await started.stop();
		again.end();
	});

	it('may send what it measured while it was away, which is history', async () => {
		const edge = await startEdge(0n);
		const started = run({ url: broker.url, subscribe: [entry] });
		await until(async () => (await edge.measure(), started.values().length >= 3));
		const tMs = Date.now() - 60_000;
		await edge.measure({ tMs, isHistorical: true, double: 4711 });
		await until(() => started.points().some(({ v }) => v === 4711));
		const [historical] = started.emissions.filter((emission) => emission.historical);
		expect(historical?.seen).toEqual([expect.objectContaining({ tMicros: tMs * 1000, v: 4711 })]);
		await started.stop();
		edge.end();
	});

	it('is not known by an old certificate that the broker has kept', async () => {
		const edge = await startEdge(0n);
		const old = [{ name: 'old', alias: 1, datatype: TYPE.double, double: 5 }];
		const publisher = await connectAsync(broker.url);
		await publisher.publishAsync('spBv1.0/plant/NBIRTH/cell', encodeTestPayload({ seq: 1, metrics: old }), {
			retain: true,
			qos: 1,
		});
		const started = run({ url: broker.url, subscribe: [entry] });
		await until(async () => (await edge.measure(), started.values().length >= 3));
		expect(started.streams.join()).not.toContain('old');
		publisher.end(true);
		await started.stop();
		edge.end();
	});

	it('that cannot be read is a fault, and the next message is read', async () => {
		const edge = await startEdge(0n);
		const started = run({ url: broker.url, subscribe: [entry] });
		await until(async () => (await edge.measure(), started.values().length >= 3));
		const other = await connectAsync(broker.url);
		await other.publishAsync('spBv1.0/plant/NDATA/other', 'nonsense');
		await until(() => started.faults.length > 0);
		expect(started.faults[0]).toMatch(/^topic "spBv1.0\/plant\/NDATA\/other": no Sparkplug payload: /);
		other.end(true);
		await started.stop();
		edge.end();
	});
});

describe.skipIf(noBroker)(`mqtt over WebSocket${brokerNote}`, () => {
	let broker: Mosquitto;
	beforeAll(async () => void (broker = await startMosquitto({ webSocket: [] })));
	afterAll(() => broker.remove());
	const url = () => `ws://127.0.0.1:${broker.webSocketPort}`;

	it.each(['5', '3.1.1'])('acknowledges what is on disk, and gets each message once (MQTT %s)', async (protocol) => {
		const topic = `n/${protocol}`;
		const publisher = await connectAsync(url());
		const options = { url: `${url()}/mqtt`, protocol, subscribe: [{ topic: `${topic}/+`, format: 'number' }] };
		const first = run(options);
		const values = (started: typeof first) => started.values().filter((text) => text.startsWith(`${topic}/a`));
		await until(async () => (await publisher.publishAsync(`${topic}/r`, '0', { qos: 1 }), first.points().length > 0));
		for (let i = 1; i <= 500; i++) await publisher.publishAsync(`${topic}/a`, String(i), { qos: 1 });
		await until(() => values(first).length >= 500);
		await first.stop();
		await publisher.publishAsync(`${topic}/a`, '501', { qos: 1 });
		const second = run(options, first.left());
		await until(() => values(second).includes(`${topic}/a 501`));
		expect([...values(first), ...values(second)]).toEqual(Array.from({ length: 501 }, (_, i) => `${topic}/a ${i + 1}`));
		await second.stop();
		publisher.end(true);
	});

	it('says that what answers there is no broker', async () => {
		const server = createServer((_, response) => response.writeHead(404).end());
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const started = run({ url: `ws://127.0.0.1:${port}/wrong`, subscribe: [{ topic: 'a' }] });
		expect(await until(() => started.faults[0])).toMatch(
			/^broker ws:\/\/127.0.0.1:\d+: Unexpected server response: 404; is this the path of MQTT\?/,
		);
		await started.stop();
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});
});

describe.skipIf(noBroker).each(['mqtts', 'wss'])(
	`mqtt from a broker that wants certificates, %s${brokerNote}`,
	(scheme) => {
		let folder: string;
		let broker: Mosquitto;
		let url: string;
		beforeAll(async () => {
			folder = mkdtempSync(join(tmpdir(), 'mqtt-mtls-'));
			makeCertificates(folder);
			writeFileSync(join(folder, 'access'), 'user scope\ntopic readwrite a/#\n');
			const listener = [
				...['cafile FOLDER/ca.pem', 'certfile FOLDER/broker.pem', 'keyfile FOLDER/broker.key'],
				...['require_certificate true', 'use_identity_as_username true'],
			];
			const settings = ['acl_file FOLDER/access'];
			broker = await startMosquitto({ folder, isAnonymous: false, settings, listener, webSocket: listener });
			url = `${scheme}://127.0.0.1:${scheme === 'wss' ? broker.webSocketPort : broker.port}`;
		});
		afterAll(() => broker.remove());
		const pem = (name: string) => join(folder, name);
		const start = (tls: object) => run({ url, tls, subscribe: [{ topic: 'a/x' }] });

		it('is let in by it, under its name', async () => {
			const ours = { ca: pem('ca.pem'), cert: pem('scope.pem'), key: pem('scope.key') };
			const started = start(ours);
			await started.connected();
			const [ca, cert, key] = [ours.ca, ours.cert, ours.key].map((file) => readFileSync(file));
			const publisher = await connectAsync(url, { ca, cert, key });
			await until(async () => (await publisher.publishAsync('a/x', '7'), started.values().includes('a/x 7')));
			publisher.end(true);
			await started.stop();
		});
		it('is told that the broker wants one', async () => {
			const started = start({ ca: pem('ca.pem') });
			expect(await until(() => started.faults[0])).toMatch(
				/it wants a certificate of ours: set "tls.cert" and "tls.key"$/,
			);
			await started.stop();
		});
	},
);

const PLUGIN = '/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so';
/** Anonymous clients may do everything but subscribe outside of `allowed/#`. */
const SECURITY = JSON.stringify({
	defaultACLAccess: { publishClientSend: true, publishClientReceive: true, subscribe: false, unsubscribe: true },
	roles: [{ rolename: 'reader', acls: [{ acltype: 'subscribePattern', topic: 'allowed/#', allow: true }] }],
	groups: [{ groupname: 'everybody', roles: [{ rolename: 'reader' }], clients: [] }],
	anonymousGroup: 'everybody',
	clients: [],
});

describe.skipIf(noBroker || !existsSync(PLUGIN))(`mqtt from a broker that refuses${brokerNote}`, () => {
	it.each(['5', '3.1.1'])('names the subscription, and goes on with the others (MQTT %s)', async (protocol) => {
		const broker = await startMosquitto({
			files: { 'security.json': SECURITY },
			settings: [`plugin ${PLUGIN}`, 'plugin_opt_config_file FOLDER/security.json'],
		});
		const publisher = await connectAsync(broker.url);
		const started = run({ url: broker.url, protocol, subscribe: [{ topic: 'other' }, { topic: 'allowed/a' }] });
		await until(async () => (await publisher.publishAsync('allowed/a', '1'), started.values().includes('allowed/a 1')));
		expect(started.faults).toEqual([
			expect.stringMatching(/^the broker refuses the subscription to "other": .*; see its access rules$/),
		]);
		publisher.end(true);
		await started.stop();
		await broker.remove();
	});
});

/** An authority, and what it has signed: a certificate of 127.0.0.1 and one of the client `scope`. */
function makeCertificates(folder: string): void {
	const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
	const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
	openssl('req', '-x509', ...key, '-days', '2', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=plant authority');
	writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1\n');
	for (const name of ['broker', 'scope']) {
		openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
		const signed = `-req -in ${name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out ${name}.pem`;
		openssl('x509', ...signed.split(' '));
	}
}
