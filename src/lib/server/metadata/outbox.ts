import type { Kysely, Transaction } from 'kysely';
import { encodeCommand } from '#contracts/command.ts';
import type { Command } from '#contracts/command.ts';
import { chunks, takeNumbers } from './counters.ts';
import type { Metadata } from './port.ts';
import type { Tables } from './tables.ts';

const CHUNK = 1000;

/** Writes commands beside the change that they tell of, in its transaction. */
export async function addToOutbox(tx: Transaction<Tables>, commands: readonly Command[]): Promise<void> {
	if (commands.length === 0) return;
	const first = await takeNumbers(tx, 'outbox', commands.length);
	const decoder = new TextDecoder();
	const rows = commands.map((command, i) => ({ id: first + i, command: decoder.decode(encodeCommand(command)) }));
	for (const some of chunks(rows, CHUNK)) await tx.insertInto('outbox').values(some).execute();
}

/** @param identity tells this database from another one that had the journal before: both count rows from 1 */
export function createOutbox(db: Kysely<Tables>, identity: number): Metadata['outbox'] {
	const encoder = new TextEncoder();
	return {
		async pending(limit) {
			const rows = await db.selectFrom('outbox').selectAll().orderBy('id').limit(limit).execute();
			return rows.map(({ id, command }) => ({
				id,
				key: `outbox:${identity.toString(36)}:${id}`,
				bytes: encoder.encode(command),
			}));
		},
		async done(ids) {
			await db.transaction().execute(async (tx) => {
				for (const some of chunks(ids, CHUNK)) await tx.deleteFrom('outbox').where('id', 'in', some).execute();
			});
		},
	};
}
