import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
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

/** @param more `tls`: it speaks https with these */
export async function startWebServer(
	answers: readonly WebAnswer[],
	{ port = 0, tls }: { readonly port?: number; readonly tls?: { readonly cert: Buffer; readonly key: Buffer } } = {},
): Promise<WebServer> {
	const requests: IncomingMessage[] = [];
	const web = { url: '', port: 0, answers, requests, close };
	let given = 0;
	const answer: RequestListener = (request, response) => {
		requests.push(request);
		const now = web.answers[Math.min(given++, web.answers.length - 1)] ?? {};
		if (now.isSilent) return;
		response.writeHead(now.status ?? 200, { ...now.headers }).end(now.body ?? '');
	};
	const server = tls ? createSecureServer(tls, answer) : createServer(answer);
	async function close(): Promise<void> {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
	await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
	web.port = (server.address() as AddressInfo).port;
	web.url = `${tls ? 'https' : 'http'}://127.0.0.1:${web.port}/data`;
	return web;
}
