import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

/** A value as a copy of the journal should have it; undefined = it should not be there. */
export interface CopiedValue {
	readonly key: string;
	readonly value: Uint8Array | undefined;
}

/**
 * Makes one file of a copy and puts values in it back to what they were at the moment that the backup is of.
 *
 * @returns the seq of its newest record
 * @throws Error when the copy is damaged
 */
export function settleCopy(file: string, values: readonly CopiedValue[]): number {
	const db = new DatabaseSync(file);
	try {
		// Everything in one file: a copy is moved, checked and kept without companions.
		db.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
		for (const { key, value } of values) {
			if (value === undefined) db.prepare('DELETE FROM kv WHERE key = ?').run(key);
			else db.prepare('UPDATE kv SET value = ? WHERE key = ?').run(value, key);
		}
		db.exec('COMMIT');
		return Number(db.prepare('SELECT max(last_seq) AS seq FROM heads').get()?.['seq'] ?? 0);
	} finally {
		db.close();
	}
}

/**
 * Gives a restored journal a generation of its own: what it numbers from here on are not the records that the original
 * gave these numbers to after the backup, and screens that were there have to begin anew. The engine's own numbering
 * goes over to it, or it would write its newest verdicts a second time.
 */
export function beginGeneration(file: string): void {
	const db = new DatabaseSync(file);
	try {
		const generation = randomUUID();
		db.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
		const before = db.prepare(`SELECT value FROM meta WHERE name = 'generation'`).get()?.['value'];
		db.prepare('UPDATE sources SET epoch = ? WHERE epoch = ?').run(generation, String(before));
		db.prepare(`UPDATE meta SET value = ? WHERE name = 'generation'`).run(generation);
		db.exec('COMMIT');
	} finally {
		db.close();
	}
}
