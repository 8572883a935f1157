import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '#contracts/error.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';

const CACHED_STATEMENTS = 200;
/** Long ones are inserts of many rows, a different text for each number of rows. */
const CACHED_CHARS = 4000;

/** Runs the statements of the metadata database: an fsync that takes long keeps nobody but its own caller waiting. */
function open({ file, busyTimeoutMs }: WorkerSettings): DatabaseSync {
	mkdirSync(dirname(file), { recursive: true });
	const db = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
	db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
	return db;
}

function createRunner(db: DatabaseSync) {
	const cache = new Map<string, StatementSync>();

	function prepare(sql: string): StatementSync {
		const known = cache.get(sql);
		if (known) return known;
		const statement = db.prepare(sql);
		if (sql.length > CACHED_CHARS) return statement;
		const [oldest] = cache.keys();
		if (oldest !== undefined && cache.size >= CACHED_STATEMENTS) cache.delete(oldest);
		cache.set(sql, statement);
		return statement;
	}

	return ({ sql, parameters }: ToWorker): FromWorker => {
		try {
			const statement = prepare(sql);
			if (statement.columns().length > 0) return { ok: true, rows: statement.all(...parameters), changes: 0 };
			return { ok: true, rows: [], changes: Number(statement.run(...parameters).changes) };
		} catch (error) {
			return failure(error);
		}
	};
}

function failure(error: unknown): FromWorker {
	const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
	return { ok: false, message: messageOf(error), sqliteCode: typeof code === 'number' ? code & 0xff : undefined };
}

const port = parentPort;
if (port) {
	try {
		const db = open(workerData as WorkerSettings);
		const run = createRunner(db);
		port.on('message', (message: ToWorker | 'close') => {
			if (message !== 'close') return port.postMessage(run(message));
			db.close();
			port.close();
		});
		port.postMessage({ ok: true, rows: [], changes: 0 } satisfies FromWorker);
	} catch (error) {
		port.postMessage(failure(error));
		port.close();
	}
}
