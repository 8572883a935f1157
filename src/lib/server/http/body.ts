import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { BodyLimits } from './ports.ts';
import { Problem, unavailable } from './problem.ts';

export const BODY_LIMITS: BodyLimits = {
	maxBytes: 32 * 1024 * 1024,
	maxHeldBytes: 256 * 1024 * 1024,
	idleMs: 15_000,
	totalMs: 120_000,
};

/** After a refusal the rest of a body is thrown away this long, so that the sender gets to read why. */
const LINGER_MS = 2000;
const MOST_HEAD_BYTES = 16 * 1024;

export interface Bodies {
	/** Of all bodies that are being read or taken now. */
	heldBytes(): number;
	/**
	 * Reads a body, unpacked, and holds it while `use` runs.
	 *
	 * @throws Problem 413 (too large, also once unpacked), 415 (an encoding that we do not read), 408 (too slow), 400
	 * (cut short or broken gzip), 503 (too many bodies at once)
	 */
	use<T>(exchange: Exchange, use: (bytes: Buffer) => Promise<T>): Promise<T>;
}

interface Exchange {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	/** Smaller than the usual limit. */
	readonly maxBytes?: number;
}

/** Reads request bodies under limits of size, pace and total memory. */
export function createBodies(limits: BodyLimits): Bodies {
	let heldBytes = 0;

	/** Counts one body; all of it is given back at once. */
	function createHold(maxBytes: number) {
		let mine = 0;
		return {
			add(bytes: number) {
				mine += bytes;
				heldBytes += bytes;
				if (mine > maxBytes) throw new Problem(413, `The body is larger than ${maxBytes} bytes: send it in parts.`);
				if (heldBytes > limits.maxHeldBytes) throw unavailable('Too much is being sent at once.', 1);
			},
			release() {
				heldBytes -= mine;
				mine = 0;
			},
		};
	}

	return {
		heldBytes: () => heldBytes,
		async use(exchange, use) {
			const maxBytes = exchange.maxBytes ?? limits.maxBytes;
			const hold = createHold(maxBytes);
			try {
				return await use(await readAll(exchange, { ...limits, maxBytes }, hold.add));
			} catch (error) {
				hold.release();
				if (error instanceof Problem) await giveUp(exchange, error);
				throw error;
			} finally {
				hold.release();
			}
		},
	};
}

async function readAll(
	{ request, response }: Exchange,
	limits: BodyLimits,
	hold: (bytes: number) => void,
): Promise<Buffer> {
	const announced = Number(request.headers['content-length'] ?? 0);
	if (announced > limits.maxBytes)
		throw new Problem(413, `The body has ${announced} bytes; ${limits.maxBytes} are allowed: send it in parts.`);
	const gunzip = isGzip(request) ? createGunzip() : undefined;
	if (request.headers.expect !== undefined) response.writeContinue();
	const watch = watchPace(request, limits);
	try {
		return await Promise.race([watch.tooSlow, collect(gunzip ? request.pipe(gunzip) : request, request, hold)]);
	} finally {
		watch.stop();
		if (gunzip) request.unpipe(gunzip);
		gunzip?.destroy();
	}
}

function isGzip(request: IncomingMessage): boolean {
	const encoding = (request.headers['content-encoding'] ?? '').trim().toLowerCase();
	if (encoding === '' || encoding === 'identity') return false;
	if (encoding === 'gzip' || encoding === 'x-gzip') return true;
	throw new Problem(415, `Cannot read content-encoding ${JSON.stringify(encoding)}: send gzip or plain.`);
}

/** @param source the request, or what unpacks it */
function collect(source: Readable, request: IncomingMessage, hold: (bytes: number) => void): Promise<Buffer> {
	const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
	const chunks: Buffer[] = [];
	const broken = () => reject(new Problem(400, 'The body was cut short or is not valid gzip.'));
	const onData = (chunk: Buffer) => {
		try {
			hold(chunk.length);
			chunks.push(chunk);
		} catch (error) {
			source.off('data', onData);
			reject(error);
		}
	};
	source.on('data', onData);
	source.on('end', () => resolve(Buffer.concat(chunks)));
	source.on('error', broken);
	request.on('error', broken);
	request.on('aborted', broken);
	return promise;
}

/** Rejects when the body is too slow: by a pause, or as a whole. */
function watchPace(request: IncomingMessage, limits: BodyLimits) {
	const { promise: tooSlow, reject } = Promise.withResolvers<never>();
	tooSlow.catch(() => undefined);
	const give = (detail: string) => reject(new Problem(408, detail));
	const idle = setTimeout(() => give(`No byte came for ${limits.idleMs} ms.`), limits.idleMs);
	const total = setTimeout(() => give(`The body took longer than ${limits.totalMs} ms.`), limits.totalMs);
	const onData = () => idle.refresh();
	request.on('data', onData);
	const stop = () => {
		clearTimeout(idle);
		clearTimeout(total);
		request.off('data', onData);
	};
	return { tooSlow, stop };
}

/** Throws the rest away for a moment: an answer sent while the other side still writes may never be read. */
async function giveUp({ request, response }: Exchange, problem: Problem): Promise<void> {
	if (request.complete || request.destroyed) return;
	response.setHeader('connection', 'close');
	request.resume();
	// Who is slow, or still waits to be told to go on, is not writing.
	const { expect } = request.headers;
	if (problem.status === 408 || (expect !== undefined && request.socket.bytesRead < MOST_HEAD_BYTES)) return;
	await finished(request, { signal: AbortSignal.timeout(LINGER_MS), writable: false }).catch(() => undefined);
}
