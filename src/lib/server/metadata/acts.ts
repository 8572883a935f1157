import { createHash } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { takeNumbers } from './counters.ts';
import type { Act, Actor, ActFilter, NewAct } from './port-acts.ts';
import type { Metadata } from './port.ts';
import type { ActsTable, Tables } from './tables.ts';

const VERIFY_AT_ONCE = 1000;

/**
 * Notes who did what, in the transaction of the deed.
 *
 * Each row carries a hash over itself and the hash of the row before: whoever changes or takes one out later cannot do
 * so without showing, unless all that follow are written anew.
 */
export async function addAct(tx: Transaction<Tables>, act: NewAct & { readonly atMicros: number }): Promise<void> {
	const id = await takeNumbers(tx, 'acts', 1);
	const { value: before } = (await last(tx)) ?? { value: '' };
	const row: Omit<ActsTable, 'chain'> = {
		id,
		at_micros: act.atMicros,
		actor: act.by.name,
		actor_id: act.by.id,
		address: act.by.address,
		act: act.act,
		subject: act.subject,
		site: act.site,
		detail: act.detail ?? null,
		before: textOf(act.before),
		after: textOf(act.after),
	};
	await tx
		.insertInto('acts')
		.values({ ...row, chain: chainOf(before, row) })
		.execute();
}

/** What the product itself does, or a person of whom nothing but the name is known. */
export function actorNamed(name: string): Actor {
	return { name, id: null, address: null };
}

export function createActs(db: Kysely<Tables>, now: () => number): Metadata['acts'] {
	return {
		add: (act) => db.transaction().execute((tx) => addAct(tx, { ...act, atMicros: now() })),
		list: (filter) => list(db, filter),
		verify: () => verify(db),
	};
}

async function last(tx: Transaction<Tables>): Promise<{ value: string } | undefined> {
	return tx.selectFrom('acts').select('chain as value').orderBy('id', 'desc').limit(1).executeTakeFirst();
}

function textOf(value: unknown): string | null {
	return value === undefined || value === null ? null : JSON.stringify(value);
}

function chainOf(before: string, row: Omit<ActsTable, 'chain'>): string {
	const { id, at_micros, actor, actor_id, address, act, subject, site, detail } = row;
	const content = [before, id, at_micros, actor, actor_id, address, act, subject, site, detail, row.before, row.after];
	return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

async function list(db: Kysely<Tables>, filter: ActFilter): Promise<{ items: readonly Act[]; cursor: string | null }> {
	const { sites, act, subject, actor, fromMicros, toMicros, beforeId, limit } = filter;
	if (sites !== 'all' && sites.length === 0) return { items: [], cursor: null };
	const rows = await db
		.selectFrom('acts')
		.selectAll()
		.$if(sites !== 'all', (q) => q.where('site', 'in', sites === 'all' ? [] : sites))
		.$if(act !== undefined, (q) => q.where('act', '=', act ?? ''))
		.$if(subject !== undefined, (q) => q.where('subject', '=', subject ?? ''))
		.$if(actor !== undefined, (q) => q.where('actor', '=', actor ?? ''))
		.$if(fromMicros !== undefined, (q) => q.where('at_micros', '>=', fromMicros ?? 0))
		.$if(toMicros !== undefined, (q) => q.where('at_micros', '<=', toMicros ?? 0))
		.$if(beforeId !== undefined, (q) => q.where('id', '<', beforeId ?? 0))
		.orderBy('id', 'desc')
		.limit(limit + 1)
		.execute();
	const items = rows.slice(0, limit).map(toAct);
	return { items, cursor: rows.length > limit ? String(items.at(-1)?.id) : null };
}

function toAct(row: ActsTable): Act {
	return {
		id: Number(row.id),
		atMicros: Number(row.at_micros),
		by: { name: row.actor, id: row.actor_id, address: row.address },
		act: row.act,
		subject: row.subject,
		site: row.site,
		detail: row.detail,
		before: row.before === null ? null : (JSON.parse(row.before) as unknown),
		after: row.after === null ? null : (JSON.parse(row.after) as unknown),
	};
}

/** Rows of before the chain have none; from the first that has one, each must follow from the one before it. */
async function verify(db: Kysely<Tables>): Promise<{ checked: number; brokenAt: number | null }> {
	let checked = 0;
	let before: { readonly id: number; readonly chain: string } = { id: 0, chain: '' };
	for (;;) {
		const rows = await db
			.selectFrom('acts')
			.selectAll()
			.where('id', '>', before.id)
			.orderBy('id')
			.limit(VERIFY_AT_ONCE)
			.execute();
		for (const row of rows) {
			const isOld = row.chain === '' && before.chain === '';
			const follows = isOld || (row.id === before.id + 1 && row.chain === chainOf(before.chain, row));
			if (!follows) return { checked, brokenAt: row.id };
			before = row;
			checked++;
		}
		if (rows.length < VERIFY_AT_ONCE) break;
	}
	const counter = db.selectFrom('counters').select('value').where('name', '=', 'acts');
	const given = Number((await counter.executeTakeFirst())?.value ?? 0);
	return { checked, brokenAt: given === before.id ? null : before.id + 1 };
}
