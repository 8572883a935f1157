import type { Kysely } from 'kysely';
import { sql } from 'kysely';

/** What the analysis names (`cause` in docs); people rename, retire and add. */
const FIRST = [
	'provider-slowdown',
	'provider-errors',
	'rate-limited',
	'model-version-change',
	'prompt-length-change',
	'output-length-change',
	'cache-change',
	'client-or-network',
	'cold-start',
	'queueing',
	'sensor-stuck',
	'sensor-noise',
	'sensor-bias',
	'process-shift',
	'setpoint-change',
	'tool-wear-drift',
	'upstream-disturbance',
	'cyclic-environment',
	'mixed-sources',
	'over-adjustment',
	'material-change',
	'collector-or-clock',
	'stale-baseline',
	'normal-variation',
	'unknown',
];

/** Who a violation is for, and the catalogue of what may have caused one. */
export async function causes(db: Kysely<unknown>): Promise<void> {
	await db.schema.alterTable('violations').addColumn('assignee', 'text').execute();
	await db.schema
		.createTable('causes')
		.addColumn('name', 'text', (c) => c.primaryKey())
		.addColumn('title', 'text', (c) => c.notNull())
		.addColumn('retired', 'integer', (c) => c.notNull())
		.execute();
	for (const name of FIRST) {
		const title = name.slice(0, 1).toUpperCase() + name.slice(1).replaceAll('-', ' ');
		await sql`insert into causes (name, title, retired) values (${name}, ${title}, 0)`.execute(db);
	}
}
