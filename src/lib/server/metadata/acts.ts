import type { Transaction } from 'kysely';
import { takeNumbers } from './counters.ts';
import type { ActsTable, Tables } from './tables.ts';

/** Notes who did what, in the transaction of the deed. */
export async function addAct(tx: Transaction<Tables>, act: Omit<ActsTable, 'id'>): Promise<void> {
	const id = await takeNumbers(tx, 'acts', 1);
	await tx
		.insertInto('acts')
		.values({ id, ...act })
		.execute();
}
