import { connectAsync, type MqttClient } from 'mqtt';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokerNote, noBroker, startMosquitto, type Mosquitto } from '#tests/support/mosquitto.ts';
import { until } from '#tests/support/until.ts';
import { systemClock } from '../kit/clock.ts';
import type { Emission, PointSeen } from '../kit/collector.ts';
import { isGap } from '../kit/collector.ts';
import { mqtt } from './index.ts';

/** One run of the collector whose emissions are kept in memory, and whose disk the test can hold up. */
function run(config: object, cursor?: unknown) {
	const stop = new AbortController();
	const streams: string[] = [];
	const faults: string[] = [];
	const emissions: Emission[] = [];
	const logged: string[] = [];
	let disk = Promise.resolve();
	let answer = Promise.resolve();
	const emitter = {
		cursor: () => emissions.at(-1)?.cursor ?? cursor,
		stream({ key, unit, labels }: { key: string; unit?: string; labels?: object }) {
			const name = [key, unit, ...Object.entries(labels ?? {}).map((label) => label.join('='))]
				.filter(Boolean)
				.join(' ');
			if (!streams.includes(name)) streams.push(name);
			return streams.indexOf(name);
		},
		async emit(emission: Emission) {
			await disk;
			emissions.push(JSON.parse(JSON.stringify(emission)) as Emission);
			await answer;
		},
		fault: (message: string) => void faults.push(message),
	};
	const log = pino({}, { write: (line: string) => void logged.push(line) });
	const collector = mqtt.create(config, { name: 'broker', log, clock: systemClock(), random: Math.random });
	const done = collector.start(emitter, stop.signal);
	const seen = () => emissions.flatMap((emission) => emission.seen);
	const points = () => seen().filter((one): one is PointSeen => !isGap(one));
	return {
		faults,
		logged,
		streams,
		points,
		/** `stream value`, in order. */
		values: () => points().map(({ stream, v }) => `${streams[stream]} ${v}`),
		gaps: () => seen().flatMap((one) => (isGap(one) ? [`${streams[one.stream]}: ${one.reason}`] : [])),
		connected: (times = 1) =>
			until(() => logged.filter((line) => line.includes('connected to the broker')).length >= times),
		cursor: () => emitter.cursor(),
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
	const begin = (subscribe: object[], more: object = {}, cursor?: unknown) => {
		const started = run(config(subscribe, more), cursor);
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

		it('gets what was sent while it was away, exactly once', async () => {
			const first = begin([{ topic: 'n/+', format: 'number' }], { protocol });
			await ready(first, 'n/ready');
			await first.stop();
			for (let i = 1; i <= 50; i++) await publish('n/a', String(i));
			const second = begin([{ topic: 'n/+', format: 'number' }], { protocol }, first.cursor());
			await until(() => second.values().includes('n/a 50'));
			expect(second.values()).toEqual(Array.from({ length: 50 }, (_, i) => `n/a ${i + 1}`));
			expect(second.gaps()).toEqual([]);
		});

		const count = (n: number) => Array.from({ length: n }, (_, i) => `n/a ${i + 1}`);
		const numbers = [{ topic: 'n/a', format: 'number' }, { topic: 'ready' }];

		it('acknowledges nothing that is not on disk', async () => {
			const first = begin(numbers, { protocol });
			await ready(first);
			const onDisk = first.cursor();
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
			const second = begin(numbers, { protocol }, first.cursor());
			await second.connected();
			for (let i = 11; i <= 20; i++) await publish('n/a', String(i));
			await until(() => second.values().includes('n/a 20'));
			expect(second.values()).toEqual(count(20).slice(10));
			release();
		});
	});
});
