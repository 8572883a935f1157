import type { Kysely } from 'kysely';

/** What happened on a site, and the streams that it is about where these are named. */
export async function events(db: Kysely<unknown>): Promise<void> {
	await db.schema
		.createTable('events')
		.addColumn('id', 'text', (c) => c.primaryKey())
		.addColumn('site', 'text', (c) => c.notNull())
		.addColumn('kind', 'text', (c) => c.notNull())
		.addColumn('target', 'text', (c) => c.notNull())
		.addColumn('from_micros', 'bigint', (c) => c.notNull())
		.addColumn('to_micros', 'bigint')
		.addColumn('end_micros', 'bigint', (c) => c.notNull())
		.addColumn('implied', 'integer', (c) => c.notNull())
		.addColumn('title', 'text', (c) => c.notNull())
		.addColumn('asset', 'text')
		.addColumn('streams', 'text', (c) => c.notNull())
		.addColumn('attributes', 'text', (c) => c.notNull())
		.execute();
	await db.schema.createIndex('events_by_end').on('events').columns(['site', 'end_micros']).execute();
	await db.schema.createIndex('events_by_start').on('events').columns(['from_micros', 'id']).execute();
	await db.schema
		.createIndex('events_of_target')
		.on('events')
		.columns(['site', 'target', 'kind', 'from_micros'])
		.execute();
	await db.schema
		.createTable('event_streams')
		.addColumn('event_id', 'text', (c) => c.notNull())
		.addColumn('key', 'text', (c) => c.notNull())
		.addPrimaryKeyConstraint('event_streams_key', ['event_id', 'key'])
		.execute();
}
