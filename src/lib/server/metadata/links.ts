import type { Kysely } from 'kysely';
import { getAccount } from './accounts.ts';
import { addAct } from './acts.ts';
import type { Metadata } from './port.ts';
import type { Tables } from './tables.ts';

/** Links by which somebody sets a password, once. Kept as hashes; a newer one of the same account ends the older. */
export function createLinks(db: Kysely<Tables>, now: () => number): Metadata['links'] {
	return {
		async add({ hash, accountId, kind, expiresMicros, site, by }) {
			await db.transaction().execute(async (tx) => {
				const atMicros = now();
				await tx.deleteFrom('links').where('account_id', '=', accountId).execute();
				const row = { hash, account_id: accountId, kind, created_micros: atMicros, expires_micros: expiresMicros };
				await tx.insertInto('links').values(row).execute();
				await addAct(tx, { atMicros, by, act: `person.${kind}`, subject: `person:${accountId}`, site });
			});
		},
		async find(hash) {
			const row = await db.selectFrom('links').selectAll().where('hash', '=', hash).executeTakeFirst();
			const account = row && (await getAccount(db, row.account_id));
			if (!row || !account || Number(row.expires_micros) <= now()) return undefined;
			return { kind: row.kind as 'invite' | 'reset', account };
		},
		async take(hash) {
			const query = db.deleteFrom('links').where('hash', '=', hash).where('expires_micros', '>', now());
			return (await query.returning('account_id').executeTakeFirst())?.account_id;
		},
	};
}
