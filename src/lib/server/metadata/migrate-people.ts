import { sql, type Kysely } from 'kysely';

/** Accounts, what they may on which site, who is signed in, and more about keys and acts. */
export async function people(db: Kysely<unknown>): Promise<void> {
	await accounts(db);
	await keys(db);
	await acts(db);
}

async function accounts(db: Kysely<unknown>): Promise<void> {
	await db.schema
		.createTable('accounts')
		.addColumn('id', 'integer', (c) => c.primaryKey())
		.addColumn('email', 'text', (c) => c.notNull().unique())
		.addColumn('name', 'text', (c) => c.notNull())
		.addColumn('password', 'text')
		.addColumn('disabled', 'integer', (c) => c.notNull())
		.addColumn('created_micros', 'bigint', (c) => c.notNull())
		.execute();
	await db.schema
		.createTable('grants')
		.addColumn('account_id', 'integer', (c) => c.notNull().references('accounts.id'))
		.addColumn('site', 'text', (c) => c.notNull())
		.addColumn('role', 'text', (c) => c.notNull())
		.addPrimaryKeyConstraint('grants_key', ['account_id', 'site'])
		.execute();
	await db.schema
		.createTable('sessions')
		.addColumn('id', 'text', (c) => c.primaryKey())
		.addColumn('account_id', 'integer', (c) => c.notNull().references('accounts.id'))
		.addColumn('created_micros', 'bigint', (c) => c.notNull())
		.addColumn('expires_micros', 'bigint', (c) => c.notNull())
		.addColumn('ends_micros', 'bigint', (c) => c.notNull())
		.addColumn('seen_micros', 'bigint', (c) => c.notNull())
		.addColumn('address', 'text', (c) => c.notNull())
		.addColumn('agent', 'text', (c) => c.notNull())
		.execute();
	await db.schema.createIndex('sessions_of_account').on('sessions').column('account_id').execute();
	await db.schema
		.createTable('links')
		.addColumn('hash', 'text', (c) => c.primaryKey())
		.addColumn('account_id', 'integer', (c) => c.notNull().references('accounts.id'))
		.addColumn('kind', 'text', (c) => c.notNull())
		.addColumn('created_micros', 'bigint', (c) => c.notNull())
		.addColumn('expires_micros', 'bigint', (c) => c.notNull())
		.execute();
}

/** Keys of before get numbers in the order in which they were made; how they began nobody knows any more. */
async function keys(db: Kysely<unknown>): Promise<void> {
	const table = db.schema.alterTable('api_keys');
	await table.addColumn('id', 'integer').execute();
	await table.addColumn('shown', 'text', (c) => c.notNull().defaultTo('')).execute();
	await table.addColumn('created_by', 'text', (c) => c.notNull().defaultTo('')).execute();
	await table.addColumn('expires_micros', 'bigint').execute();
	await table.addColumn('used_micros', 'bigint').execute();
	const old = await sql<{ hash: string }>`select hash from api_keys order by created_micros, hash`.execute(db);
	for (const [i, { hash }] of old.rows.entries())
		await sql`update api_keys set id = ${i + 1} where hash = ${hash}`.execute(db);
	if (old.rows.length > 0)
		await sql`insert into counters (name, value) values ('keys', ${old.rows.length})`.execute(db);
	await db.schema.createIndex('api_keys_by_id').on('api_keys').column('id').unique().execute();
}

async function acts(db: Kysely<unknown>): Promise<void> {
	const table = db.schema.alterTable('acts');
	for (const column of ['actor_id', 'address', 'site', 'before', 'after'])
		await table.addColumn(column, 'text').execute();
	await table.addColumn('chain', 'text', (c) => c.notNull().defaultTo('')).execute();
	await db.schema.createIndex('acts_of_site').on('acts').columns(['site', 'id']).execute();
}
