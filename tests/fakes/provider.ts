import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as immediate, setTimeout as delay } from 'node:timers/promises';
import { anthropic } from './anthropic.ts';
import { bedrock } from './bedrock.ts';
import type { Dialect, FakeUsage } from './dialect.ts';
import { gemini } from './gemini.ts';
import { ollama } from './ollama.ts';
import { openAiChat } from './openai-chat.ts';
import { openAiResponses } from './openai-responses.ts';

/** What goes wrong, and after how many tokens. */
export type Fault =
	/** Takes the request and says nothing. */
	| { readonly kind: 'silent' }
	/** Goes on with nothing, the connection open. */
	| { readonly kind: 'stall'; readonly after: number }
	/** Ends well as far as HTTP goes. */
	| { readonly kind: 'truncate'; readonly after: number }
	/** Ends the connection with a TCP reset. */
	| { readonly kind: 'reset'; readonly after: number }
	/** Says inside the answer that it is overloaded. */
	| { readonly kind: 'error'; readonly after: number }
	/** Sends what no parser takes. */
	| { readonly kind: 'garbage'; readonly after: number }
	| { readonly kind: 'filtered' }
	| { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> };

export interface Script {
	readonly headersAfterMs: number;
	/** From the headers on. */
	readonly firstTokenAfterMs: number;
	readonly gapMs: number;
	readonly tokens: readonly string[];
	readonly usage: FakeUsage;
	readonly fault?: Fault | undefined;
}

export interface SeenRequest {
	readonly path: string;
	readonly headers: Readonly<Record<string, unknown>>;
	readonly body: Readonly<Record<string, unknown>>;
	/** When it had come in whole, and when the first token left; `performance.now()` of the fake. */
	readonly atMs: number;
	firstTokenMs?: number;
}

export interface FakeProvider {
	readonly url: string;
	readonly requests: SeenRequest[];
	/** What the next requests are answered with; a function may look at the request. */
	script: Script | ((request: SeenRequest) => Script);
	/** A document to refuse this request with, status 400; undefined lets it pass. */
	refusal: ((request: SeenRequest) => object | undefined) | undefined;
	/** Connections that are open. */
	open(): number;
	close(): Promise<void>;
}

export const GOOD: Script = {
	headersAfterMs: 0,
	firstTokenAfterMs: 0,
	gapMs: 0,
	tokens: Array.from({ length: 12 }, (_, i) => `${i + 1} `),
	usage: { input: 12, cached: 3, cacheWrite: 2, output: 12, reasoning: 0 },
};

const DIALECTS: readonly Dialect[] = [openAiChat, openAiResponses, anthropic, ollama, gemini, bedrock];

/** Every provider on one loopback port: the path says which. */
export async function startFakeProvider(script: Script = GOOD): Promise<FakeProvider> {
	const sockets = new Set<Socket>();
	const over = new AbortController();
	const fake: Pick<FakeProvider, 'requests' | 'script' | 'refusal'> = { requests: [], script, refusal: undefined };
	const server = createServer((request, response) => {
		// The client has gone away.
		response.on('error', () => undefined);
		void answer({ fake, request, response, signal: over.signal }).catch(() => response.destroy());
	});
	server.on('connection', (socket) => {
		sockets.add(socket.setNoDelay(true));
		socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return Object.assign(fake, {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		open: () => sockets.size,
		async close() {
			over.abort();
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	});
}

interface Answering {
	readonly fake: Pick<FakeProvider, 'requests' | 'script' | 'refusal'>;
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly signal: AbortSignal;
}

async function answer(answering: Answering): Promise<void> {
	const { fake, request, response, signal } = answering;
	const seen = await seenOf(request);
	fake.requests.push(seen);
	const script = typeof fake.script === 'function' ? fake.script(seen) : fake.script;
	const dialect = DIALECTS.find(({ path }) => path.test(seen.path));
	if (!dialect) return void response.writeHead(404).end('{"error":"no such path"}');
	const refusal = fake.refusal?.(seen);
	if (refusal) return void response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
	if (script.fault?.kind === 'silent') return;
	await wait(script.headersAfterMs, signal);
	if (script.fault?.kind === 'status') {
		const { status, headers } = script.fault;
		return void response
			.writeHead(status, { 'content-type': 'application/json', ...headers })
			.end(dialect.refusal(status));
	}
	response.writeHead(200, { 'content-type': dialect.contentType, 'openai-processing-ms': '42' });
	response.flushHeaders();
	await stream({ ...answering, script, dialect, seen });
}

async function stream(all: Answering & { script: Script; dialect: Dialect; seen: SeenRequest }): Promise<void> {
	const { script, dialect, seen, response, signal } = all;
	const fault = script.fault;
	const at = fault && 'after' in fault ? fault.after : Infinity;
	for (const bytes of dialect.head(String(seen.body.model ?? 'fake-model'))) response.write(bytes);
	for (const [i, token] of script.tokens.entries()) {
		if (i === at) break;
		await wait(i === 0 ? script.firstTokenAfterMs : script.gapMs, signal);
		if (i === 0) seen.firstTokenMs = performance.now();
		response.write(dialect.token(token));
	}
	switch (fault?.kind) {
		case 'stall':
			return;
		case 'truncate':
			return void response.end();
		case 'reset':
			// What was written has to be read first, also by a client in this process that had no turn meanwhile.
			await delay(20, undefined, { signal });
			for (let turn = 0; turn < 5; turn++) await immediate();
			return void response.socket?.resetAndDestroy();
		case 'error':
			return void response.end(dialect.error());
		case 'garbage':
			return void response.end('data: {"choices": [\n\n{"x\n');
		case undefined:
		case 'filtered':
		case 'silent':
		case 'status':
			for (const bytes of dialect.tail(script.usage, fault ? 'filtered' : 'stop')) response.write(bytes);
			response.end();
	}
}

async function seenOf(request: IncomingMessage): Promise<SeenRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const body = Buffer.concat(chunks).toString();
	const path = (request.url ?? '').replace(/\?.*/, '');
	return {
		path: decodeURIComponent(path),
		headers: request.headers,
		body: body === '' ? {} : (JSON.parse(body) as Record<string, unknown>),
		atMs: performance.now(),
	};
}

/** A timer of 0 ms takes one. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
	if (ms > 0) await delay(ms, undefined, { signal });
}
