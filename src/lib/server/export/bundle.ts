import { createHash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { ZipFile } from 'yazl';

/** A file of a bundle; written when the one before it is done. */
export interface BundledFile {
	readonly name: string;
	readonly body: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

/**
 * A zip of these files and, as the last one, `SHA256SUMS` over them (`sha256sum -c` checks it). It is packed as it is read:
 * no more of it is in memory than a few pieces. Leaving it ends what is being written into it.
 */
export async function* bundleOf(
	files: readonly BundledFile[],
	atMs: number,
	signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
	const zip = new ZipFile();
	const leaving = new AbortController();
	const gone = AbortSignal.any([signal, leaving.signal]);
	const output = zip.outputStream as Readable;
	const written = writeAll(zip, files, { mtime: new Date(atMs), gone }).catch((error: unknown) =>
		output.destroy(error as Error),
	);
	try {
		for await (const chunk of output) yield chunk as Uint8Array;
		await written;
	} finally {
		leaving.abort();
		output.destroy();
		await written;
	}
}

async function writeAll(
	zip: ZipFile,
	files: readonly BundledFile[],
	{ mtime, gone }: { readonly mtime: Date; readonly gone: AbortSignal },
): Promise<void> {
	const sums: string[] = [];
	for (const { name, body } of files) {
		const hash = createHash('sha256');
		const source = Readable.from(body(gone), { objectMode: false });
		const hashed = new Transform({
			transform(chunk: Buffer, _encoding, done) {
				hash.update(chunk);
				done(null, chunk);
			},
		});
		const ended = new Promise<void>((resolve, reject) => {
			source.once('error', reject);
			hashed.once('end', resolve);
			hashed.once('error', reject);
			gone.addEventListener('abort', () => reject(gone.reason as Error), { once: true });
		});
		ended.catch(() => source.destroy());
		zip.addReadStream(source.pipe(hashed), name, { mtime });
		await ended;
		sums.push(`${hash.digest('hex')}  ${name}`);
	}
	zip.addBuffer(Buffer.from(`${sums.join('\n')}\n`), 'SHA256SUMS', { mtime });
	zip.end();
}
