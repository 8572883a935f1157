import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createGzip } from 'node:zlib';
import type { Gzip } from 'node:zlib';
import { contentTypeOf } from './formats.ts';
import { answerOf } from './failure.ts';

/** An answer on its way. Until the first byte it can still become a proper error. */
export interface Reply {
	/** Aborts when the other side went away or takes nothing any more. */
	readonly gone: AbortSignal;
	begin(format: string, summary?: Readonly<Record<string, string>>): void;
	/** Resolves when more can be taken: a slow reader slows the query, not the memory. */
	write(bytes: Uint8Array): Promise<void>;
	end(): Promise<void>;
	fail(error: unknown): Promise<void>;
}

export interface ReplyOptions {
	readonly response: ServerResponse;
	readonly queryId: string;
	readonly gzip: boolean;
	/** A reader that takes nothing for so long is cut off: it holds a session. */
	readonly stallMs: number;
	/** Marks an error within a body that has begun; random, so that no data can look like it. */
	readonly exceptionTag: string;
}

export function createReply({ response, queryId, gzip, stallMs, exceptionTag }: ReplyOptions): Reply {
	const gone = new AbortController();
	let begun = '';
	let packer: Gzip | undefined;
	response.once('close', () => {
		if (!response.writableFinished) gone.abort();
	});
	response.setHeader('X-ClickHouse-Query-Id', queryId);
	response.setHeader('X-ClickHouse-Timezone', 'UTC');

	function begin(format: string, summary: Readonly<Record<string, string>> = {}): void {
		if (response.headersSent) return;
		begun = format;
		response.writeHead(200, {
			'Content-Type': contentTypeOf(format),
			'X-ClickHouse-Format': format,
			'X-ClickHouse-Summary': JSON.stringify(summary),
			'X-ClickHouse-Exception-Tag': exceptionTag,
			...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
		});
		if (!gzip) return;
		packer = createGzip({ level: 1 });
		packer.pipe(response);
	}

	async function write(bytes: Uint8Array): Promise<void> {
		if (gone.signal.aborted || (packer ?? response).write(bytes)) return;
		const stalled = setTimeout(() => response.destroy(), stallMs);
		try {
			await once(packer ?? response, 'drain', { signal: gone.signal });
		} catch {
			// Gone: whoever writes sees the signal.
		} finally {
			clearTimeout(stalled);
		}
	}

	async function end(): Promise<void> {
		if (gone.signal.aborted) return;
		await new Promise<void>((resolve) => {
			response.once('close', resolve);
			response.once('finish', resolve);
			(packer ?? response).end();
		});
	}

	return {
		gone: gone.signal,
		begin,
		write,
		end,
		async fail(error) {
			if (gone.signal.aborted) return;
			const answer = answerOf(error);
			if (response.headersSent) {
				await write(exceptionBlock(answer.text, exceptionTag));
				// The client looks for the block in rows of JSON and nowhere else; elsewhere the answer is cut, so that
				// nobody takes the part for the whole.
				if (/^JSON.*EachRow/.test(begun)) await end();
				else response.destroy();
				return;
			}
			response.writeHead(answer.status, {
				'Content-Type': 'text/plain; charset=UTF-8',
				'X-ClickHouse-Exception-Code': String(answer.code),
				// What is left of the request's body is not read.
				Connection: 'close',
			});
			response.end(`${answer.text}\n`);
		},
	};
}

/** The form of ClickHouse 25.11 and later, which the client reads: length, tag and marker stand at the very end. */
function exceptionBlock(text: string, tag: string): Uint8Array {
	const message = Buffer.from(`${text}\n`);
	return Buffer.concat([
		Buffer.from(`\r\n__exception__\r\n${tag}\r\n`),
		message,
		Buffer.from(`${message.length} ${tag}\r\n__exception__\r\n`),
	]);
}
