import { sql, type Transaction } from 'kysely';
import { CHANGE_BITS } from '#contracts/alert.ts';
import type { Plan } from '#contracts/plan.ts';
import type { Violation } from '#contracts/violation.ts';
import { chunks } from './counters.ts';
import type { AlertDeciding, AlertOpening } from './port-alerts.ts';
import type { Tables } from './tables.ts';

const CHUNK = 500;

export interface Deciding {
	readonly changed: readonly Violation[];
	readonly deciding: AlertDeciding;
	readonly atMicros: number;
}

/**
 * Writes what has to be told beside the violations that it is about, in their transaction: whatever ends the process
 * afterwards, it is told, and a record that is read again decides nothing anew.
 */
export async function decideAlerts(tx: Transaction<Tables>, { changed, deciding, atMicros }: Deciding): Promise<void> {
	const live = changed.filter(({ historical }) => !historical);
	const opening = live.filter(({ id }) => (deciding.changesOf(id) & CHANGE_BITS.opened) !== 0);
	const openings = await openingsOf(tx, opening);
	const rows = openings.flatMap((one) =>
		deciding.decide(one).map(({ route, group }) => ({
			violation_id: one.violation.id,
			route,
			group_key: group,
			pending: deciding.changesOf(one.violation.id),
			since_micros: atMicros,
			decided_micros: atMicros,
		})),
	);
	for (const some of chunks(rows, CHUNK))
		await tx
			.insertInto('alert_episodes')
			.values(some)
			.onConflict((oc) => oc.columns(['violation_id', 'route']).doNothing())
			.execute();
	const going = Map.groupBy(
		live.filter((violation) => !opening.includes(violation)),
		({ id }) => deciding.changesOf(id),
	);
	for (const [bits, violations] of going) await addPending(tx, { ids: violations.map(({ id }) => id), bits, atMicros });
}

/** Whoever was told that it opened is told of what happens to it. */
export async function addPending(
	tx: Transaction<Tables>,
	{ ids, bits, atMicros }: { readonly ids: readonly string[]; readonly bits: number; readonly atMicros: number },
): Promise<void> {
	for (const some of chunks(ids, CHUNK))
		await tx
			.updateTable('alert_episodes')
			.set({
				pending: sql<number>`pending | ${sql.lit(bits)}`,
				since_micros: sql<number>`case when pending = 0 then ${atMicros} else since_micros end`,
			})
			.where('violation_id', 'in', some)
			.execute();
}

async function openingsOf(tx: Transaction<Tables>, violations: readonly Violation[]): Promise<AlertOpening[]> {
	const found = new Map<number, Omit<AlertOpening, 'violation'>>();
	for (const ids of chunks([...new Set(violations.map(({ streamId }) => streamId))], CHUNK)) {
		const rows = await tx
			.selectFrom('streams')
			.innerJoin('plans', (join) =>
				join.onRef('plans.stream_id', '=', 'streams.id').onRef('plans.revision', '=', 'streams.plan_revision'),
			)
			.select(['streams.id', 'streams.site', 'streams.asset', 'streams.key', 'plans.plan'])
			.where('streams.id', 'in', ids)
			.where('streams.removed_micros', 'is', null)
			.execute();
		for (const { id, site, asset, key, plan } of rows)
			found.set(id, { stream: { id, site, asset, key }, route: (JSON.parse(plan) as Plan).alert });
	}
	return violations.flatMap((violation) => {
		const of = found.get(violation.streamId);
		return of ? [{ violation, ...of }] : [];
	});
}
