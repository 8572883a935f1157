import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** A hub that looks at nothing and says ack: for the bench, a process of its own that tells its address to its parent. */
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('listening', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
server.on('connection', (socket) => {
	let streams = 0;
	socket.on('message', (data: Buffer, isBinary) => {
		if (isBinary) return socket.send(JSON.stringify({ ack: Number(data.readBigUInt64LE(1)) }));
		const message = JSON.parse(data.toString()) as { hello?: { streams: object[] }; declare?: object[]; seq?: number };
		streams += (message.hello?.streams ?? message.declare ?? []).length;
		if (message.seq !== undefined) return socket.send(JSON.stringify({ ack: message.seq }));
		if (message.hello === undefined) return;
		const welcome = { streams: Array.from({ length: streams }, (_, i) => i), resumeAfter: 0, maxBytes: 512 * 1024 };
		socket.send(JSON.stringify({ welcome }));
	});
});
process.on('disconnect', () => process.exit());
