import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { createParser } from 'eventsource-parser';
import type { LlmApi } from '#lib/llm/api.ts';
import { emptyTally, tallyEvent, type Tally } from '#lib/llm/tally.ts';

/** Reads an answer as it passes. Nothing that it meets holds the answer up; what it cannot read it lets pass unread. */
export interface AnswerReader {
	readonly tally: Tally;
	/** Comes piece by piece: first and further tokens have times. */
	readonly isStream: boolean;
	/** It could not be read to the end: what it says about its end and usage is not known. */
	isUnread(): boolean;
	take(chunk: Uint8Array, atMs: number): void;
	/** Resolves once all that was taken has been read. */
	end(): Promise<void>;
}

/** A document, a line or an event may have so much; so much waits to be unpacked. */
const MAX_HELD = 8 * 1024 * 1024;

export function createAnswerReader(
	api: LlmApi,
	{ contentType, encoding }: { readonly contentType: string; readonly encoding: string },
): AnswerReader {
	const tally = emptyTally();
	const state = { isUnread: false, atMs: 0 };
	const give = (events: ReturnType<LlmApi['whole']>) => {
		for (const event of events) tallyEvent(tally, event, state.atMs);
	};
	const unread = () => void (state.isUnread = true);
	const documents = readerOf(contentType, api, give);
	const read = guarded(documents, unread, state);
	const unpack = unpackerOf(encoding);
	if (unpack === 'unknown') unread();
	const packed = unpack === undefined || unpack === 'unknown' ? undefined : unpack;
	packed?.on('data', (bytes: Uint8Array) => read.take(bytes)).on('error', unread);

	return {
		tally,
		isStream: documents.isStream,
		isUnread: () => state.isUnread,
		take(chunk, atMs) {
			if (state.isUnread) return;
			// What is unpacked later arrived no later than this.
			state.atMs = atMs;
			if (packed === undefined) return read.take(chunk);
			if (packed.writableLength > MAX_HELD) return unread();
			packed.write(chunk);
		},
		async end() {
			if (packed && !state.isUnread)
				await new Promise<void>((resolve) => {
					packed.once('close', resolve).once('end', () => resolve());
					packed.end();
				});
			read.end();
			packed?.destroy();
		},
	};
}

interface Documents {
	readonly isStream: boolean;
	take(bytes: Uint8Array): void;
	end(): void;
}

/** A fault in what passes is the answer's own business. */
function guarded(documents: Documents, unread: () => void, state: { readonly isUnread: boolean }) {
	const attempt = (work: () => void) => {
		if (state.isUnread) return;
		try {
			work();
		} catch {
			unread();
		}
	};
	return { take: (bytes: Uint8Array) => attempt(() => documents.take(bytes)), end: () => attempt(documents.end) };
}

type Give = (events: ReturnType<LlmApi['whole']>) => void;

function readerOf(contentType: string, api: LlmApi, give: Give): Documents {
	if (/^text\/event-stream\b/i.test(contentType)) return eventsOf(api, give);
	if (/^application\/(?:x-ndjson|jsonl)\b/i.test(contentType)) return linesOf(api, give);
	return wholeOf(api, give);
}

function eventsOf(api: LlmApi, give: Give): Documents {
	const reader = api.createReader();
	const decoder = new TextDecoder();
	const parser = createParser({
		maxBufferSize: MAX_HELD,
		onEvent({ data }) {
			if (data !== '[DONE]') give(reader.take(JSON.parse(data)));
		},
	});
	return {
		isStream: true,
		take: (bytes) => parser.feed(decoder.decode(bytes, { stream: true })),
		end: () => undefined,
	};
}

function linesOf(api: LlmApi, give: Give): Documents {
	const reader = api.createReader();
	const decoder = new TextDecoder();
	let rest = '';
	const line = (text: string) => {
		if (text.trim() !== '') give(reader.take(JSON.parse(text)));
	};
	return {
		isStream: true,
		take(bytes) {
			const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n');
			rest = parts.pop() ?? '';
			if (rest.length > MAX_HELD) throw new RangeError('a line that long is none');
			parts.forEach(line);
		},
		end: () => line(rest),
	};
}

function wholeOf(api: LlmApi, give: Give): Documents {
	const chunks: Uint8Array[] = [];
	let held = 0;
	return {
		isStream: false,
		take(bytes) {
			held += bytes.length;
			if (held > MAX_HELD) {
				chunks.length = 0;
				throw new RangeError('a document that long is none');
			}
			chunks.push(bytes);
		},
		end() {
			if (held > 0) give(api.whole(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
		},
	};
}

function unpackerOf(encoding: string): Transform | undefined | 'unknown' {
	switch (encoding.trim().toLowerCase()) {
		case '':
		case 'identity':
			return undefined;
		case 'gzip':
		case 'x-gzip':
			return createGunzip();
		case 'deflate':
			return createInflate();
		case 'br':
			return createBrotliDecompress();
		case 'zstd':
			return createZstdDecompress();
		default:
			return 'unknown';
	}
}
