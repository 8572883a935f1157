import type { Kysely } from 'kysely';
import type { ViewRecords } from './port-violations.ts';
import type { Tables } from './tables.ts';

const MOST_OF_ONE = 50;

/** Filters that somebody keeps: nobody else sees them. */
export function createViews(db: Kysely<Tables>): ViewRecords {
	const of = (owner: string, page: string) =>
		db.selectFrom('saved_views').where('owner', '=', owner).where('page', '=', page);
	return {
		list: (owner, page) => of(owner, page).select(['name', 'query']).orderBy('name').execute(),
		async put(owner, page, { name, query }) {
			const names = (await of(owner, page).select('name').execute()).map((row) => row.name);
			if (!names.includes(name) && names.length >= MOST_OF_ONE) return false;
			await db
				.insertInto('saved_views')
				.values({ owner, page, name, query })
				.onConflict((oc) => oc.columns(['owner', 'page', 'name']).doUpdateSet({ query }))
				.execute();
			return true;
		},
		async remove(owner, page, name) {
			const gone = db.deleteFrom('saved_views').where('owner', '=', owner).where('page', '=', page);
			return Number((await gone.where('name', '=', name).executeTakeFirst()).numDeletedRows) > 0;
		},
	};
}
