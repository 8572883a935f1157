import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import { ConfigError } from '#contracts/error.ts';
import type { Hub } from '../hub.ts';

/** Where a download stands, for who looks at it. */
export interface Downloaded {
	readonly bytes: number;
	/** 0 to 1, about; undefined where that is not known. */
	readonly share: number | undefined;
}

export interface Download {
	readonly hub: Hub;
	/** Of `/api/v1/export`. */
	readonly query: URLSearchParams;
	readonly file: string;
	/** Cuts off what is not whole and says behind which point it goes on; undefined: a broken one begins anew. */
	readonly lastPoint: ((partial: string) => string | undefined) | undefined;
	/** The moment that the first try was as of. */
	readonly asOf: { get(): string | undefined; set(asOf: string): void };
	readonly onProgress: (state: Downloaded) => void;
	readonly signal: AbortSignal;
}

const TRIES = 6;
const WAIT_MS = 500;

/**
 * Into `FILE.partial`, and to its name when all of it is there: a file of that name is whole.
 *
 * @throws ConfigError with what the server says; Error when the connection broke too often
 */
export async function download(wanted: Download): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		try {
			await once(wanted);
			await rename(`${wanted.file}.partial`, wanted.file);
			return;
		} catch (error) {
			wanted.signal.throwIfAborted();
			if (error instanceof ConfigError || attempt >= TRIES) throw error;
			await new Promise((resolve) => setTimeout(resolve, WAIT_MS * 2 ** attempt));
		}
	}
}

async function once({ hub, query, file, lastPoint, asOf, onProgress, signal }: Download): Promise<void> {
	const partial = `${file}.partial`;
	const after = lastPoint?.(partial);
	const asked = new URLSearchParams(query);
	const known = asOf.get();
	if (after !== undefined && known !== undefined) {
		asked.set('after', after);
		asked.set('asOf', known);
	}
	const goesOn = asked.has('after');
	const headers = { authorization: `Bearer ${hub.key}` };
	const response = await fetch(`${hub.url}/api/v1/export?${asked}`, { headers, signal });
	if (!response.ok) throw await refusal(response);
	if (!goesOn) asOf.set(response.headers.get('x-export-as-of') ?? '');
	const points = response.headers.get('x-export-points');
	const output = await open(partial, goesOn ? 'a' : 'w');
	try {
		let bytes = goesOn ? (await output.stat()).size : 0;
		let lines = goesOn ? await linesOf(partial) : 0;
		const length = response.headers.get('content-length');
		for await (const chunk of response.body ?? []) {
			await output.write(chunk);
			bytes += chunk.length;
			lines += newlinesIn(chunk);
			// A point is a line, where the length is not known before.
			const share = length === null ? lines / Number(points) : bytes / Number(length);
			onProgress({ bytes, share: Number.isFinite(share) ? Math.min(1, share) : undefined });
		}
		await output.sync();
	} finally {
		await output.close();
	}
}

async function linesOf(file: string): Promise<number> {
	let lines = 0;
	for await (const chunk of createReadStream(file)) lines += newlinesIn(chunk as Uint8Array);
	return lines;
}

function newlinesIn(chunk: Uint8Array): number {
	let count = 0;
	for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) count++;
	return count;
}

/** What waiting helps against is no fault of who asks. */
async function refusal(response: Response): Promise<Error> {
	const { detail = response.statusText } = (await response.json().catch(() => ({}))) as { detail?: string };
	const message = `cannot export: ${detail}`;
	return response.status === 503 || response.status === 429 ? new Error(message) : new ConfigError(message);
}

/** A line of `SHA256SUMS`. */
export async function sumOf(file: string, name: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
	return `${hash.digest('hex')}  ${name}\n`;
}

export async function isThere(file: string): Promise<boolean> {
	return stat(file).then(
		() => true,
		() => false,
	);
}
