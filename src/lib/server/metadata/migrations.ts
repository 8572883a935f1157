import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Migration } from 'kysely/migration';
import { ConfigError, messageOf } from '#contracts/error.ts';
import { alerts } from './migrate-alerts.ts';
import { annotations } from './migrate-annotations.ts';
import { cases } from './migrate-cases.ts';
import { causes } from './migrate-causes.ts';
import { documents } from './migrate-documents.ts';
import { events } from './migrate-events.ts';
import { people as identity } from './migrate-people.ts';
import { rca } from './migrate-rca.ts';
import { recordings } from './migrate-recordings.ts';
import { removed } from './migrate-removed.ts';
import { secrets } from './migrate-secrets.ts';
import type { Tables } from './tables.ts';

/** Applied once each, in the order of their names; one that has been released is never changed. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
	'0001-skeleton': { up: skeleton },
	'0002-people': { up: identity },
	'0003-alerts': { up: alerts },
	'0004-causes': { up: causes },
	'0005-events': { up: events },
	'0006-cases': { up: cases },
	'0007-annotations': { up: annotations },
	'0008-rca': { up: rca },
	'0009-recordings': { up: recordings },
	'0010-documents': { up: documents },
	'0011-secrets': { up: secrets },
	'0012-removed-streams': { up: removed },
};

/**
 * @param upTo so far and no further: a test makes what an older version left
 * @throws ConfigError when a newer version has been here
 */
export async function migrate(db: Kysely<Tables>, upTo?: string): Promise<void> {
	const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
	const { error } = await (upTo === undefined ? migrator.migrateToLatest() : migrator.migrateTo(upTo));
	if (error === undefined) return;
	const message = `cannot bring the metadata database up to date: ${messageOf(error)}`;
	if (messageOf(error).includes('corrupted migrations'))
		throw new ConfigError(
			`${message}; was it used by a newer version? Start that one, or restore the backup made before`,
		);
	throw new Error(message, { cause: error });
}

async function skeleton(db: Kysely<unknown>): Promise<void> {
	await streams(db);
	await violations(db);
	await db.schema
		.createTable('limits')
		.addColumn('id', 'text', (c) => c.primaryKey())
		.addColumn('stream_id', 'integer', (c) => c.notNull().references('streams.id'))
		.addColumn('from_micros', 'bigint', (c) => c.notNull())
		.addColumn('seq', 'bigint', (c) => c.notNull())
		.addColumn('body', 'text', (c) => c.notNull())
		.execute();
	await db.schema.createIndex('limits_of_stream').on('limits').columns(['stream_id', 'from_micros', 'seq']).execute();
	await numbers(db);
	await people(db);
}

async function streams(db: Kysely<unknown>): Promise<void> {
	await db.schema
		.createTable('streams')
		.addColumn('id', 'integer', (c) => c.primaryKey())
		.addColumn('name', 'text', (c) => c.notNull().unique())
		.addColumn('site', 'text', (c) => c.notNull())
		.addColumn('key', 'text', (c) => c.notNull())
		.addColumn('labels', 'text', (c) => c.notNull())
		.addColumn('asset', 'text', (c) => c.notNull())
		.addColumn('kind', 'text', (c) => c.notNull())
		.addColumn('unit', 'text', (c) => c.notNull())
		.addColumn('plan_revision', 'integer', (c) => c.notNull())
		.addColumn('created_micros', 'bigint', (c) => c.notNull())
		.execute();
	await db.schema
		.createTable('plans')
		.addColumn('stream_id', 'integer', (c) => c.notNull().references('streams.id'))
		.addColumn('revision', 'integer', (c) => c.notNull())
		.addColumn('plan', 'text', (c) => c.notNull())
		.addColumn('source', 'text')
		.addColumn('at_micros', 'bigint', (c) => c.notNull())
		.addPrimaryKeyConstraint('plans_key', ['stream_id', 'revision'])
		.execute();
}

async function violations(db: Kysely<unknown>): Promise<void> {
	await db.schema
		.createTable('violations')
		.addColumn('id', 'text', (c) => c.primaryKey())
		.addColumn('stream_id', 'integer', (c) => c.notNull().references('streams.id'))
		.addColumn('chart', 'text', (c) => c.notNull())
		.addColumn('rule', 'text', (c) => c.notNull())
		.addColumn('side', 'text', (c) => c.notNull())
		.addColumn('first_micros', 'bigint', (c) => c.notNull())
		.addColumn('last_micros', 'bigint', (c) => c.notNull())
		.addColumn('ended_micros', 'bigint')
		.addColumn('active', 'integer', (c) => c.notNull())
		.addColumn('severity', 'text', (c) => c.notNull())
		.addColumn('points', 'integer', (c) => c.notNull())
		.addColumn('value', 'double precision')
		.addColumn('centre', 'double precision')
		.addColumn('sigma', 'double precision')
		.addColumn('limits_id', 'text', (c) => c.notNull())
		.addColumn('span_from_micros', 'bigint', (c) => c.notNull())
		.addColumn('revision', 'integer', (c) => c.notNull())
		.addColumn('context', 'text', (c) => c.notNull())
		.addColumn('historical', 'integer', (c) => c.notNull())
		.addColumn('state', 'text', (c) => c.notNull())
		.addColumn('cause', 'text')
		.execute();
	await db.schema.createIndex('violations_by_time').on('violations').columns(['first_micros', 'id']).execute();
	await db.schema
		.createIndex('violations_of_stream')
		.on('violations')
		.columns(['stream_id', 'first_micros', 'id'])
		.execute();
	// The two small sets that are asked for all the time.
	await db.schema
		.createIndex('violations_active')
		.on('violations')
		.column('stream_id')
		.where('active' as never, '=', 1 as never)
		.execute();
	await db.schema
		.createIndex('violations_unresolved')
		.on('violations')
		.column('stream_id')
		.where('state' as never, '!=', 'resolved' as never)
		.execute();
}

async function numbers(db: Kysely<unknown>): Promise<void> {
	await db.schema
		.createTable('outbox')
		.addColumn('id', 'bigint', (c) => c.primaryKey())
		.addColumn('command', 'text', (c) => c.notNull())
		.execute();
	await db.schema
		.createTable('cursors')
		.addColumn('name', 'text', (c) => c.primaryKey())
		.addColumn('position', 'bigint', (c) => c.notNull())
		.execute();
	await db.schema
		.createTable('counters')
		.addColumn('name', 'text', (c) => c.primaryKey())
		.addColumn('value', 'bigint', (c) => c.notNull())
		.execute();
}

async function people(db: Kysely<unknown>): Promise<void> {
	await db.schema
		.createTable('api_keys')
		.addColumn('hash', 'text', (c) => c.primaryKey())
		.addColumn('name', 'text', (c) => c.notNull())
		.addColumn('site', 'text', (c) => c.notNull())
		.addColumn('scopes', 'text', (c) => c.notNull())
		.addColumn('created_micros', 'bigint', (c) => c.notNull())
		.execute();
	await db.schema
		.createTable('acts')
		.addColumn('id', 'bigint', (c) => c.primaryKey())
		.addColumn('at_micros', 'bigint', (c) => c.notNull())
		.addColumn('actor', 'text', (c) => c.notNull())
		.addColumn('act', 'text', (c) => c.notNull())
		.addColumn('subject', 'text', (c) => c.notNull())
		.addColumn('detail', 'text')
		.execute();
	await db.schema.createIndex('acts_on_subject').on('acts').columns(['subject', 'id']).execute();
}
