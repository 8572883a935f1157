import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { until } from '#tests/support/until.ts';
import { joined, packetOf, type Packet } from './packet.ts';

let server: Server;
let wire: Duplex;
let client: WebSocket;
const heard: (string | Buffer)[] = [];

beforeAll(async () => {
	const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
	server = createServer().on('upgrade', (request, socket, head) => {
		wire = socket;
		sockets.handleUpgrade(request, socket, head, () => undefined);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
	client.on('message', (data: Buffer, isBinary) => heard.push(isBinary ? data : data.toString()));
	await once(client, 'open');
});
afterAll(() => {
	client.terminate();
	server.close();
});

/** What a client of the library makes of it. */
async function read(packet: Packet): Promise<(string | Buffer)[]> {
	heard.length = 0;
	wire.write(packet.bytes);
	await until(() => heard.length === packet.messages);
	return [...heard];
}

describe('a packet', () => {
	const f = async (message: string | Buffer) => expect(await read(packetOf(message))).toEqual([message]);
	for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000]) {
		it(`of ${length} bytes is one binary message`, () => f(Buffer.alloc(length, 7)));
		it(`of ${length} letters is one text message`, () => f('a'.repeat(length)));
	}
	it('counts the bytes of a text and not its letters', () => f('°C → '.repeat(30)));
	it('of several is each of them, in this order', async () => {
		const all = ['first', Buffer.from([1, 2]), '', 'x'.repeat(70_000), Buffer.alloc(300)];
		expect(await read(joined(all.map(packetOf))!)).toEqual(all);
	});
	it('of one is that one', () => {
		const one = packetOf('one');
		expect(joined([one])).toBe(one);
	});
	it('of none is nothing', () => expect(joined([])).toBeUndefined());
});
