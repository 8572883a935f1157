import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
	readonly atMs: number;
}

/** A real HTTP server that takes what is sent, and answers as it is told. */
export interface Receiver {
	readonly url: string;
	readonly received: Received[];
	/** How it answers from now on; 200 until then. */
	answerWith(answer: (response: ServerResponse, received: Received) => void): void;
	stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
	const received: Received[] = [];
	let answer = (response: ServerResponse, _received: Received): void => void response.end('ok');
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const body = Buffer.concat(chunks).toString();
			const one = { path: request.url ?? '', headers: request.headers, body, atMs: performance.now() };
			received.push(one);
			answer(response, one);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		received,
		answerWith: (next) => void (answer = next),
		async stop() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
