import type { Kysely } from 'kysely';

/** What people upload to be found again. The text stands apart: lists do not read it. */
export async function documents(db: Kysely<unknown>): Promise<void> {
	await db.schema
		.createTable('documents')
		.addColumn('id', 'integer', (c) => c.primaryKey())
		.addColumn('site', 'text', (c) => c.notNull())
		.addColumn('name', 'text', (c) => c.notNull())
		.addColumn('type', 'text', (c) => c.notNull())
		.addColumn('bytes', 'bigint', (c) => c.notNull())
		.addColumn('pages', 'integer')
		.addColumn('notes', 'text', (c) => c.notNull())
		.addColumn('uploaded_micros', 'bigint', (c) => c.notNull())
		.addColumn('uploaded_by', 'text', (c) => c.notNull())
		.addColumn('edition', 'integer', (c) => c.notNull())
		.addColumn('next_edition', 'integer', (c) => c.notNull())
		.addColumn('error', 'text')
		.addColumn('passages', 'integer', (c) => c.notNull())
		.addColumn('terms', 'integer', (c) => c.notNull())
		.addUniqueConstraint('documents_name', ['site', 'name'])
		.execute();
	await db.schema
		.createTable('document_texts')
		.addColumn('document_id', 'integer', (c) => c.primaryKey())
		.addColumn('text', 'text', (c) => c.notNull())
		.execute();
	await db.schema
		.createTable('gone_editions')
		.addColumn('edition', 'integer', (c) => c.primaryKey())
		.execute();
}
