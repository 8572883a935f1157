import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A server on this machine that answers as a provider would, always alike. */
export interface ControlServer {
	/** With `/v1`. */
	readonly baseUrl: string;
	close(): Promise<void>;
}

const FIRST_TOKEN_MS = 20;
const GAP_MS = 4;
const TOKENS = 24;

/**
 * What moves on its charts is this machine, its load or this program, and no provider: the reference for the others.
 *
 * @throws Error when no port can be had
 */
export async function startControlServer(): Promise<ControlServer> {
	const over = new AbortController();
	const server = createServer((request, response) => {
		request.resume();
		const write = (data: object | string) =>
			response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
		const answer = async () => {
			response.socket?.setNoDelay(true);
			response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
			for (let i = 0; i < TOKENS; i++) {
				await delay(i === 0 ? FIRST_TOKEN_MS : GAP_MS, undefined, { signal: over.signal });
				write({ model: 'loopback', choices: [{ index: 0, delta: { content: `${i + 1} ` } }] });
			}
			write({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
			write({ choices: [], usage: { prompt_tokens: TOKENS, completion_tokens: TOKENS } });
			write('[DONE]');
			response.end();
		};
		answer().catch(() => response.destroy());
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', resolve);
	});
	return {
		baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		async close() {
			over.abort();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
