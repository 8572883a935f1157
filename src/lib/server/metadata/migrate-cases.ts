import type { Kysely } from 'kysely';

/** When people acted, the steps of the reaction plan that they ticked, filters that they keep, and merged causes. */
export async function cases(db: Kysely<unknown>): Promise<void> {
	for (const name of ['opened_micros', 'acknowledged_micros', 'resolved_micros'])
		await db.schema.alterTable('violations').addColumn(name, 'bigint').execute();
	await db.schema.alterTable('causes').addColumn('merged_into', 'text').execute();
	await db.schema
		.createTable('violation_steps')
		.addColumn('violation_id', 'text', (c) => c.notNull().references('violations.id'))
		.addColumn('step', 'text', (c) => c.notNull())
		.addColumn('done_micros', 'bigint', (c) => c.notNull())
		.addColumn('done_by', 'text', (c) => c.notNull())
		.addPrimaryKeyConstraint('violation_steps_key', ['violation_id', 'step'])
		.execute();
	await db.schema
		.createTable('saved_views')
		.addColumn('owner', 'text', (c) => c.notNull())
		.addColumn('page', 'text', (c) => c.notNull())
		.addColumn('name', 'text', (c) => c.notNull())
		.addColumn('query', 'text', (c) => c.notNull())
		.addPrimaryKeyConstraint('saved_views_key', ['owner', 'page', 'name'])
		.execute();
}
