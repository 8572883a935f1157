import { randomBytes } from 'node:crypto';
import { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { NowMicros } from '#contracts/time.ts';
import { createMetadata } from '../database.ts';
import type { Metadata } from '../port.ts';
import type { Tables } from '../tables.ts';
import { openConnection } from './connection.ts';
import { createSqliteDialect } from './dialect.ts';
import { createMetadataMetrics } from './metrics.ts';

export interface SqliteMetadataOptions {
	readonly file: string;
	readonly log: Logger;
	readonly now: NowMicros;
	readonly registry?: Registry;
	/** Where API keys come from; replaced in tests only. */
	readonly random?: (bytes: number) => Uint8Array;
	/** Its thread has ended: nothing will be answered any more. */
	readonly onBroken?: (error: Error) => void;
}

/**
 * The metadata in one SQLite file, which other processes of this machine (the CLI) may open at the same time.
 *
 * @throws ConfigError when the file cannot be opened or a newer version has been at work on it
 */
export async function createSqliteMetadata(options: SqliteMetadataOptions): Promise<Metadata> {
	const connection = await openConnection(options.file, {
		onBroken: options.onBroken,
		metrics: options.registry && createMetadataMetrics(options.registry),
	});
	const db = new Kysely<Tables>({ dialect: createSqliteDialect(connection) });
	try {
		return await createMetadata({ db, log: options.log, now: options.now, random: options.random ?? randomBytes });
	} catch (error) {
		await db.destroy();
		throw error;
	}
}
