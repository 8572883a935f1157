import type { Kysely } from 'kysely';
import type { NowMicros } from '#contracts/time.ts';
import { addAct } from './acts.ts';
import type { Metadata } from './port.ts';
import type { Tables } from './tables.ts';

/** None is ever removed: violations of the past name it. */
export function createCauses(db: Kysely<Tables>, now: NowMicros): Metadata['causes'] {
	return {
		async list() {
			const rows = await db.selectFrom('causes').selectAll().orderBy('title').execute();
			return rows.map(({ name, title, retired }) => ({ name, title, isRetired: retired === 1 }));
		},
		put: (cause, by) =>
			db.transaction().execute(async (tx) => {
				const { name, title, isRetired } = cause;
				const values = { title, retired: isRetired ? 1 : 0 };
				const before = await tx.selectFrom('causes').selectAll().where('name', '=', name).executeTakeFirst();
				await tx
					.insertInto('causes')
					.values({ name, ...values })
					.onConflict((oc) => oc.column('name').doUpdateSet(values))
					.execute();
				const was = before && { title: before.title, isRetired: before.retired === 1 };
				const what = { act: 'cause', subject: `cause:${name}`, site: null, before: was, after: { title, isRetired } };
				await addAct(tx, { atMicros: now(), by, ...what });
			}),
	};
}
