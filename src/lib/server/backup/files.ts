import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const CHUNK_BYTES = 1024 * 1024;

export async function sha256Of(file: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) hash.update(chunk as Buffer);
	return hash.digest('hex');
}

/** Copies a file that only its owner may read, on disk once this resolves. @returns the SHA-256 of what was written */
export async function copyDurably(from: string, to: string): Promise<string> {
	const hash = createHash('sha256');
	const hashing = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			hash.update(chunk);
			done(null, chunk);
		},
	});
	const source = createReadStream(from, { highWaterMark: CHUNK_BYTES });
	await pipeline(source, hashing, createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true }));
	return hash.digest('hex');
}

/** @returns undefined when there is no such file */
export async function sizeOf(file: string): Promise<number | undefined> {
	return (await stat(file).catch(() => undefined))?.size;
}

export async function writeDurably(file: string, text: string): Promise<void> {
	const handle = await open(file, 'wx', 0o600);
	try {
		await handle.writeFile(text);
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/** For what another library wrote: its owner's only, and on disk. */
export async function settleFile(file: string): Promise<void> {
	await chmod(file, 0o600);
	await sync(file);
}

/** A new folder of its owner's; what stands there from an earlier try is removed. */
export async function freshFolder(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** All or nothing, also when the machine stops: the folder is complete on disk before it has its name. */
export async function publishFolder(from: string, to: string): Promise<void> {
	await sync(from);
	await rename(from, to);
	await sync(dirname(to));
}

export const syncFolder = sync;

async function sync(path: string): Promise<void> {
	const handle = await open(path, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/** Bytes of all files below; what vanishes meanwhile counts as nothing. A file with several names counts once. */
export async function folderBytes(folder: string): Promise<number> {
	const seen = new Set<number>();
	let bytes = 0;
	for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
		if (!entry.isFile()) continue;
		const stat = await lstat(join(entry.parentPath, entry.name)).catch(() => undefined);
		if (stat === undefined || seen.has(stat.ino)) continue;
		seen.add(stat.ino);
		bytes += stat.size;
	}
	return bytes;
}
