import type { Kysely } from 'kysely';
import type { NowMicros } from '#contracts/time.ts';
import { addAct } from './acts.ts';
import type { SecretRecords } from './port-secrets.ts';
import type { Tables } from './tables.ts';

/** The audit says that a secret was entered or taken out, and by whom; never what it was. */
export function createSecrets(db: Kysely<Tables>, now: NowMicros): SecretRecords {
	return {
		async list() {
			const rows = await db.selectFrom('secrets').selectAll().orderBy('name').execute();
			return rows.map(({ name, sealed, at_micros: atMicros, by }) => ({ name, sealed, atMicros, by }));
		},
		put: (name, sealed, by) =>
			db.transaction().execute(async (tx) => {
				const values = { sealed, at_micros: now(), by: by.name };
				await tx
					.insertInto('secrets')
					.values({ name, ...values })
					.onConflict((oc) => oc.column('name').doUpdateSet(values))
					.execute();
				await addAct(tx, { atMicros: now(), by, act: 'secret', subject: `secret:${name}`, site: null });
			}),
		async reseal(name, sealed) {
			await db.updateTable('secrets').set({ sealed }).where('name', '=', name).execute();
		},
		remove: (name, by) =>
			db.transaction().execute(async (tx) => {
				const gone = await tx.deleteFrom('secrets').where('name', '=', name).executeTakeFirst();
				if (Number(gone.numDeletedRows) === 0) return false;
				await addAct(tx, { atMicros: now(), by, act: 'secret.remove', subject: `secret:${name}`, site: null });
				return true;
			}),
	};
}
