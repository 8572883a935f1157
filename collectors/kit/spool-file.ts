import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { RetriableError, messageOf } from '#contracts/error.ts';

const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

const SCHEMA = `
	CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
	CREATE TABLE IF NOT EXISTS streams (id INTEGER PRIMARY KEY, declaration TEXT NOT NULL UNIQUE) STRICT;
	-- In order of id. Sealed ones (seq not null) come first: they have their numbers and may have been sent.
	CREATE TABLE IF NOT EXISTS items (
		id INTEGER PRIMARY KEY,
		kind TEXT NOT NULL,
		historical INTEGER NOT NULL,
		dropped INTEGER NOT NULL, -- 1 = a gaps item that stands for what the full queue gave up
		count INTEGER NOT NULL,   -- points or gaps
		created_ms INTEGER NOT NULL,
		seq INTEGER,              -- number of its first message
		span INTEGER,             -- how many messages it takes
		chunk INTEGER,            -- rows per message
		body BLOB NOT NULL
	) STRICT;`;

/** SQLITE_FULL, or what the file system says about the same. */
export function isDiskFull(error: unknown): boolean {
	return errcodeOf(error) === SQLITE_FULL || (error instanceof Error && /ENOSPC|EDQUOT/.test(error.message));
}

/** The file's content is not what SQLite wrote. */
export function isCorrupt(error: unknown): boolean {
	return [SQLITE_CORRUPT, SQLITE_NOTADB].includes(errcodeOf(error));
}

/** Extended codes have the primary one in their low byte. */
function errcodeOf(error: unknown): number {
	return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

export interface SpoolFile {
	readonly sql: (text: string) => StatementSync;
	meta(key: string): string | undefined;
	setMeta(key: string, value: string): void;
	/** All of it or nothing; on disk (fsync) when it returns. */
	transaction<T>(act: () => T): T;
	/** Gives pages back to the file system; to be called when the queue is empty. */
	shrink(): void;
	close(): void;
}

/**
 * Opens or makes the database of one queue. FULL makes every commit an fsync; the exclusive lock keeps a second
 * process (an old child that has not died yet) from numbering the same batches again.
 *
 * @throws RetriableError when the file cannot be opened or another process holds it
 */
export function openSpoolFile(file: string): SpoolFile {
	const db = open(file);
	const statements = new Map<string, StatementSync>();
	const sql = (text: string) => {
		const known = statements.get(text) ?? db.prepare(text);
		statements.set(text, known);
		return known;
	};
	return {
		sql,
		meta: (key) => sql('SELECT value FROM meta WHERE key = ?').get(key)?.['value'] as string | undefined,
		setMeta: (key, value) => void sql('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(key, value),
		transaction: (act) => transaction(db, act),
		shrink: () => db.exec('PRAGMA incremental_vacuum'),
		close: () => db.close(),
	};
}

function open(file: string): DatabaseSync {
	let db: DatabaseSync | undefined;
	try {
		db = new DatabaseSync(file);
		// auto_vacuum counts only before the first table; the exclusive lock is taken by the first write.
		db.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL');
		db.exec(`PRAGMA synchronous = FULL; BEGIN IMMEDIATE; ${SCHEMA} COMMIT`);
		return db;
	} catch (cause) {
		db?.close();
		throw new RetriableError(`cannot open queue ${JSON.stringify(file)}: ${messageOf(cause)}`, { cause });
	}
}

function transaction<T>(db: DatabaseSync, act: () => T): T {
	db.exec('BEGIN IMMEDIATE');
	try {
		const result = act();
		db.exec('COMMIT');
		return result;
	} catch (error) {
		if (db.isTransaction) db.exec('ROLLBACK');
		throw error;
	}
}
