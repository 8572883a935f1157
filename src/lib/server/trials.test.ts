import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError, QuotaError } from '#contracts/error.ts';
import { until } from '#tests/support/until.ts';
import { createTrials } from './trials.ts';
import type { Trials } from './trials/port.ts';

const run = promisify(execFile);
const GUARDED = fileURLToPath(new URL('../../../tests/support/guarded-trials.ts', import.meta.url));
const spoolFolder = mkdtempSync(join(tmpdir(), 'trials-'));
let server: Server;
let port = 0;
let hits = 0;
let nowMs = 0;
let ids = 0;
const made: Trials[] = [];
const trials = (...allow: string[]): Trials => {
	const one = createTrials({ allow, spoolFolder, nowMs: () => nowMs, newId: () => `t${ids++}` });
	made.push(one);
	return one;
};
beforeAll(async () => {
	server = createServer((_, response) => {
		hits++;
		response.end('{"t": 21.5}');
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	({ port } = server.address() as AddressInfo);
});
afterAll(async () => {
	for (const one of made) await one.stop();
	server.close();
	rmSync(spoolFolder, { recursive: true });
});
const source = (more: object = {}) => ({
	...{ name: 'x', type: 'http-poll', url: `http://127.0.0.1:${port}/`, every: '100ms' },
	values: [{ path: '$.t', stream: 'x/t' }],
	...more,
});

describe('an address that somebody types', () => {
	/** Each library connects in its own way: by options, by port and host, with TLS. */
	const ways = {
		'http-poll': () => source(),
		'http-poll over https': () => source({ url: `https://localhost:${port}/` }),
		modbus: () => ({
			name: 'x',
			type: 'modbus',
			url: `tcp://localhost:${port}`,
			registers: [{ number: '40001', stream: 'a' }],
		}),
		mqtt: () => ({ name: 'x', type: 'mqtt', url: `mqtt://127.0.0.1:${port}`, subscribe: [{ topic: 'a' }] }),
		'mqtt over WebSocket': () => ({
			name: 'x',
			type: 'mqtt',
			url: `ws://localhost:${port}/`,
			subscribe: [{ topic: 'a' }],
		}),
		opcua: () => ({
			name: 'x',
			type: 'opcua',
			url: `opc.tcp://127.0.0.1:${port}`,
			items: [{ node: 'i=1', stream: 'a' }],
		}),
	};
	it('inside of the network is not connected to, whichever library would do it', async () => {
		let connections = 0;
		const count = () => connections++;
		server.on('connection', count);
		const configs = Object.values(ways).map((way) => ({ isolate: false, ...way() }));
		const { stdout } = await run(process.execPath, [GUARDED, JSON.stringify(configs), spoolFolder]);
		const said = (JSON.parse(stdout) as string[]).map((text) => (/private network/.test(text) ? 'refused' : text));
		expect(Object.fromEntries(Object.keys(ways).map((name, i) => [name, said[i]]))).toEqual(
			Object.fromEntries(Object.keys(ways).map((name) => [name, 'refused'])),
		);
		server.off('connection', count);
		expect([connections, hits]).toEqual([0, 0]);
	});
	it('that an operator has allowed is read, and shows what it has', async () => {
		const one = trials(`127.0.0.1:${port}`);
		const id = one.begin(source());
		await until(() => (one.report(id)?.entries[0]?.streams[0]?.points ?? 0) > 1);
		expect(one.report(id)).toMatchObject({ reached: { what: 'the server has answered' }, error: null, faults: [] });
		expect(await one.discover({ ...source(), values: undefined }, { forMs: 0 })).toEqual([
			{ name: '$.t', value: 21.5, unit: '', entry: { path: '$.t', stream: 'x/t' } },
		]);
		await one.end(id);
		expect(one.report(id)).toBeUndefined();
	});
	it('is not read for ever', async () => {
		const one = trials();
		const id = one.begin(source());
		nowMs += 121_000;
		await until(() => one.report(id) === undefined);
	});
});

describe('what is refused', () => {
	const faults = (config: object) => {
		try {
			trials().begin(config);
		} catch (error) {
			if (error instanceof InputError) return error.faults.map(({ path, message }) => `${path} ${message}`);
		}
		return [];
	};
	it.each([
		[{ type: 'replay', file: '/etc/passwd' }, /^\$\.type choose one of http-poll, modbus, mqtt, opcua, prometheus$/],
		[{ type: 'llm-probe' }, /^\$\.type choose one of/],
		[{ auth: { bearer: 'file:/etc/passwd' } }, /names a file of the server/],
		[{ headers: { a: 'file:/etc/passwd' } }, /names a file of the server/],
		[{ tls: { ca: '/etc/passwd' } }, /^\$\.tls\.ca names a file of the server/],
		[{ type: 'opcua', security: { trust: '/etc' } }, /^\$\.security\.trust names a file/],
		[{ type: 'modbus', url: 'rtu:///dev/ttyUSB0' }, /^\$\.url is a serial device/],
		[{ name: '../../x' }, /^\$\.name a collector name is/],
		[{ values: [{ path: 'x', stream: 'a' }] }, /^\$\.values\[0\]\.path write a path/],
		[{ nothing: 1 }, /^\$\.nothing there is no such option/],
	])('is %j', (more, why) => expect(faults(source(more))[0]).toMatch(why));
	it('is a fifth one at once', () => {
		const one = trials();
		for (let i = 0; i < 4; i++) one.begin(source());
		expect(() => one.begin(source())).toThrow(QuotaError);
		return one.stop();
	});
});
