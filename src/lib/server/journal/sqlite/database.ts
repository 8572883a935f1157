import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigError, messageOf } from '#contracts/error.ts';

const SCHEMA_VERSION = 1;
// How long a start waits for a predecessor that is just ending.
const LOCK_WAIT_MS = 500;
const BUSY = 5;
const FULL = 13;
const IN_USE = 'another process has it open; stop that one or choose another data folder';

/**
 * `sources`, `heads` and `leases` are kept for ever; `keys` for 24 h. Records are in a table for each topic and
 * partition (./log.ts): appends touch one right edge, a trim is a range delete, and no index is written beside it.
 */
const SCHEMA = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE heads (topic TEXT, part INTEGER, last_seq INTEGER NOT NULL, PRIMARY KEY (topic, part)) WITHOUT ROWID;
CREATE TABLE sources (source TEXT, epoch TEXT, highest INTEGER NOT NULL, journal_seq INTEGER NOT NULL,
	PRIMARY KEY (source, epoch)) WITHOUT ROWID;
CREATE TABLE keys (key TEXT PRIMARY KEY, journal_seq INTEGER NOT NULL, at_micros INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX keys_by_age ON keys (at_micros);
CREATE TABLE kv (key TEXT PRIMARY KEY, revision INTEGER NOT NULL, value BLOB NOT NULL);
CREATE TABLE leases (name TEXT PRIMARY KEY, token INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Opens or makes the journal's file and holds it alone: in exclusive WAL mode the file stays locked until this
 * process ends, however it ends, and the index of the WAL lives in memory.
 *
 * @throws ConfigError when it cannot be opened: somebody else has it open, a newer version wrote it, it is no journal
 */
export function openDatabase(file: string): DatabaseSync {
	try {
		mkdirSync(dirname(file), { recursive: true });
		return prepare(new DatabaseSync(file, { timeout: LOCK_WAIT_MS }));
	} catch (error) {
		const cause = sqliteCode(error) === BUSY ? IN_USE : messageOf(error);
		throw new ConfigError(`cannot open journal "${file}": ${cause}`, { cause: error });
	}
}

function prepare(db: DatabaseSync): DatabaseSync {
	try {
		// These two only take effect before the first table is made. A record is some 100 kB: in pages of 16 kB it takes
		// two thirds of the time that it takes in pages of 4, and a commit of one small record writes 46 kB instead of 20.
		db.exec('PRAGMA page_size = 16384');
		db.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL');
		db.exec('PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864');
		db.exec('BEGIN EXCLUSIVE; COMMIT');
		migrate(db);
		return db;
	} catch (error) {
		db.close();
		throw error;
	}
}

function migrate(db: DatabaseSync): void {
	const version = pragma(db, 'user_version');
	if (version > SCHEMA_VERSION)
		throw new Error(`it is of version ${version}, this program knows up to ${SCHEMA_VERSION}; start the newer program`);
	if (version === SCHEMA_VERSION) return;
	db.exec('BEGIN IMMEDIATE');
	db.exec(SCHEMA);
	db.prepare(`INSERT INTO meta VALUES ('generation', ?)`).run(randomUUID());
	db.exec('COMMIT');
}

export function generationOf(db: DatabaseSync): string {
	return String(db.prepare(`SELECT value FROM meta WHERE name = 'generation'`).get()?.['value']);
}

export function pragma(db: DatabaseSync, name: 'user_version' | 'page_count' | 'page_size' | 'freelist_count'): number {
	return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

/** @returns SQLite's primary result code, undefined for an error of another kind */
export function sqliteCode(error: unknown): number | undefined {
	const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
	return typeof code === 'number' ? code & 0xff : undefined;
}

export function isDiskFull(error: unknown): boolean {
	return sqliteCode(error) === FULL || /ENOSPC|EDQUOT/.test(messageOf(error));
}
