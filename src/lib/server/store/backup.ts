import { setTimeout as delay } from 'node:timers/promises';
import { RetriableError } from '#contracts/error.ts';
import type { Connection } from './connection.ts';

const POLL_MS = 200;
/** Enough of an error to act on; the engine's stack follows it. */
const MAX_ERROR_CHARS = 400;

interface Table {
	readonly name: string;
	/** 1 = it holds rows of its own; a view does not. */
	readonly rows: 0 | 1;
}

const frozenOf = (database: string) => `${database}_frozen`;

/**
 * Links the parts of every table into a second database: a moment's work whatever their size, and what is written
 * afterwards does not show there. One of an earlier backup is dropped.
 *
 * @returns the statement that saves it under the names of the originals, with the views, but for its destination
 */
export async function freeze(connection: Connection): Promise<string> {
	const { database } = connection;
	const frozen = frozenOf(database);
	await thaw(connection);
	await connection.commandWithoutDatabase(`CREATE DATABASE \`${frozen}\` ENGINE = Atomic`);
	const tables = await tablesOf(connection);
	for (const { name } of tables.filter(hasData)) {
		await connection.command(`CREATE TABLE \`${frozen}\`.\`${name}\` AS \`${database}\`.\`${name}\``);
		await connection.command(
			`ALTER TABLE \`${frozen}\`.\`${name}\` ATTACH PARTITION ALL FROM \`${database}\`.\`${name}\``,
		);
	}
	return backupOf(database, tables);
}

function backupOf(database: string, tables: readonly Table[]): string {
	const parts = tables.map((table) => {
		const name = `\`${database}\`.\`${table.name}\``;
		return hasData(table) ? `TABLE \`${frozenOf(database)}\`.\`${table.name}\` AS ${name}` : `TABLE ${name}`;
	});
	return `BACKUP ${parts.join(', ')} TO`;
}

/**
 * Writes what was frozen to `file` in the server's own folder for backups.
 *
 * In the background of the server and asked for again and again: it may take longer than a request may.
 */
export async function saveFrozen(connection: Connection, file: string): Promise<void> {
	const statement = backupOf(connection.database, await tablesOf(connection));
	await connection.command(`${statement} ${placeOf(file)} ASYNC`);
	await finished(connection, file);
}

export async function thaw(connection: Connection): Promise<void> {
	await connection.commandWithoutDatabase(`DROP DATABASE IF EXISTS \`${frozenOf(connection.database)}\` SYNC`);
}

/** @throws Error when tables of these names are there and not empty */
export async function restoreFrom(connection: Connection, file: string): Promise<void> {
	await connection.commandWithoutDatabase(`CREATE DATABASE IF NOT EXISTS \`${connection.database}\` ENGINE = Atomic`);
	await connection.command(`RESTORE ALL FROM ${placeOf(file)} ASYNC`);
	await finished(connection, file);
}

function tablesOf(connection: Connection): Promise<Table[]> {
	return connection.rows<Table>({
		doing: 'list the tables',
		sql:
			"SELECT name, endsWith(engine, 'MergeTree') AS rows FROM system.tables " +
			'WHERE database = currentDatabase() ORDER BY name',
	});
}

const hasData = ({ rows }: Table) => rows === 1;

/** @throws RangeError for a name that would not stand in a statement as it is */
function placeOf(file: string): string {
	if (!/^[\w-]+\.tar$/.test(file)) throw new RangeError(`cannot back up to "${file}": it is no plain name`);
	return `File('${file}')`;
}

async function finished(connection: Connection, file: string): Promise<void> {
	for (;;) {
		const [last] = await connection.rows<{ status: string; error: string }>({
			doing: 'look after the backup',
			sql: 'SELECT status, error FROM system.backups WHERE name = {name:String} ORDER BY start_time DESC LIMIT 1',
			params: { name: placeOf(file) },
		});
		if (last === undefined) throw new RetriableError('the store was started anew during its backup');
		if (last.status === 'BACKUP_CREATED' || last.status === 'RESTORED') return;
		if (last.status.endsWith('FAILED') || last.status.endsWith('CANCELLED'))
			throw new Error(`the store: ${last.error.split(', Stack trace')[0]?.slice(0, MAX_ERROR_CHARS)}`);
		await delay(POLL_MS);
	}
}
