import { CompiledQuery, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import type { Connection } from './connection.ts';

/**
 * Kysely on `node:sqlite` in a thread of its own.
 *
 * Compiler, adapter and introspector are Kysely's. Its SqliteDialect would run every statement, and the fsync of every
 * commit, on the thread that also judges points and feeds screens; so the driver here sends statements to the worker.
 * Kysely hands the one connection to one transaction at a time (SqliteAdapter says that there is only one).
 */
export function createSqliteDialect(connection: Connection): Dialect {
	return {
		createAdapter: () => new SqliteAdapter(),
		createDriver: () => createDriver(connection),
		createIntrospector: (db) => new SqliteIntrospector(db),
		createQueryCompiler: () => new SqliteQueryCompiler(),
	};
}

function createDriver(connection: Connection): Driver {
	const bound = bind(connection);
	return {
		async init() {},
		acquireConnection: async () => bound,
		// IMMEDIATE: a transaction that reads first and writes then cannot be refused in between.
		beginTransaction: async (c) => void (await c.executeQuery(CompiledQuery.raw('begin immediate'))),
		commitTransaction: async (c) => void (await c.executeQuery(CompiledQuery.raw('commit'))),
		rollbackTransaction: async (c) => void (await c.executeQuery(CompiledQuery.raw('rollback'))),
		async releaseConnection() {},
		destroy: () => connection.close(),
	};
}

function bind(connection: Connection): DatabaseConnection {
	return {
		async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
			const { rows, changes } = await connection.execute(sql, parameters);
			return { rows: rows as R[], numAffectedRows: BigInt(changes) };
		},
		streamQuery() {
			throw new Error('metadata queries are never streamed');
		},
	};
}
