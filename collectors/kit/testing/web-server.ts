import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a device answers with; a test changes it while it runs. */
export interface WebServer {
	readonly url: string;
	readonly port: number;
	/** Given once each, the last one for ever. */
	answers: readonly WebAnswer[];
	readonly requests: IncomingMessage[];
	close(): Promise<void>;
}
export interface WebAnswer {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
	/** Never ends. */
	readonly isSilent?: true;
}

export async function startWebServer(answers: readonly WebAnswer[], port = 0): Promise<WebServer> {
	const requests: IncomingMessage[] = [];
	const web = { url: '', port: 0, answers, requests, close };
	let given = 0;
	const server = createServer((request, response) => {
		requests.push(request);
		const answer = web.answers[Math.min(given++, web.answers.length - 1)] ?? {};
		if (answer.isSilent) return;
		response.writeHead(answer.status ?? 200, { ...answer.headers }).end(answer.body ?? '');
	});
	async function close(): Promise<void> {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
	await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
	web.port = (server.address() as AddressInfo).port;
	web.url = `http://127.0.0.1:${web.port}/data`;
	return web;
}
