import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectorSchema } from '#contracts/config.ts';
import { brokerNote, noBroker, startMosquitto, type Mosquitto } from '#tests/support/mosquitto.ts';
import { noPymodbus, pymodbusNote, startModbusDevice, type ModbusDevice } from '#tests/support/pymodbus.ts';
import { until } from '#tests/support/until.ts';
import { systemClock } from './kit/clock.ts';
import { startWebServer, type WebServer } from './kit/testing/web-server.ts';
import { discoverSource, tryCollector } from './try.ts';

const spoolFolder = mkdtempSync(join(tmpdir(), 'try-'));
const clock = systemClock();
const signal = new AbortController().signal;
afterAll(() => rmSync(spoolFolder, { recursive: true }));

const start = (config: object) => {
	const entry = collectorSchema.parse({ name: 'tried', ...config });
	return tryCollector(entry, { clock, random: Math.random, spoolFolder });
};
/** Until every entry has a value, or `enough`. */
async function tried(config: object, enough?: (report: ReturnType<ReturnType<typeof start>['report']>) => boolean) {
	const trial = start(config);
	await until(() => (enough ? enough(trial.report()) : trial.isComplete()));
	await trial.stop();
	return trial.report();
}
const discovered = async (config: object, argument?: string, forMs = 300) => {
	const found = await discoverSource(collectorSchema.parse({ name: 'm', ...config }), {
		...{ clock, spoolFolder, signal, argument, forMs },
	});
	return found.map(({ name, value, unit, entry }) => [name, value, unit, entry]);
};

describe('a web server', () => {
	let web: WebServer;
	beforeAll(async () => (web = await startWebServer([{ body: '{"zones": [{"t": 21.5}], "on": true, "id": "x"}' }])));
	afterAll(() => web.close());
	const poll = (...paths: string[]) => ({
		type: 'http-poll',
		url: web.url,
		every: '100ms',
		values: paths.map((path, i) => ({ path, stream: `m/${i}` })),
	});
	it('is tried by running its collector, which says of each entry what came', async () => {
		const isEnough = ({ entries }: { entries: readonly { faults: readonly string[] }[] }) =>
			entries[1]!.faults.length > 0;
		const report = await tried(poll('$.on', '$.off'), isEnough);
		expect(report.reached?.what).toBe('the server has answered');
		expect(report.entries).toMatchObject([
			{ place: 'values[0]', name: '$.on', faults: [], streams: [{ key: 'm/0', values: [{ v: 1 }] }] },
			{ place: 'values[1]', name: '$.off', faults: ['$.off is not in the answer'], streams: [] },
		]);
	});
	it('leaves nothing behind', () => expect(readdirSync(spoolFolder)).toEqual([]));
	it('that does not answer is no crash', async () => {
		const report = await tried({ ...poll('$.on'), url: 'http://127.0.0.1:9/' }, ({ faults }) => faults.length > 0);
		expect([report.reached, report.faults]).toEqual([
			null,
			['http://127.0.0.1:9/: nothing listens there; is it running?'],
		]);
	});
	it('shows its numbers and how to ask for them, before anything is chosen', async () =>
		expect(await discovered({ type: 'http-poll', url: web.url })).toEqual([
			['$.zones[0].t', 21.5, '', { path: '$.zones[0].t', stream: 'm/zones/0/t' }],
			['$.on', 1, '', { path: '$.on', stream: 'm/on' }],
		]));
	it('of metrics shows their kinds and units', async () => {
		const body = '# TYPE job_seconds_total counter\njob_seconds_total{a="1"} 5\njob_seconds_total{a="2"} 7\nup 1\n';
		const metrics = await startWebServer([{ body }]);
		expect(await discovered({ type: 'prometheus', url: metrics.url })).toEqual([
			['job_seconds_total (counter, 2 series)', 5, 's', { metric: 'job_seconds_total' }],
			['up (unknown, 1 series)', 1, '', { metric: 'up' }],
		]);
		await metrics.close();
	});
});

describe.skipIf(noBroker)(`a broker${brokerNote}`, () => {
	let broker: Mosquitto;
	beforeAll(async () => (broker = await startMosquitto()));
	afterAll(() => broker.remove());
	const publishing = async (topics: Readonly<Record<string, string>>, work: () => Promise<void>) => {
		const client = await connectAsync(broker.url);
		const tell = () => Object.entries(topics).forEach(([topic, text]) => client.publish(topic, text));
		const timer = setInterval(tell, 30);
		await work().finally(() => clearInterval(timer));
		await client.endAsync();
	};
	it('shows topics with what their messages hold', () =>
		publishing(
			{ 'a/T 1': '21.5', 'a/j': '{"ts": 1700000000000, "v": 2, "ok": true, "name": "x"}', 'a/x': 'hm' },
			async () => {
				expect(await discovered({ type: 'mqtt', url: broker.url }, 'a/#')).toEqual([
					['a/T 1', 21.5, '', { topic: 'a/T 1', format: 'number', stream: 'a/t-1' }],
					['a/j $.v', 2, '', { topic: 'a/j', value: '$.v', time: '$.ts', timeUnit: 'ms', stream: 'a/j/v' }],
					['a/j $.ok', 1, '', { topic: 'a/j', value: '$.ok', time: '$.ts', timeUnit: 'ms', stream: 'a/j/ok' }],
					['a/x', expect.stringMatching(/messages without a number/), '', {}],
				]);
			},
		));
	it('is tried under another name than that of the running collector, whose session goes on', () =>
		publishing({ 'b/t': '1' }, async () => {
			const running = await connectAsync(broker.url, { clientId: 'mine', reconnectPeriod: 0 });
			const subscribe = [{ topic: 'b/t', format: 'number' }];
			const report = await tried({ type: 'mqtt', url: broker.url, clientId: 'mine', subscribe });
			expect([report.entries[0]?.streams[0]?.key, running.connected]).toEqual(['b/t', true]);
			await running.endAsync();
		}));
	it('that hears nothing says so', async () =>
		await expect(discovered({ type: 'mqtt', url: broker.url }, 'nothing/#', 100)).rejects.toThrow(
			/connected, and nothing came/,
		));
});

describe.skipIf(noPymodbus)(`a device${pymodbusNote}`, () => {
	let device: ModbusDevice;
	beforeAll(async () => (device = await startModbusDevice('tcp')));
	afterAll(() => device.kill());
	const modbus = (...addresses: number[]) => ({
		...{ type: 'modbus', url: `tcp://127.0.0.1:${device.port}`, every: '50ms' },
		registers: addresses.map((address) => ({ table: 'holding', address, stream: `m/${address}` })),
	});
	it('tells of each register what came of it', async () => {
		const report = await tried(modbus(10, 99), ({ entries }) => entries[1]!.faults.length > 0);
		expect(report.entries.map(({ name, streams, faults }) => [name, streams[0]?.values[0]?.v, faults])).toEqual([
			['unit 1, holding 10', 65_436, []],
			[
				'unit 1, holding 99',
				undefined,
				[
					'unit 1, holding 99 ("m/99"): illegal data address (exception 2): it has nothing there; is the address counted from 0?',
				],
			],
		]);
	});
	it('shows its registers, with floats where two look like one, and not what it does not have', async () => {
		const found = await discovered({ ...modbus(0) }, 'holding 44-70');
		expect(found.map(([name]) => name)).not.toContain('unit 1, holding 50');
		expect(found).toHaveLength(64 - 44 - 1);
		const floats = (await discovered(modbus(0), 'holding 0-7')).filter(([name]) => String(name).includes('float32'));
		expect(floats.map(([, value, , entry]) => [value, entry])).toEqual(
			[['ABCD'], ['CDAB'], ['BADC'], ['DCBA']].map(([order], i) => [
				21.5,
				{
					...{ table: 'holding', address: 2 * i, stream: `m/holding-${2 * i}`, type: 'float32' },
					...(order === 'ABCD' ? {} : { order }),
				},
			]),
		);
	});
	it('is not asked for what no person would wait for', async () =>
		await expect(discovered(modbus(0), 'holding 0-9999')).rejects.toThrow(/at most 2000 addresses/));
});
