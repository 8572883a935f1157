import type { Kysely } from 'kysely';

/** When a stream was removed: its number is never given again, so the row stays. */
export async function removed(db: Kysely<unknown>): Promise<void> {
	await db.schema.alterTable('streams').addColumn('removed_micros', 'bigint').execute();
}
