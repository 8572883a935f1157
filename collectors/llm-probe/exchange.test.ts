import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createTransport, type Exchange, type Fetch } from './exchange.ts';

const servers: Server[] = [];
afterEach(() => {
	for (const server of servers.splice(0)) {
		server.closeAllConnections();
		server.close();
	}
});

async function serve(listener: RequestListener): Promise<string> {
	const server = createServer(listener);
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const open = (connections: 'new' | 'reused' = 'new') =>
	createTransport({ nowMs: () => performance.now(), connections });
const begin = (transport = open()): { fetch: Fetch; exchange: Exchange } =>
	transport.begin(new AbortController().signal);

describe('the time of a chunk', () => {
	it('is that of its arrival, however late it is read', async () => {
		const sent = Promise.withResolvers<void>();
		const url = await serve((_, response) => {
			response.on('close', sent.resolve);
			response.write('a');
			setTimeout(() => response.end('b'), 30);
		});
		const { fetch, exchange } = begin();
		const { body } = await fetch(url);
		await sent.promise;
		await delay(100);
		const fromMs = performance.now();
		const reader = body!.getReader();
		const times: number[] = [];
		for (let part = await reader.read(); !part.done; part = await reader.read()) times.push(exchange.chunkMs);
		expect(times).toHaveLength(2);
		expect([times[0]! < times[1]!, times[1]! < fromMs]).toEqual([true, true]);
	});
	it('counts from a connection that stands', async () => {
		const url = await serve((_, response) => response.end('a'));
		const { fetch, exchange } = begin();
		await (await fetch(url)).text();
		expect([exchange.isReused, exchange.connectMs! > 0]).toEqual([false, true]);
		expect(exchange.sentMs).toBe(exchange.startedMs + exchange.connectMs!);
	});
});

describe('a connection that was kept', () => {
	it('is used again, and was not opened', async () => {
		const url = await serve((_, response) => response.end('a'));
		const transport = open('reused');
		for (const isReused of [false, true, true]) {
			const { fetch, exchange } = begin(transport);
			await (await fetch(url)).text();
			expect([exchange.isReused, exchange.connectMs === undefined]).toEqual([isReused, isReused]);
		}
		transport.close();
	});
	it('and has been closed meanwhile is no failure of anybody', async () => {
		let requests = 0;
		const url = await serve((request, response) => {
			requests++;
			// The second request of a connection finds it closed.
			if (requests === 2) request.socket.destroy();
			else response.end('a');
		});
		const transport = open('reused');
		for (const isReused of [false, false]) {
			const { fetch, exchange } = begin(transport);
			expect(await (await fetch(url)).text()).toBe('a');
			expect([exchange.isReused, exchange.failure]).toEqual([isReused, undefined]);
		}
		expect(requests).toBe(3);
		transport.close();
	});
});

describe('what comes from outside', () => {
	it('goes nowhere else than it was sent to', async () => {
		const other = await serve(() => expect.unreachable());
		const url = await serve((_, response) => response.writeHead(307, { location: other }).end());
		const { fetch, exchange } = begin();
		await expect(fetch(url, { headers: { authorization: 'Bearer sk' } })).rejects.toThrow('answer 307');
		expect(exchange.refusal).toEqual({ status: 307, body: '' });
	});
	it('has a bound', async () => {
		const part = Buffer.alloc(1024 * 1024);
		const url = await serve((_, response) => {
			response.on('error', () => undefined);
			const more = () => {
				while (!response.destroyed && response.write(part));
			};
			response.on('drain', more);
			more();
		});
		const { fetch, exchange } = begin();
		await expect(fetch(url).then((response) => response.text())).rejects.toThrow('more than 33554432 bytes');
		expect(exchange.failure?.message).toContain('33554432');
	});
	it('and is compressed though nobody asked is not guessed at', async () => {
		const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'));
		const { fetch, exchange } = begin();
		await expect(fetch(url)).rejects.toThrow('compressed');
		expect(exchange.refusal?.body).toBe('the answer is compressed (gzip), which nobody asked for');
	});
});
