import type { Kysely, Transaction } from 'kysely';
import type { NowMicros } from '#contracts/time.ts';
import { addAct } from './acts.ts';
import type { Actor } from './port-acts.ts';
import type { CauseRecords, KnownCause } from './port-violations.ts';
import type { Tables } from './tables.ts';

/** Only what no violation names is ever removed: those of the past say what they said. */
export function createCauses(db: Kysely<Tables>, now: NowMicros): CauseRecords {
	const inOne = <T>(work: (tx: Transaction<Tables>) => Promise<T>) => db.transaction().execute(work);
	const noted = (tx: Transaction<Tables>, act: Note) =>
		addAct(tx, { site: null, atMicros: now(), ...act, subject: `cause:${act.subject}` });
	return {
		list: () => list(db),
		put: (cause, by) =>
			inOne(async (tx) => {
				const { name, title, isRetired } = cause;
				const values = { title, retired: isRetired ? 1 : 0, ...(isRetired ? {} : { merged_into: null }) };
				const before = await tx.selectFrom('causes').selectAll().where('name', '=', name).executeTakeFirst();
				await tx
					.insertInto('causes')
					.values({ merged_into: null, name, ...values })
					.onConflict((oc) => oc.column('name').doUpdateSet(values))
					.execute();
				const was = before && { title: before.title, isRetired: before.retired === 1 };
				await noted(tx, { act: 'cause', subject: name, by, before: was, after: { title, isRetired } });
			}),
		merge: (name, into, by) =>
			inOne(async (tx) => {
				const found = await tx.selectFrom('causes').select('name').where('name', 'in', [name, into]).execute();
				if (found.length !== 2) return undefined;
				const moved = tx.updateTable('violations').set({ cause: into }).where('cause', '=', name);
				const uses = Number((await moved.executeTakeFirst()).numUpdatedRows);
				await tx.updateTable('causes').set({ retired: 1, merged_into: into }).where('name', '=', name).execute();
				// What was merged into this one before goes on with it.
				await tx
					.updateTable('causes')
					.set({ merged_into: into })
					.where('merged_into', '=', name)
					.where('name', '!=', into)
					.execute();
				await noted(tx, { act: 'cause.merge', subject: name, by, after: { into, violations: uses } });
				return uses;
			}),
		remove: (name, by) =>
			inOne(async (tx) => {
				const used = tx.selectFrom('violations').select('id').where('cause', '=', name).limit(1);
				if (await used.executeTakeFirst()) return false;
				const gone = await tx.deleteFrom('causes').where('name', '=', name).returningAll().executeTakeFirst();
				if (!gone) return false;
				const before = { title: gone.title, isRetired: gone.retired === 1 };
				await noted(tx, { act: 'cause.remove', subject: name, by, before });
				return true;
			}),
	};
}

interface Note {
	readonly act: string;
	/** The cause's name. */
	readonly subject: string;
	readonly by: Actor;
	readonly before?: unknown;
	readonly after?: unknown;
}

async function list(db: Kysely<Tables>): Promise<KnownCause[]> {
	const rows = await db.selectFrom('causes').selectAll().orderBy('title').execute();
	const counted = await db
		.selectFrom('violations')
		.select((eb) => ['cause', eb.fn.countAll<number>().as('count')])
		.where('cause', 'is not', null)
		.groupBy('cause')
		.execute();
	const uses = new Map(counted.map(({ cause, count }) => [cause, Number(count)]));
	return rows.map(({ name, title, retired, merged_into: mergedInto }) => {
		return { name, title, isRetired: retired === 1, mergedInto, uses: uses.get(name) ?? 0 };
	});
}
