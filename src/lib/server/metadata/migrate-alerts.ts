import type { Kysely } from 'kysely';

/** Which routes tell of which violations, the messages that come of it, and what their channels answered. */
export async function alerts(db: Kysely<unknown>): Promise<void> {
	await decisions(db);
	await messages(db);
	await db.schema
		.createTable('alert_threads')
		.addColumn('channel', 'text', (c) => c.notNull())
		.addColumn('violation_id', 'text', (c) => c.notNull())
		.addColumn('thread', 'text', (c) => c.notNull())
		.addColumn('at_micros', 'bigint', (c) => c.notNull())
		.addPrimaryKeyConstraint('alert_threads_key', ['channel', 'violation_id'])
		.execute();
	await db.schema
		.createTable('alert_channels_off')
		.addColumn('channel', 'text', (c) => c.primaryKey())
		.addColumn('at_micros', 'bigint', (c) => c.notNull())
		.addColumn('reason', 'text', (c) => c.notNull())
		.execute();
}

async function decisions(db: Kysely<unknown>): Promise<void> {
	await db.schema
		.createTable('alert_episodes')
		.addColumn('violation_id', 'text', (c) => c.notNull())
		.addColumn('route', 'text', (c) => c.notNull())
		.addColumn('group_key', 'text', (c) => c.notNull())
		.addColumn('pending', 'integer', (c) => c.notNull())
		.addColumn('since_micros', 'bigint', (c) => c.notNull())
		.addColumn('decided_micros', 'bigint', (c) => c.notNull())
		.addPrimaryKeyConstraint('alert_episodes_key', ['violation_id', 'route'])
		.execute();
	await db.schema
		.createIndex('alert_episodes_pending')
		.on('alert_episodes')
		.columns(['route', 'group_key'])
		.where('pending' as never, '>', 0 as never)
		.execute();
	await db.schema.createIndex('alert_episodes_by_age').on('alert_episodes').column('decided_micros').execute();
	await db.schema
		.createTable('alert_groups')
		.addColumn('route', 'text', (c) => c.notNull())
		.addColumn('group_key', 'text', (c) => c.notNull())
		.addColumn('last_micros', 'bigint', (c) => c.notNull())
		.addPrimaryKeyConstraint('alert_groups_key', ['route', 'group_key'])
		.execute();
}

async function messages(db: Kysely<unknown>): Promise<void> {
	await db.schema
		.createTable('alert_messages')
		.addColumn('id', 'bigint', (c) => c.primaryKey())
		.addColumn('key', 'text', (c) => c.notNull().unique())
		.addColumn('route', 'text', (c) => c.notNull())
		.addColumn('group_key', 'text', (c) => c.notNull())
		.addColumn('channel', 'text', (c) => c.notNull())
		.addColumn('content', 'text', (c) => c.notNull())
		.addColumn('created_micros', 'bigint', (c) => c.notNull())
		.addColumn('due_micros', 'bigint', (c) => c.notNull())
		.addColumn('attempts', 'integer', (c) => c.notNull())
		.addColumn('state', 'text', (c) => c.notNull())
		.addColumn('detail', 'text')
		.execute();
	await db.schema
		.createIndex('alert_messages_waiting')
		.on('alert_messages')
		.columns(['due_micros', 'id'])
		.where('state' as never, '=', 'waiting' as never)
		.execute();
	await db.schema.createIndex('alert_messages_by_state').on('alert_messages').columns(['state', 'id']).execute();
	await db.schema
		.createTable('alert_log')
		.addColumn('id', 'bigint', (c) => c.primaryKey())
		.addColumn('message_id', 'bigint', (c) => c.notNull())
		.addColumn('channel', 'text', (c) => c.notNull())
		.addColumn('at_micros', 'bigint', (c) => c.notNull())
		.addColumn('attempt', 'integer', (c) => c.notNull())
		.addColumn('took_ms', 'integer', (c) => c.notNull())
		.addColumn('outcome', 'text', (c) => c.notNull())
		.addColumn('status', 'integer')
		.addColumn('detail', 'text', (c) => c.notNull())
		.execute();
	await db.schema.createIndex('alert_log_by_age').on('alert_log').column('at_micros').execute();
}
