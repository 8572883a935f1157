import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** Kinds of numbers; streams start at 1. */
export type CounterName =
	| 'streams'
	| 'outbox'
	| 'acts'
	| 'keys'
	| 'accounts'
	| 'alerts'
	| 'attempts'
	| 'annotations'
	| 'documents'
	| 'editions'
	| 'recordings';

/** @returns the first of `count` numbers that are now given out for ever (once the transaction is committed) */
export async function takeNumbers(tx: Transaction<Tables>, name: CounterName, count: number): Promise<number> {
	const { value } = await tx
		.insertInto('counters')
		.values({ name, value: count })
		.onConflict((oc) => oc.column('name').doUpdateSet((eb) => ({ value: eb('counters.value', '+', count) })))
		.returning('value')
		.executeTakeFirstOrThrow();
	return value - count + 1;
}

/** Statements have a limit of parameters: 32,766 in SQLite, 65,535 in PostgreSQL. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
	const all: T[][] = [];
	for (let at = 0; at < items.length; at += size) all.push(items.slice(at, at + size));
	return all;
}

const IDENTITY_BYTES = 6;

/** A number by which this database is told from every other; drawn once and kept. */
export async function identityOf(db: Kysely<Tables>, random: (bytes: number) => Uint8Array): Promise<number> {
	const value = random(IDENTITY_BYTES).reduce((sum, byte) => sum * 256 + byte, 0);
	await db
		.insertInto('counters')
		.values({ name: 'identity', value })
		.onConflict((oc) => oc.column('name').doNothing())
		.execute();
	const kept = db.selectFrom('counters').select('value').where('name', '=', 'identity');
	return Number((await kept.executeTakeFirstOrThrow()).value);
}
