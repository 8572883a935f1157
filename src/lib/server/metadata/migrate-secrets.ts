import type { Kysely } from 'kysely';

/** What people typed and the server has to use again, sealed. */
export async function secrets(db: Kysely<unknown>): Promise<void> {
	await db.schema
		.createTable('secrets')
		.addColumn('name', 'text', (c) => c.primaryKey())
		.addColumn('sealed', 'text', (c) => c.notNull())
		.addColumn('at_micros', 'bigint', (c) => c.notNull())
		.addColumn('by', 'text', (c) => c.notNull())
		.execute();
}
