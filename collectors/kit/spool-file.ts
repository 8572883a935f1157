import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import { RetriableError, messageOf } from '#contracts/error.ts';

const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

const SCHEMA = `
	CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
	CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;
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

/** Content that SQLite cannot know to be wrong. */
export function damaged(what: string): Error {
	return Object.assign(new Error(what), { errcode: SQLITE_CORRUPT });
}

/** Extended codes have the primary one in their low byte. */
function errcodeOf(error: unknown): number {
	return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

type Row = Record<string, SQLOutputValue>;

export interface Statement {
	get(...values: SQLInputValue[]): Row | undefined;
	all(...values: SQLInputValue[]): Row[];
	run(...values: SQLInputValue[]): void;
}

export interface SpoolFile {
	readonly sql: (text: string) => Statement;
	meta(key: string): string | undefined;
	setMeta(key: string, value: string): void;
	notes(): ReadonlyMap<string, Uint8Array>;
	/** No bytes: forgets it. */
	setNote(name: string, body: Uint8Array): void;
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
 * @throws RetriableError when the file cannot be opened or another process holds it; what `isCorrupt` knows when it is
 *   damaged: then, and when damage shows later, `onDamaged` is told unless this throws
 */
export function openSpoolFile(file: string, onDamaged: (error: unknown) => void): SpoolFile {
	const db = open(file);
	const statements = new Map<string, Statement>();
	/** Whoever meets the damage first tells. */
	const watched = <T>(act: () => T): T => {
		try {
			return act();
		} catch (error) {
			if (isCorrupt(error)) onDamaged(error);
			throw error;
		}
	};
	const prepare = (text: string): Statement => {
		const statement = watched(() => db.prepare(text));
		return {
			get: (...values) => watched(() => statement.get(...values)),
			all: (...values) => watched(() => statement.all(...values)),
			run: (...values) => void watched(() => statement.run(...values)),
		};
	};
	const sql = (text: string) => {
		const known = statements.get(text) ?? prepare(text);
		statements.set(text, known);
		return known;
	};
	return {
		sql,
		meta: (key) => sql('SELECT value FROM meta WHERE key = ?').get(key)?.['value'] as string | undefined,
		setMeta: (key, value) => sql('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(key, value),
		notes: () =>
			new Map(
				sql('SELECT name, body FROM notes')
					.all()
					.map(({ name, body }) => [String(name), body as Uint8Array]),
			),
		setNote: (name, body) =>
			body.length === 0
				? sql('DELETE FROM notes WHERE name = ?').run(name)
				: sql('INSERT OR REPLACE INTO notes (name, body) VALUES (?, ?)').run(name, body),
		transaction: (act) => watched(() => transaction(db, act)),
		shrink: () => watched(() => db.exec('PRAGMA incremental_vacuum')),
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
		if (isCorrupt(cause)) throw cause;
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
