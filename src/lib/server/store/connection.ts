import { Readable } from 'node:stream';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseSettings, Logger as ClientLogger } from '@clickhouse/client';
import type { Logger } from 'pino';
import { messageOf } from '#contracts/error.ts';
import { INCORRECT_DATA, StoreRefusedError, readError, writeError } from './errors.ts';

export interface ConnectionOptions {
	readonly url: string;
	readonly username: string;
	readonly password: string;
	readonly database: string;
	readonly log: Logger;
	/** How long a request may take, in milliseconds. */
	readonly requestTimeoutMs?: number;
}

export type Parameters = Readonly<Record<string, string | number | readonly number[] | readonly string[]>>;

/** The few ways in which we talk to ClickHouse; each reads its answer to the end, so that sockets can be used again. */
export interface Connection {
	readonly database: string;
	ping(): Promise<boolean>;
	/** DDL. */
	command(sql: string): Promise<void>;
	/** DDL that names its database itself: ours may not exist yet. */
	commandWithoutDatabase(sql: string): Promise<void>;
	/** Rows of a small answer. */
	rows<T>(read: { readonly doing: string; readonly sql: string; readonly params?: Parameters }): Promise<T[]>;
	/** The bytes of an answer in a format named in the SQL. */
	bytes(read: { readonly doing: string; readonly sql: string; readonly params?: Parameters }): Promise<Buffer>;
	/**
	 * The bytes of an answer as they come. Who leaves before the end, or aborts, ends the query too.
	 *
	 * @param read.settings over those of every read
	 */
	stream(read: {
		readonly doing: string;
		readonly sql: string;
		readonly params?: Parameters;
		readonly settings?: ClickHouseSettings;
		readonly signal: AbortSignal;
	}): AsyncIterable<Uint8Array>;
	insertJson(insert: {
		readonly table: string;
		readonly rows: readonly object[];
		readonly token: string | undefined;
	}): Promise<void>;
	insertBytes(insert: {
		/** For the error. */
		readonly table: string;
		readonly sql: string;
		readonly bytes: Uint8Array;
		readonly token: string;
	}): Promise<void>;
	close(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 120_000;
/** Below every server's keep-alive (embedded 20 s, ClickHouse 10 s), or a request meets a socket that is being closed. */
const IDLE_SOCKET_MS = 2_500;
const MAX_CONNECTIONS = 10;

/** One insert of ours may span decades of imported history, so any number of monthly partitions. */
const INSERT_SETTINGS: ClickHouseSettings = {
	max_partitions_per_insert_block: '0',
	deduplicate_blocks_in_dependent_materialized_views: 1,
};

function settingsOf(token: string | undefined): ClickHouseSettings {
	return token === undefined ? INSERT_SETTINGS : { ...INSERT_SETTINGS, insert_deduplication_token: token };
}

/** What a page asks for must not take what the writer and other pages need. */
const READ_SETTINGS: ClickHouseSettings = {
	max_execution_time: 30,
	max_threads: 2,
	max_memory_usage: String(500 * 1024 * 1024),
};

/** Never throws; connects when first used. */
export function createConnection(options: ConnectionOptions): Connection {
	const common = {
		url: options.url,
		username: options.username,
		password: options.password,
		application: 'sigmascope',
		request_timeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
		max_open_connections: MAX_CONNECTIONS,
		keep_alive: { enabled: true, idle_socket_ttl: IDLE_SOCKET_MS },
		compression: { request: false, response: false },
		log: { LoggerClass: loggerInto(options.log), level: ClickHouseLogLevel.WARN },
	};
	const client = createClient({ ...common, database: options.database });
	const outside = createClient(common);

	return {
		database: options.database,
		ping: async () => (await client.ping()).success,
		async command(sql) {
			await client.command({ query: sql });
		},
		async commandWithoutDatabase(sql) {
			await outside.command({ query: sql });
		},
		async rows<T>({ doing, sql, params }: { doing: string; sql: string; params?: Parameters }) {
			try {
				const result = await client.query({
					query: sql,
					query_params: { ...params },
					format: 'JSONEachRow',
					clickhouse_settings: READ_SETTINGS,
				});
				return await result.json<T>();
			} catch (error) {
				throw readError(doing, error);
			}
		},
		async bytes({ doing, sql, params }) {
			try {
				const result = await client.exec({
					query: sql,
					query_params: { ...params },
					clickhouse_settings: READ_SETTINGS,
				});
				const chunks: Buffer[] = [];
				for await (const chunk of result.stream) chunks.push(chunk as Buffer);
				return Buffer.concat(chunks);
			} catch (error) {
				throw readError(doing, error);
			}
		},
		async *stream({ doing, sql, params, settings, signal }) {
			const leaving = new AbortController();
			try {
				signal.throwIfAborted();
				const result = await client.exec({
					query: sql,
					query_params: { ...params },
					clickhouse_settings: { ...READ_SETTINGS, ...settings, cancel_http_readonly_queries_on_client_close: 1 },
					abort_signal: AbortSignal.any([signal, leaving.signal]),
				});
				for await (const chunk of result.stream) yield chunk as Buffer;
				// An answer that was given up may end like a whole one.
				signal.throwIfAborted();
			} catch (error) {
				signal.throwIfAborted();
				throw readError(doing, error);
			} finally {
				leaving.abort();
			}
		},
		async insertJson({ table, rows, token }) {
			if (rows.length === 0) return;
			checkNumbers(table, rows);
			try {
				await client.insert({ table, values: rows, format: 'JSONEachRow', clickhouse_settings: settingsOf(token) });
			} catch (error) {
				throw writeError(`insert into ${table}`, error);
			}
		},
		async insertBytes({ table, sql, bytes, token }) {
			try {
				const values = Readable.from([bytes], { objectMode: false });
				const result = await client.exec({ query: sql, values, clickhouse_settings: settingsOf(token) });
				for await (const chunk of result.stream) void chunk;
			} catch (error) {
				throw writeError(`insert into ${table}`, error);
			}
		},
		async close() {
			await Promise.all([client.close(), outside.close()]);
		},
	};
}

/**
 * JSON has no NaN: it would go as null, which ClickHouse stores as 0 in a column that cannot be null.
 *
 * @throws StoreRefusedError
 */
function checkNumbers(table: string, rows: readonly object[]): void {
	for (const row of rows) {
		const odd = findOddNumber(row, '');
		if (odd !== undefined)
			throw new StoreRefusedError(
				`cannot insert into ${table}: ${odd.name} is ${odd.value}`,
				INCORRECT_DATA,
				undefined,
			);
	}
}

/** A walk of its own and no replacer of JSON.stringify, which takes longer than the insert. */
function findOddNumber(value: unknown, name: string): { readonly name: string; readonly value: number } | undefined {
	if (typeof value === 'number') return Number.isFinite(value) ? undefined : { name, value };
	if (typeof value !== 'object' || value === null) return undefined;
	for (const key in value) {
		const odd = findOddNumber((value as Readonly<Record<string, unknown>>)[key], key);
		if (odd !== undefined) return odd;
	}
	return undefined;
}

/** What the client has to say is either thrown at us as well, or of interest only when looking for a fault in it. */
function loggerInto(log: Logger): new () => ClientLogger {
	return class implements ClientLogger {
		trace(): void {}
		debug(): void {}
		info(): void {}
		warn(entry: { message: string; err?: Error }): void {
			log.debug({ cause: messageOf(entry.err ?? '') }, entry.message);
		}
		error(): void {}
	};
}
