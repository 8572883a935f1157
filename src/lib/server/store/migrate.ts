import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Connection } from './connection.ts';
import { AGEING } from './retention.ts';

/** How the canonical SQL becomes that of one deployment. */
export interface Deployment {
	/** Name of the cluster whose nodes all get the tables; undefined = one server. */
	readonly cluster: string | undefined;
	readonly pointsTtlSeconds: number;
	readonly rollupsTtlSeconds: number;
	readonly callsTtlSeconds: number;
	readonly logsTtlSeconds: number;
}

interface Migration {
	readonly name: string;
	/** Of the canonical text: the same file has the same checksum wherever it is applied. */
	readonly checksum: string;
	readonly sql: string;
}

const FOLDER = new URL('./migrations/', import.meta.url);

export async function loadMigrations(): Promise<readonly Migration[]> {
	const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
	return Promise.all(
		names.map(async (name) => {
			const sql = await readFile(new URL(name, FOLDER), 'utf8');
			return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
		}),
	);
}

/** @throws RangeError for a placeholder that is not known: a fault of ours */
export function renderSql(sql: string, database: string, deployment: Deployment): string {
	const { cluster } = deployment;
	const values: Readonly<Record<string, string>> = {
		DB: `\`${database}\``,
		ON_CLUSTER: cluster === undefined ? '' : `ON CLUSTER \`${cluster}\``,
		REPLICATED: cluster === undefined ? '' : 'Replicated',
		DEDUP_WINDOW: cluster === undefined ? 'non_replicated_deduplication_window' : 'replicated_deduplication_window',
		POINTS_TTL_SECONDS: String(deployment.pointsTtlSeconds),
		ROLLUPS_TTL_SECONDS: String(deployment.rollupsTtlSeconds),
		CALLS_TTL_SECONDS: String(deployment.callsTtlSeconds),
		LOGS_TTL_SECONDS: String(deployment.logsTtlSeconds),
	};
	return sql.replaceAll(/\{([A-Z_]+)\}/g, (placeholder, name: string) => {
		const value = values[name];
		if (value === undefined) throw new RangeError(`cannot render migration: unknown placeholder ${placeholder}`);
		return value;
	});
}

/** A statement ends with a semicolon at the end of a line; comments stay with the statement they stand before. */
export function statementsOf(sql: string): readonly string[] {
	return sql
		.split(/;[ \t]*(?:\r?\n|$)/)
		.map((statement) => statement.trim())
		.filter((statement) => statement !== '');
}

export interface MigrateOptions {
	readonly connection: Connection;
	readonly deployment: Deployment;
	readonly log: Logger;
}

/**
 * Brings the database to the newest schema: creates it, applies what is not yet applied, in order, each once.
 *
 * All statements say IF NOT EXISTS and a migration is noted after its last one, so a run that was cut short, or two at
 * the same time, end well.
 *
 * @throws Error when an applied migration is no longer the one that was applied
 */
export async function migrate({ connection, deployment, log }: MigrateOptions): Promise<void> {
	const { database } = connection;
	const onCluster = renderSql('{ON_CLUSTER}', database, deployment);
	await connection.commandWithoutDatabase(`CREATE DATABASE IF NOT EXISTS \`${database}\` ${onCluster} ENGINE = Atomic`);
	const ledger =
		'CREATE TABLE IF NOT EXISTS {DB}.migrations {ON_CLUSTER} (name String, checksum String, ' +
		"applied DateTime64(3, 'UTC') DEFAULT now64(3)) ENGINE = {REPLICATED}ReplacingMergeTree ORDER BY name " +
		'SETTINGS fsync_after_insert = 1, fsync_part_directory = 1';
	await connection.command(renderSql(ledger, database, deployment));
	const applied = await appliedMigrations(connection);
	for (const migration of await loadMigrations()) {
		const before = applied.get(migration.name);
		if (before === migration.checksum) continue;
		if (before !== undefined)
			throw new Error(`cannot migrate: ${migration.name} was applied with another content; applied files never change`);
		for (const statement of statementsOf(renderSql(migration.sql, database, deployment)))
			await connection.command(statement);
		const row = { name: migration.name, checksum: migration.checksum };
		await connection.insertJson({ table: 'migrations', rows: [row], token: undefined });
		log.info({ migration: migration.name }, 'applied store migration');
	}
	await applyRetention(connection, deployment);
}

async function appliedMigrations(connection: Connection): Promise<ReadonlyMap<string, string>> {
	const rows = await connection.rows<{ name: string; checksum: string }>({
		doing: 'read the applied migrations',
		sql: 'SELECT name, checksum FROM migrations FINAL',
	});
	return new Map(rows.map((row) => [row.name, row.checksum]));
}

/** The configuration may have changed since the tables were made. */
async function applyRetention(connection: Connection, deployment: Deployment): Promise<void> {
	const tables = await connection.rows<{ name: string; engine_full: string }>({
		doing: 'read the tables',
		sql: 'SELECT name, engine_full FROM system.tables WHERE database = currentDatabase()',
	});
	const engines = new Map(tables.map((table) => [table.name, table.engine_full]));
	for (const { table, time, of } of AGEING) {
		const seconds = deployment[`${of}TtlSeconds`];
		if (engines.get(table)?.includes(`toIntervalSecond(${seconds})`)) continue;
		const sql = `ALTER TABLE {DB}.${table} {ON_CLUSTER} MODIFY TTL ${time} + toIntervalSecond(${seconds})`;
		await connection.command(renderSql(sql, connection.database, deployment));
	}
}
