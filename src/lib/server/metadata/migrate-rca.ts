import type { Kysely } from 'kysely';

/** What people say of analyses, and every question that was put to a language model. */
export async function rca(db: Kysely<unknown>): Promise<void> {
	await db.schema
		.createTable('rca_feedback')
		.addColumn('violation_id', 'text', (c) => c.notNull())
		.addColumn('actor_id', 'text', (c) => c.notNull())
		.addColumn('site', 'text', (c) => c.notNull())
		.addColumn('signature', 'text', (c) => c.notNull())
		.addColumn('named', 'text', (c) => c.notNull())
		.addColumn('verdict', 'text', (c) => c.notNull())
		.addColumn('cause', 'text')
		.addColumn('at_micros', 'bigint', (c) => c.notNull())
		.addPrimaryKeyConstraint('rca_feedback_key', ['violation_id', 'actor_id'])
		.execute();
	await db.schema.createIndex('rca_feedback_of_signature').on('rca_feedback').columns(['site', 'signature']).execute();
	await db.schema
		.createTable('rca_narrations')
		.addColumn('narration_key', 'text', (c) => c.notNull())
		.addColumn('at_micros', 'bigint', (c) => c.notNull())
		.addColumn('violation_id', 'text', (c) => c.notNull())
		.addColumn('provider', 'text', (c) => c.notNull())
		.addColumn('model', 'text', (c) => c.notNull())
		.addColumn('prompt', 'text', (c) => c.notNull())
		.addColumn('outcome', 'text', (c) => c.notNull())
		.addColumn('reason', 'text')
		.addColumn('text', 'text')
		.addColumn('citations', 'text', (c) => c.notNull())
		.addColumn('cost_usd', 'double precision', (c) => c.notNull())
		.execute();
	await db.schema
		.createIndex('rca_narrations_by_key')
		.on('rca_narrations')
		.columns(['narration_key', 'at_micros'])
		.execute();
	await db.schema.createIndex('rca_narrations_by_time').on('rca_narrations').column('at_micros').execute();
}
