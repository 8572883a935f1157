import { request as httpRequest, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { requestHeaders, responseHeaders } from './headers.ts';
import type { ProxyTarget } from './targets.ts';

/** What is watched as a call passes; times are milliseconds of a stopwatch. Must not throw and must not wait. */
export interface Witness {
	/** The request left on an open connection. @param connectMs undefined on a connection that was open */
	sent(atMs: number, connectMs: number | undefined): void;
	asked(chunk: Uint8Array): void;
	answered(answer: IncomingMessage, atMs: number): void;
	chunk(chunk: Uint8Array, atMs: number): void;
}

/** How it ended. `failed` before an answer began leaves the client to be answered by who forwarded. */
export type Ending =
	| { readonly kind: 'whole' }
	| { readonly kind: 'client-gone' }
	| { readonly kind: 'failed'; readonly error: Error; readonly hasBegun: boolean };

/**
 * Sends a request on and its answer back, byte by byte as they come. What is slow on one side is not read on the other, so nothing
 * piles up here; who goes away takes the other side along.
 *
 * @param path with its query, as the client spelt it
 */
export function forward(options: {
	readonly target: ProxyTarget;
	readonly path: string;
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly witness: Witness;
	readonly nowMs: () => number;
}): Promise<Ending> {
	const { target, path, request, response, witness, nowMs } = options;
	const { promise, resolve } = Promise.withResolvers<Ending>();
	const isSecure = target.url.protocol === 'https:';
	const upstream = (isSecure ? httpsRequest : httpRequest)({
		agent: target.agent,
		host: target.url.hostname.replace(/^\[|\]$/g, ''),
		port: target.url.port === '' ? (isSecure ? 443 : 80) : Number(target.url.port),
		method: request.method,
		path: target.basePath + path,
		headers: requestHeaders(request.rawHeaders, target),
		setDefaultHeaders: false,
		servername: target.url.hostname,
	});
	let hasBegun = false;
	const fail = (error: Error) => {
		resolve({ kind: 'failed', error, hasBegun });
		// A client has to see that the rest is missing, as it would have without us.
		if (hasBegun) response.destroy();
	};

	watchConnection(upstream, { isSecure, witness, nowMs });
	upstream.on('error', fail);
	upstream.on('response', (answer) => {
		hasBegun = true;
		witness.answered(answer, nowMs());
		passBack(answer, response, (chunk) => witness.chunk(chunk, nowMs()));
		answer.on('error', fail).on('aborted', () => fail(new Error('the answer was cut off')));
		response.on('finish', () => resolve({ kind: 'whole' }));
	});
	response.on('close', () => {
		if (response.writableFinished) return;
		resolve({ kind: 'client-gone' });
		upstream.destroy();
	});
	passOn(request, upstream, (chunk) => witness.asked(chunk));
	return promise;
}

/** Node sends what it was given as soon as the connection stands: within the same event. */
function watchConnection(
	upstream: ClientRequest,
	{ isSecure, witness, nowMs }: { isSecure: boolean; witness: Witness; nowMs: () => number },
): void {
	const startedMs = nowMs();
	upstream.once('socket', (socket: Socket) => {
		if (upstream.reusedSocket || !socket.connecting) return witness.sent(nowMs(), undefined);
		socket.once(isSecure ? 'secureConnect' : 'connect', () => witness.sent(nowMs(), nowMs() - startedMs));
	});
}

function passOn(request: IncomingMessage, upstream: ClientRequest, seen: (chunk: Uint8Array) => void): void {
	request.on('data', (chunk: Uint8Array) => {
		if (!upstream.write(chunk)) request.pause();
		seen(chunk);
	});
	upstream.on('drain', () => request.resume());
	request.on('end', () => upstream.end());
	// Half a request is none.
	request.on('error', () => upstream.destroy());
}

/** First the bytes on their way, then a look at them: looking must not make a token later. */
function passBack(answer: IncomingMessage, response: ServerResponse, seen: (chunk: Uint8Array) => void): void {
	response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', responseHeaders(answer.rawHeaders));
	response.flushHeaders();
	answer.on('data', (chunk: Uint8Array) => {
		if (!response.write(chunk)) answer.pause();
		seen(chunk);
	});
	response.on('drain', () => answer.resume());
	answer.on('end', () => {
		if (Object.keys(answer.trailers).length > 0) response.addTrailers(answer.trailers as Record<string, string>);
		response.end();
	});
}
