import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { ConfigError, messageOf } from '#contracts/error.ts';
import type { ImportMessage } from './messages.ts';

/** A stretch of the file, always cut at the same places, so that its messages have the same numbers in every run. */
export interface Piece {
	readonly messages: readonly ImportMessage[];
	/** Where to go on after it: a JSON value of the reader's. */
	readonly place: unknown;
	/** Of the file, so far. */
	readonly doneBytes: number;
}

/** Reads one file; what cannot be read is told to `fault` with its place. */
export type FileReader = (options: {
	/** What an earlier run ended with; undefined at the beginning. */
	readonly place: unknown;
	readonly nowMicros: number;
	readonly fault: (message: string) => void;
}) => AsyncIterable<Piece>;

const HEAD_BYTES = 64 * 1024;
const CHUNK_BYTES = 1024 * 1024;

export interface FileFacts {
	readonly bytes: number;
	readonly changedMs: number;
	/** Of its first `headBytes`: the same file, perhaps longer by now. */
	readonly head: string;
	readonly headBytes: number;
}

/** @throws ConfigError when it cannot be read */
export async function factsOf(file: string): Promise<FileFacts> {
	try {
		const { size, mtimeMs } = await mustBeFile(file);
		const headBytes = Math.min(HEAD_BYTES, size);
		return { bytes: size, changedMs: mtimeMs, headBytes, head: await headOf(file, headBytes) };
	} catch (error) {
		if (error instanceof ConfigError) throw error;
		throw new ConfigError(`cannot import ${file}: ${reasonOf(error)}`);
	}
}

/** Of so many bytes at the beginning of a file. */
export async function headOf(file: string, bytes: number): Promise<string> {
	const handle = await open(file);
	const head = Buffer.alloc(bytes);
	await handle.read(head, 0, bytes, 0);
	await handle.close();
	return createHash('sha256').update(head).digest('hex');
}

async function mustBeFile(file: string) {
	const found = await stat(file);
	if (!found.isFile()) throw new ConfigError(`cannot import ${file}: it is no file`);
	return found;
}

function reasonOf(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (code === 'ENOENT') return 'there is no such file';
	if (code === 'EACCES') return 'it may not be read by you';
	return messageOf(error);
}

/**
 * Bytes of a file from an offset on, unpacked when its name ends in .gz (then the offset is one of the unpacked bytes).
 * `readBytes` is how far the file itself has been read: what progress is measured by.
 */
export function openBytes(file: string, offset: number): { chunks: AsyncIterable<Buffer>; readBytes: () => number } {
	if (!file.endsWith('.gz')) {
		const plain = createReadStream(file, { start: offset, highWaterMark: CHUNK_BYTES });
		return { chunks: plain as AsyncIterable<Buffer>, readBytes: () => offset + plain.bytesRead };
	}
	const packed = createReadStream(file, { highWaterMark: CHUNK_BYTES });
	const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
	packed.on('error', (error) => unpacked.destroy(error)).pipe(unpacked);
	return { chunks: skipped(unpacked as AsyncIterable<Buffer>, offset), readBytes: () => packed.bytesRead };
}

async function* skipped(chunks: AsyncIterable<Buffer>, offset: number): AsyncGenerator<Buffer> {
	let left = offset;
	for await (const chunk of chunks) {
		if (left >= chunk.length) left -= chunk.length;
		else {
			yield left > 0 ? chunk.subarray(left) : chunk;
			left = 0;
		}
	}
}
