import type { Kysely } from 'kysely';

/** Sessions, as people call them; that name has been taken by those of signing in. */
export async function recordings(db: Kysely<unknown>): Promise<void> {
	await db.schema
		.createTable('recordings')
		.addColumn('id', 'integer', (c) => c.primaryKey())
		.addColumn('site', 'text', (c) => c.notNull())
		.addColumn('name', 'text', (c) => c.notNull())
		.addColumn('notes', 'text', (c) => c.notNull())
		.addColumn('stream_ids', 'text', (c) => c.notNull())
		.addColumn('from_micros', 'bigint', (c) => c.notNull())
		.addColumn('to_micros', 'bigint')
		.addColumn('in_force', 'text', (c) => c.notNull())
		.addColumn('author', 'text', (c) => c.notNull())
		.addColumn('created_micros', 'bigint', (c) => c.notNull())
		.execute();
	await db.schema.createIndex('recordings_of_site').on('recordings').columns(['site', 'id']).execute();
}
