import { CompiledQuery, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import type { Connection } from './connection.ts';

/**
 * Kysely on `node:sqlite` in a thread of its own.
 *
 * Compiler, adapter and introspector are Kysely's. Its SqliteDialect would run every statement, and the fsync of every
 * commit, on the thread that also judges points and feeds screens; so the driver here sends statements to the worker.
 * There is one connection, lent to one query or transaction after the other in the order in which they came. Kysely's
 * own lock for that wakes all who wait each time it is free: with thousands waiting, as when a thousand screens connect
 * again after a restart, waking them takes longer than their queries.
 */
export function createSqliteDialect(connection: Connection): Dialect {
	return {
		createAdapter: () => new QueueingAdapter(),
		createDriver: () => createDriver(connection),
		createIntrospector: (db) => new SqliteIntrospector(db),
		createQueryCompiler: () => new SqliteQueryCompiler(),
	};
}

class QueueingAdapter extends SqliteAdapter {
	override get supportsMultipleConnections(): boolean {
		return true;
	}
}

function createDriver(connection: Connection): Driver {
	const bound = bind(connection);
	const turns = createTurns();
	return {
		async init() {},
		async acquireConnection() {
			await turns.take();
			return bound;
		},
		// IMMEDIATE: a transaction that reads first and writes then cannot be refused in between.
		beginTransaction: async (c) => void (await c.executeQuery(CompiledQuery.raw('begin immediate'))),
		commitTransaction: async (c) => void (await c.executeQuery(CompiledQuery.raw('commit'))),
		rollbackTransaction: async (c) => void (await c.executeQuery(CompiledQuery.raw('rollback'))),
		releaseConnection: async () => turns.pass(),
		destroy: () => connection.close(),
	};
}

/** One after the other, first come first served. */
function createTurns(): { take(): Promise<void>; pass(): void } {
	let waiting: (() => void)[] = [];
	let next = 0;
	let taken = false;
	return {
		take() {
			if (taken) return new Promise((resolve) => waiting.push(resolve));
			taken = true;
			return Promise.resolve();
		},
		pass() {
			const resume = waiting[next++];
			taken = resume !== undefined;
			resume?.();
			if (next < waiting.length) return;
			waiting = [];
			next = 0;
		},
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
