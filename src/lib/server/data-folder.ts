import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigError, messageOf } from '#contracts/error.ts';

/** Stands in a folder for as long as it is being filled from a backup. */
export const RESTORING = 'restoring';
const CUT_SHORT = 'a restore into it was cut short; empty it and run `sigmascope restore` again';

/** Everything that one product keeps: nothing outside of this folder is ever written. */
export interface DataFolder {
	readonly path: string;
	readonly journal: string;
	readonly metadata: string;
	/** Signs links in alerts; kept as long as the folder, readable by its owner only. */
	linkKey(): Uint8Array;
	/** File of the keys that seal what people enter as secrets. */
	readonly vaultKey: string;
	readonly clickhouse: string;
	readonly spool: string;
	/** Whether somebody began or ended the demo. */
	readonly demo: string;
	/** Backups until somebody takes them. */
	readonly backups: string;
	/** The secret of the start link, readable by the folder's owner only; until another one is made it stays the same. */
	startToken(): string;
	/** Makes another one: what was printed and opened until now opens nothing any more. */
	renewStartToken(): void;
	release(): void;
}

/**
 * Makes the folder if needed and holds it until `release` or the end of the process.
 *
 * @throws ConfigError when it cannot be written, or another product runs on it
 */
export function openDataFolder(path: string): DataFolder {
	try {
		mkdirSync(path, { recursive: true, mode: 0o700 });
		if (existsSync(join(path, RESTORING))) throw new ConfigError(`cannot use the data folder ${path}: ${CUT_SHORT}`);
		const release = lock(path);
		const tokenFile = join(path, 'start-token');
		let token = keptToken(tokenFile) ?? newToken(tokenFile);
		return {
			path,
			journal: join(path, 'journal.db'),
			metadata: join(path, 'metadata.db'),
			linkKey() {
				const file = join(path, 'alert-link-key');
				return Buffer.from(keptToken(file) ?? newToken(file));
			},
			vaultKey: join(path, 'vault-key'),
			clickhouse: join(path, 'clickhouse'),
			spool: join(path, 'spool'),
			demo: join(path, 'demo'),
			backups: join(path, 'backups'),
			startToken: () => token,
			renewStartToken: () => void (token = newToken(tokenFile)),
			release,
		};
	} catch (error) {
		if (error instanceof ConfigError) throw error;
		throw new ConfigError(`cannot use the data folder ${path}: ${messageOf(error)} (SIGMASCOPE_DATA names another)`);
	}
}

/** An exclusive SQLite transaction: unlike a file with a process number, it ends with the process, however that ends. */
function lock(path: string): () => void {
	const file = join(path, 'lock.db');
	const database = new DatabaseSync(file, { timeout: 0 });
	try {
		database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
	} catch (error) {
		database.close();
		if (!/locked/.test(messageOf(error))) throw error;
		throw new ConfigError(
			`cannot use the data folder ${path}: another Sigmascope runs on it (SIGMASCOPE_DATA names another)`,
		);
	}
	return () => database.close();
}

/** Whether a product runs on the folder. The lock ends with its process, however that ends: none is ever stale. */
export function isHeld(path: string): boolean {
	const file = join(path, 'lock.db');
	if (!existsSync(file)) return false;
	const database = new DatabaseSync(file, { timeout: 0, readOnly: true });
	try {
		database.exec('BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1; COMMIT');
		return false;
	} catch (error) {
		return /locked/.test(messageOf(error));
	} finally {
		database.close();
	}
}

function keptToken(file: string): string | undefined {
	const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
	return kept.length >= 32 ? kept : undefined;
}

function newToken(file: string): string {
	const token = randomBytes(24).toString('base64url');
	writeFileSync(file, `${token}\n`, { mode: 0o600 });
	chmodSync(file, 0o600);
	return token;
}
