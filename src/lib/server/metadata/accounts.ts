import type { Kysely, Selectable, Transaction } from 'kysely';
import { normalEmail } from '#contracts/email.ts';
import type { Grant, Role } from '#contracts/principal.ts';
import type { NowMicros } from '#contracts/time.ts';
import { addAct } from './acts.ts';
import { chunks, takeNumbers } from './counters.ts';
import type { Actor } from './port-acts.ts';
import type { Account, AccountChange, NewAccount } from './port-people.ts';
import type { Metadata } from './port.ts';
import type { AccountsTable, Tables } from './tables.ts';

const CHUNK = 500;

/** People who sign in, and their roles by site. An address is one account: compared without case. */
export function createAccounts(db: Kysely<Tables>, now: NowMicros): Metadata['accounts'] {
	const inOne = <T>(work: (tx: Transaction<Tables>) => Promise<T>) => db.transaction().execute(work);
	return {
		async count() {
			const { count } = await db
				.selectFrom('accounts')
				.select((eb) => eb.fn.countAll<number>().as('count'))
				.executeTakeFirstOrThrow();
			return Number(count);
		},
		create: (account, by) => inOne((tx) => create(tx, { account, by, atMicros: now() })),
		all: async () => withGrants(db, await db.selectFrom('accounts').selectAll().orderBy('id').execute()),
		get: (id) => getAccount(db, id),
		async byEmail(email) {
			const query = db.selectFrom('accounts').selectAll().where('email', '=', normalEmail(email));
			const row = await query.executeTakeFirst();
			const [account] = row ? await withGrants(db, [row]) : [];
			return row && account && { account, password: row.password };
		},
		change: (id, change, by) => inOne((tx) => changeAccount(tx, { id, change, by, atMicros: now() })),
		async setPassword(id, password, by) {
			await inOne(async (tx) => {
				await tx.updateTable('accounts').set({ password }).where('id', '=', id).execute();
				await tx.deleteFrom('sessions').where('account_id', '=', id).execute();
				await tx.deleteFrom('links').where('account_id', '=', id).execute();
				const subject = `person:${id}`;
				await addAct(tx, { atMicros: now(), by, act: 'person.password', subject, site: null });
			});
		},
		async renewHash(id, password) {
			await db.updateTable('accounts').set({ password }).where('id', '=', id).execute();
		},
		remove: (id, by) => inOne((tx) => removeAccount(tx, { id, by, atMicros: now() })),
	};
}

export async function getAccount(tx: Kysely<Tables>, id: number): Promise<Account | undefined> {
	const row = await tx.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst();
	return row && (await withGrants(tx, [row]))[0];
}

async function withGrants(tx: Kysely<Tables>, rows: readonly Selectable<AccountsTable>[]): Promise<Account[]> {
	const grants = new Map<number, Grant[]>();
	for (const some of chunks(rows, CHUNK)) {
		const ids = some.map(({ id }) => id);
		const found = await tx
			.selectFrom('grants')
			.selectAll()
			.where('account_id', 'in', ids)
			.orderBy('account_id')
			.orderBy('site')
			.execute();
		for (const { account_id: id, site, role } of found)
			grants.set(id, [...(grants.get(id) ?? []), { site, role: role as Role }]);
	}
	return rows.map((row) => ({
		id: row.id,
		email: row.email,
		name: row.name,
		grants: grants.get(row.id) ?? [],
		isDisabled: row.disabled === 1,
		hasPassword: row.password !== null,
		createdMicros: Number(row.created_micros),
	}));
}

interface Creating {
	readonly account: NewAccount;
	readonly by: Actor;
	readonly atMicros: number;
}

async function create(tx: Transaction<Tables>, { account, by, atMicros }: Creating): Promise<Account | undefined> {
	const email = normalEmail(account.email);
	const taken = await tx.selectFrom('accounts').select('id').where('email', '=', email).executeTakeFirst();
	if (taken) return undefined;
	if (account.ifFirst === true && (await tx.selectFrom('accounts').select('id').limit(1).executeTakeFirst()))
		return undefined;
	const id = await takeNumbers(tx, 'accounts', 1);
	const { name, password, grants } = account;
	await tx
		.insertInto('accounts')
		.values({ id, email, name, password, disabled: 0, created_micros: atMicros })
		.execute();
	await setGrants(tx, id, grants);
	const subject = `person:${id}`;
	const after = { email, name, roles: rolesBySite(grants) };
	const act = account.ifFirst === true ? 'set-up' : 'person.create';
	await addAct(tx, { atMicros, by, act, subject, site: oneSite(grants), detail: name, after });
	return getAccount(tx, id);
}

async function setGrants(tx: Transaction<Tables>, id: number, grants: readonly Grant[]): Promise<void> {
	await tx.deleteFrom('grants').where('account_id', '=', id).execute();
	const rows = grants.map(({ site, role }) => ({ account_id: id, site, role }));
	if (rows.length > 0) await tx.insertInto('grants').values(rows).execute();
}

interface Changing {
	readonly id: number;
	readonly change: AccountChange;
	readonly by: Actor;
	readonly atMicros: number;
}

/** Who may do other things from now on signs in anew: a session that was taken over gains nothing. */
async function changeAccount(
	tx: Transaction<Tables>,
	{ id, change, by, atMicros }: Changing,
): Promise<Account | undefined> {
	const before = await getAccount(tx, id);
	if (!before) return undefined;
	const { name = before.name, isDisabled = before.isDisabled, grants = before.grants } = change;
	await tx
		.updateTable('accounts')
		.set({ name, disabled: isDisabled ? 1 : 0 })
		.where('id', '=', id)
		.execute();
	const sorted = (some: readonly Grant[]) => JSON.stringify(some.map(({ site, role }) => [site, role]).sort());
	const isOther = sorted(grants) !== sorted(before.grants);
	if (isOther) await setGrants(tx, id, grants);
	if (isOther || isDisabled !== before.isDisabled)
		await tx.deleteFrom('sessions').where('account_id', '=', id).execute();
	if (isDisabled) await tx.deleteFrom('links').where('account_id', '=', id).execute();
	await addAct(tx, {
		atMicros,
		by,
		act: 'person.change',
		subject: `person:${id}`,
		site: oneSite([...before.grants, ...grants]),
		detail: name,
		before: { name: before.name, roles: rolesBySite(before.grants), mayEnter: !before.isDisabled },
		after: { name, roles: rolesBySite(grants), mayEnter: !isDisabled },
	});
	return getAccount(tx, id);
}

async function removeAccount(
	tx: Transaction<Tables>,
	{ id, by, atMicros }: { readonly id: number; readonly by: Actor; readonly atMicros: number },
): Promise<void> {
	const before = await getAccount(tx, id);
	if (!before) return;
	for (const table of ['sessions', 'links', 'grants'] as const)
		await tx.deleteFrom(table).where('account_id', '=', id).execute();
	await tx.deleteFrom('accounts').where('id', '=', id).execute();
	const { email, name, grants } = before;
	await addAct(tx, {
		atMicros,
		by,
		act: 'person.remove',
		subject: `person:${id}`,
		site: oneSite(grants),
		detail: name,
		before: { email, name, roles: rolesBySite(grants) },
	});
}

function rolesBySite(grants: readonly Grant[]): Readonly<Record<string, Role>> {
	return Object.fromEntries(grants.map(({ site, role }) => [site, role]));
}

/** What concerns one site may be read by its admins; what concerns several by who sees all of them. */
function oneSite(grants: readonly Grant[]): string | null {
	const sites = new Set(grants.map(({ site }) => site));
	const [first] = sites;
	return sites.size === 1 && first !== undefined && first !== '*' ? first : null;
}
