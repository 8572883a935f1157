import type { Transaction } from 'kysely';
import { CHANGE_BITS } from '#contracts/alert.ts';
import type { Violation, ViolationState } from '#contracts/violation.ts';
import { addAct } from './acts.ts';
import { addPending } from './alert-decisions.ts';
import type { ViolationChange } from './port-violations.ts';
import type { Tables } from './tables.ts';
import { toViolation } from './violation-row.ts';

/** What somebody did about a violation, with the row of the audit that says so and the alert that tells others. */
export async function changeViolation(
	tx: Transaction<Tables>,
	{ id, change, atMicros }: { readonly id: string; readonly change: ViolationChange; readonly atMicros: number },
): Promise<Violation | undefined> {
	const row = await tx.selectFrom('violations').selectAll().where('id', '=', id).executeTakeFirst();
	if (!row) return undefined;
	// Somebody who acknowledges late does not reopen what is resolved.
	const isLate = change.state === 'acknowledged' && row.state === 'resolved';
	const state = isLate ? 'resolved' : (change.state ?? (row.state as ViolationState));
	const assignee = change.assignee === undefined ? row.assignee : change.assignee;
	const cause = change.cause === undefined ? row.cause : change.cause;
	const before = { state: row.state, assignee: row.assignee, cause: row.cause };
	const after = { state, assignee, cause };
	const changed = (Object.keys(after) as (keyof typeof after)[]).filter((name) => before[name] !== after[name]);
	if (changed.length === 0 && change.comment === undefined) return toViolation(row);
	await tx.updateTable('violations').set(after).where('id', '=', id).execute();
	const bits = state === row.state || state === 'open' ? CHANGE_BITS.updated : CHANGE_BITS[state];
	await addPending(tx, { ids: [id], bits, atMicros });
	const stream = tx.selectFrom('streams').select('site').where('id', '=', row.stream_id);
	const { site = null } = (await stream.executeTakeFirst()) ?? {};
	const picked = (of: typeof after | typeof before) => Object.fromEntries(changed.map((name) => [name, of[name]]));
	await addAct(tx, {
		atMicros,
		by: change.by,
		act: state !== row.state ? state : changed[0] === 'assignee' ? 'assign' : (changed[0] ?? 'comment'),
		subject: `violation:${id}`,
		site,
		detail: change.comment ?? null,
		...(changed.length > 0 && { before: picked(before), after: picked(after) }),
	});
	return toViolation({ ...row, ...after });
}
