import type { Transaction } from 'kysely';
import { CHANGE_BITS } from '#contracts/alert.ts';
import type { ViolationState } from '#contracts/violation.ts';
import { addAct } from './acts.ts';
import { addPending } from './alert-decisions.ts';
import type { ChangedViolation, ViolationStanding, WantedChange } from './port-violations.ts';
import type { Tables, ViolationsTable } from './tables.ts';
import { toViolation } from './violation-row.ts';

const NAMES = ['state', 'assignee', 'cause'] as const;
type Standing = Pick<ViolationsTable, (typeof NAMES)[number]>;

/** What somebody did about a violation, with the row of the audit that says so and the alert that tells others. */
export async function changeViolation(
	tx: Transaction<Tables>,
	{ id, change, ifNow, atMicros }: WantedChange & { readonly atMicros: number },
): Promise<ChangedViolation | undefined> {
	const row = await tx.selectFrom('violations').selectAll().where('id', '=', id).executeTakeFirst();
	if (!row || (ifNow && NAMES.some((name) => row[name] !== ifNow[name]))) return undefined;
	const before: Standing = { state: row.state, assignee: row.assignee, cause: row.cause };
	const after = standingAfter(before, change);
	const changed = NAMES.filter((name) => before[name] !== after[name]);
	if (changed.length === 0 && change.comment === undefined) {
		const same = toViolation(row);
		return { before: same, after: same };
	}
	const { state } = after;
	await tx
		.updateTable('violations')
		.set({ ...after, ...timesAfter(row, state, atMicros) })
		.where('id', '=', id)
		.execute();
	const bits = state === row.state || state === 'open' ? CHANGE_BITS.updated : CHANGE_BITS[state];
	await addPending(tx, { ids: [id], bits, atMicros });
	const stream = tx.selectFrom('streams').select('site').where('id', '=', row.stream_id);
	const { site = null } = (await stream.executeTakeFirst()) ?? {};
	const picked = (of: Standing) => Object.fromEntries(changed.map((name) => [name, of[name]]));
	await addAct(tx, {
		atMicros,
		by: change.by,
		act: actOf(row.state, after, changed[0]),
		subject: `violation:${id}`,
		site,
		detail: change.comment ?? null,
		...(changed.length > 0 && { before: picked(before), after: picked(after) }),
	});
	return { before: toViolation(row), after: toViolation({ ...row, ...after }) };
}

function standingAfter(now: Standing, change: WantedChange['change']): ViolationStanding {
	// Somebody who acknowledges late does not reopen what is resolved.
	const isLate = change.state === 'acknowledged' && now.state === 'resolved' && change.isReturn !== true;
	return {
		state: isLate ? 'resolved' : (change.state ?? (now.state as ViolationState)),
		assignee: change.assignee === undefined ? now.assignee : change.assignee,
		cause: change.cause === undefined ? now.cause : change.cause,
	};
}

/** Who resolves at once has seen it, too; what is open again was not. */
function timesAfter({ acknowledged_micros: seen, resolved_micros: done }: ViolationsTable, to: string, at: number) {
	return {
		acknowledged_micros: to === 'open' ? null : (seen ?? at),
		resolved_micros: to === 'resolved' ? (done ?? at) : null,
	};
}

function actOf(state: string, after: ViolationStanding, first: (typeof NAMES)[number] | undefined): string {
	if (after.state === 'open' && state !== 'open') return 'reopened';
	if (after.state !== state) return after.state;
	return first === 'assignee' ? 'assign' : (first ?? 'comment');
}
