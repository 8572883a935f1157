import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportedName } from '#contracts/export.ts';
import type { Store } from '#server/store/port.ts';
import type { Gate } from './gate.ts';
import type { Range, Stretch } from './stretches.ts';

export interface SpooledFile {
	readonly bytes: number;
	readonly body: AsyncIterable<Uint8Array>;
}

/**
 * One file that ClickHouse writes. A Parquet file has its table of contents at the end, so it is one query; it is taken into a
 * file here as fast as the store gives it, or a slow reader would hold a query open for as long as it reads.
 */
export async function parquetOf(
	wanted: {
		readonly store: Pick<Store, 'exported'>;
		readonly gate: Gate;
		readonly stretches: readonly Stretch[];
		readonly range: Range;
		readonly asOfMicros: number;
		/** Where it waits to be read. */
		readonly folder: string;
		/** Of no other export. */
		readonly name: string;
	},
	signal: AbortSignal,
): Promise<SpooledFile> {
	const { store, gate, stretches, range, asOfMicros, folder } = wanted;
	const streams = stretches.map(({ of }) => ({ id: of.stream.id, name: exportedName(of.stream) }));
	const file = join(folder, `${wanted.name}.parquet`);
	const remove = () => rm(file, { force: true });
	// Should nobody ever begin to read it.
	signal.addEventListener('abort', () => void remove(), { once: true });
	await mkdir(folder, { recursive: true });
	try {
		await gate.pass(async () => {
			const bytes = await store.exported({ format: 'parquet', streams, ...range, asOfMicros }, signal);
			await pipeline(Readable.from(bytes, { objectMode: false }), createWriteStream(file, { mode: 0o600 }), { signal });
		}, signal);
	} catch (error) {
		await remove();
		throw error;
	}
	return { bytes: (await stat(file)).size, body: readAndRemove(file) };
}

async function* readAndRemove(file: string): AsyncGenerator<Uint8Array> {
	try {
		for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) yield chunk as Uint8Array;
	} finally {
		await rm(file, { force: true });
	}
}
