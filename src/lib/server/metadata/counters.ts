import type { Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** Kinds of numbers; streams start at 1. */
export type CounterName = 'streams' | 'outbox' | 'acts';

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
