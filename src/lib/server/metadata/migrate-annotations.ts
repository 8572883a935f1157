import type { Kysely } from 'kysely';

/** What people leave on a stream. */
export async function annotations(db: Kysely<unknown>): Promise<void> {
	await db.schema
		.createTable('annotations')
		.addColumn('id', 'integer', (c) => c.primaryKey())
		.addColumn('stream_id', 'integer', (c) => c.notNull().references('streams.id'))
		.addColumn('kind', 'text', (c) => c.notNull())
		.addColumn('from_micros', 'bigint', (c) => c.notNull())
		.addColumn('to_micros', 'bigint', (c) => c.notNull())
		.addColumn('text', 'text', (c) => c.notNull())
		.addColumn('author', 'text', (c) => c.notNull())
		.addColumn('at_micros', 'bigint', (c) => c.notNull())
		.execute();
	await db.schema
		.createIndex('annotations_of_stream')
		.on('annotations')
		.columns(['stream_id', 'from_micros'])
		.execute();
}
