import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';

/** What a client of a provider needs of `fetch`; all of them take one of one's own. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** An answer that is a refusal, with the beginning of what it says. */
export interface Refusal {
	readonly status: number;
	readonly body: string;
}

/**
 * One HTTP exchange, with the times at which the network did what. Times are milliseconds of the stopwatch; undefined is
 * what has not happened.
 */
export interface Exchange {
	readonly startedMs: number;
	/** The request left on an open connection. */
	readonly sentMs: number | undefined;
	/** Name look-up, TCP and TLS; undefined on a connection that was open. */
	readonly connectMs: number | undefined;
	readonly isReused: boolean;
	readonly headers: Headers | undefined;
	/** When the bytes arrived that the reader was given last: reading late does not make them later. */
	readonly chunkMs: number;
	readonly refusal: Refusal | undefined;
	/** Why the network failed. */
	readonly failure: Error | undefined;
}

export interface Transport {
	/** For one exchange; a second fetch with it replaces the times of the first. */
	begin(signal: AbortSignal): { readonly fetch: Fetch; readonly exchange: Exchange };
	/** Closes idle connections. */
	close(): void;
}

/** Of an answer nobody needs more, and nobody may fill the memory with one. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
const MAX_REFUSAL_CHARS = 4000;

type Mutable = { -readonly [Name in keyof Exchange]: Exchange[Name] };

/**
 * HTTP with true times, below the providers' clients: they parse, it measures. No redirects (a key goes nowhere else), no
 * compression, no retries but of what nobody has seen.
 *
 * @param nowMs a stopwatch: never set, to a microsecond
 * @param connections `new`: one for each exchange, so that each measures the same thing
 */
export function createTransport(options: {
	readonly nowMs: () => number;
	readonly connections: 'new' | 'reused';
}): Transport {
	const keepAlive = options.connections === 'reused';
	const agents = { http: new HttpAgent({ keepAlive }), https: new HttpsAgent({ keepAlive }) };
	return {
		begin(signal) {
			const exchange = nothingYet(options.nowMs());
			const fetch: Fetch = async (input, init = {}) => {
				const attempt = () => {
					Object.assign(exchange, nothingYet(options.nowMs()));
					return send({ url: urlOf(input), init, exchange, agents, nowMs: options.nowMs, signal });
				};
				try {
					return await attempt();
				} catch (error) {
					if (!wasGone(exchange, error)) throw error;
					return attempt();
				}
			};
			return { fetch, exchange };
		},
		close() {
			agents.http.destroy();
			agents.https.destroy();
		},
	};
}

/**
 * A kept connection that the other side had closed meanwhile: nobody has seen the request. Node's documentation has this rule for
 * `reusedSocket`.
 */
function wasGone({ isReused, headers }: Exchange, error: unknown): boolean {
	return isReused && headers === undefined && (error as NodeJS.ErrnoException).code === 'ECONNRESET';
}

function nothingYet(nowMs: number): Mutable {
	return {
		startedMs: nowMs,
		sentMs: undefined,
		connectMs: undefined,
		isReused: false,
		headers: undefined,
		chunkMs: nowMs,
		refusal: undefined,
		failure: undefined,
	};
}

interface Sending {
	readonly url: URL;
	readonly init: RequestInit;
	readonly exchange: Mutable;
	readonly agents: { readonly http: HttpAgent; readonly https: HttpsAgent };
	readonly nowMs: () => number;
	readonly signal: AbortSignal;
}

async function send(sending: Sending): Promise<Response> {
	const { exchange, nowMs } = sending;
	try {
		const response = await headersOf(sending);
		exchange.chunkMs = nowMs();
		const status = response.statusCode ?? 0;
		exchange.headers = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
		const encoding = response.headers['content-encoding'] ?? 'identity';
		if (encoding !== 'identity') {
			response.destroy();
			exchange.refusal = { status, body: `the answer is compressed (${encoding}), which nobody asked for` };
			throw new Error(exchange.refusal.body);
		}
		const body = bodyOf(response, sending);
		if (status >= 200 && status < 300) return new Response(body, { status, headers: exchange.headers });
		exchange.refusal = { status, body: (await new Response(body).text()).slice(0, MAX_REFUSAL_CHARS) };
		throw new Error(`answer ${status}`);
	} catch (error) {
		if (!exchange.refusal) exchange.failure ??= error as Error;
		throw error;
	}
}

function headersOf(sending: Sending): Promise<IncomingMessage> {
	const { url, init, agents, signal } = sending;
	const isSecure = url.protocol === 'https:';
	const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
	const headers = { ...Object.fromEntries(new Headers(init.headers)), 'accept-encoding': 'identity' };
	const body = bytesOf(init.body);
	const request = (isSecure ? httpsRequest : httpRequest)(url, {
		method: init.method ?? 'GET',
		headers: { ...headers, 'content-length': String(body.byteLength) },
		agent: isSecure ? agents.https : agents.http,
		signal,
	});
	// A client that gives up by itself, as after an answer that it cannot read.
	init.signal?.addEventListener('abort', () => request.destroy(), { once: true });
	timeConnection(request, isSecure, sending);
	request.once('response', resolve);
	// After the headers the answer says it, too.
	request.on('error', reject);
	request.end(body);
	return promise;
}

/** Node sends what it was given as soon as the connection stands: within the same event. */
function timeConnection(request: ClientRequest, isSecure: boolean, { exchange, nowMs }: Sending): void {
	request.once('socket', (socket: Socket) => {
		if (request.reusedSocket || !socket.connecting) {
			exchange.isReused = true;
			exchange.sentMs = nowMs();
			return;
		}
		socket.once(isSecure ? 'secureConnect' : 'connect', () => {
			exchange.sentMs = nowMs();
			exchange.connectMs = exchange.sentMs - exchange.startedMs;
			socket.setNoDelay(true);
		});
	});
}

/** Chunks wait here with the time of their arrival, so that however late they are read their time is true. */
function bodyOf(response: IncomingMessage, { exchange, nowMs }: Sending): ReadableStream<Uint8Array> {
	const waiting: { readonly chunk: Uint8Array; readonly atMs: number }[] = [];
	let bytes = 0;
	let isOver = false;
	let endMs = 0;
	let wake = () => {};
	const fail = (error: Error) => {
		exchange.failure ??= error;
		isOver = true;
		wake();
	};
	response.on('data', (chunk: Uint8Array) => {
		waiting.push({ chunk, atMs: nowMs() });
		bytes += chunk.byteLength;
		wake();
		if (bytes > MAX_ANSWER_BYTES) response.destroy(new Error(`more than ${MAX_ANSWER_BYTES} bytes`));
	});
	response.on('error', fail);
	response.on('end', () => {
		endMs = nowMs();
		isOver = true;
		wake();
	});
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				while (waiting.length === 0 && !isOver) await new Promise<void>((resolve) => (wake = resolve));
				const next = waiting.shift();
				if (next) {
					exchange.chunkMs = next.atMs;
					return controller.enqueue(next.chunk);
				}
				if (exchange.failure) return controller.error(exchange.failure);
				exchange.chunkMs = endMs;
				controller.close();
			},
			cancel: () => void response.destroy(),
		},
		// Nothing is read ahead: the time would be that of a later chunk.
		{ highWaterMark: 0 },
	);
}

function urlOf(input: string | URL | Request): URL {
	return new URL(input instanceof Request ? input.url : input);
}

/** The clients of providers send text; anything else would need a stream. */
function bytesOf(body: RequestInit['body']): Uint8Array {
	if (body === undefined || body === null) return new Uint8Array();
	if (typeof body === 'string') return new TextEncoder().encode(body);
	if (body instanceof Uint8Array) return body;
	throw new TypeError('a request to a provider has a body of text or bytes');
}
