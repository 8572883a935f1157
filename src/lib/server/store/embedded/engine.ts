import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Session, drainPending } from 'chdb';
import { createPool } from './pool.ts';
import type { Pool } from './pool.ts';
import { BACKUPS_FOLDER } from './protocol.ts';
import { createEmbeddedSession } from './session.ts';
import type { EmbeddedSession } from './session.ts';
import { forbiddenFunctions } from './statement.ts';

export interface EngineOptions {
	readonly dataFolder: string;
	/** Upper bound for what the engine allocates; queries past it fail with code 241, or spill to disk. */
	readonly memoryBytes: number;
	readonly threads: number;
	readonly readers: number;
	/** How many requests may wait for the readers, and as many for the writer. */
	readonly maxWaiting: number;
}

/** One chdb in this process: a writer, so that inserts have one order, and a few readers beside it. */
export interface Engine {
	readonly readers: Pool<EmbeddedSession>;
	readonly writer: Pool<EmbeddedSession>;
	/** Where request bodies wait to be read by the engine; emptied at start. */
	readonly spoolFolder: string;
	readonly forbidden: ReadonlySet<string>;
	close(): Promise<void>;
}

/** The folder is open in another process. */
export class FolderLockedError extends Error {
	override readonly name = 'FolderLockedError';
}

const MARK_CACHE_BYTES = 64 * 1024 * 1024;

/**
 * Opens chdb. On the main thread only: chdb closes every connection of the process when any Node environment ends, a
 * worker thread's included.
 *
 * @throws FolderLockedError
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
	const spoolFolder = path.join(options.dataFolder, 'spool');
	const sessions = openSessions(options, configure(options.dataFolder));
	// Only now: had another process the folder, these would be its files.
	rmSync(spoolFolder, { recursive: true, force: true });
	mkdirSync(spoolFolder, { recursive: true });

	const [writer, ...readers] = sessions.map(createEmbeddedSession);
	if (!writer) throw new RangeError('cannot open the engine: it needs a writer');
	const names = await writer.query('SELECT name FROM system.table_functions', 'TSV');
	const writers = createPool([writer], options.maxWaiting);
	const readerPool = createPool(readers, options.maxWaiting);
	return {
		readers: readerPool,
		writer: writers,
		spoolFolder,
		forbidden: forbiddenFunctions(Buffer.from(names).toString('utf8').split('\n').filter(Boolean)),
		async close() {
			await Promise.all([writers.drain(), readerPool.drain()]);
			for (const session of sessions) session.close();
			await drainPending();
		},
	};
}

/** What chdb takes from a file only: where its backups may be. @returns the file */
function configure(dataFolder: string): string {
	const folder = path.resolve(dataFolder, BACKUPS_FOLDER);
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const file = path.join(dataFolder, 'engine.xml');
	const allowed = `${folder}/`.replace(/[^\w./-]/gu, (character) => `&#${character.codePointAt(0)};`);
	writeFileSync(file, `<clickhouse><backups><allowed_path>${allowed}</allowed_path></backups></clickhouse>\n`);
	return file;
}

function openSessions(options: EngineOptions, configFile: string): Session[] {
	const folder = path.join(options.dataFolder, 'clickhouse');
	mkdirSync(folder, { recursive: true });
	const connectionArgs = [
		`--max_server_memory_usage=${options.memoryBytes}`,
		`--max_threads=${options.threads}`,
		`--mark_cache_size=${MARK_CACHE_BYTES}`,
		`--config-file=${configFile}`,
	];
	try {
		return Array.from({ length: options.readers + 1 }, () => new Session(folder, { connectionArgs }));
	} catch (error) {
		const holder = holderOf(folder);
		if (holder === undefined) throw error;
		throw new FolderLockedError(`cannot open data folder "${options.dataFolder}": process ${holder} is using it`);
	}
}

/**
 * chdb tells why it cannot open a folder on stderr only; but whoever has it open wrote its process id there.
 *
 * @returns undefined when that process is gone
 */
function holderOf(folder: string): number | undefined {
	let pid: number;
	try {
		pid = Number(/^PID: (\d+)/.exec(readFileSync(path.join(folder, 'status'), 'utf8'))?.[1]);
		process.kill(pid, 0);
	} catch (error) {
		// EPERM: it lives, and is another user's.
		return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid! : undefined;
	}
	return pid === process.pid ? undefined : pid;
}
