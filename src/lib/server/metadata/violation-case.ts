import type { Kysely, Transaction } from 'kysely';
import type { Plan } from '#contracts/plan.ts';
import { addAct } from './acts.ts';
import type { Actor } from './port-acts.ts';
import type { ReactionStep, ViolationTimes } from './port-violations.ts';
import type { Tables } from './tables.ts';

type Reader = Kysely<Tables> | Transaction<Tables>;

export async function timesOf(db: Reader, id: string): Promise<ViolationTimes | undefined> {
	const row = await db
		.selectFrom('violations')
		.select(['opened_micros', 'acknowledged_micros', 'resolved_micros'])
		.where('id', '=', id)
		.executeTakeFirst();
	return (
		row && {
			openedMicros: row.opened_micros,
			acknowledgedMicros: row.acknowledged_micros,
			resolvedMicros: row.resolved_micros,
		}
	);
}

/** Of the plan in force; of a violation that is resolved, of the plan that was in force then. */
export async function stepsOf(db: Reader, id: string): Promise<ReactionStep[]> {
	const planned = await plannedFor(db, id);
	const rows = await db.selectFrom('violation_steps').selectAll().where('violation_id', '=', id).execute();
	const ticked = new Map(rows.map((row) => [row.step, { atMicros: row.done_micros, by: row.done_by }]));
	const rest = rows.filter(({ step }) => !planned.includes(step)).sort((a, b) => a.done_micros - b.done_micros);
	return [
		...planned.map((step) => ({ step, done: ticked.get(step) ?? null, isPlanned: true })),
		...rest.map(({ step }) => ({ step, done: ticked.get(step) ?? null, isPlanned: false })),
	];
}

async function plannedFor(db: Reader, id: string): Promise<readonly string[]> {
	const of = await db
		.selectFrom('violations')
		.select(['stream_id', 'state', 'resolved_micros'])
		.where('id', '=', id)
		.executeTakeFirst();
	if (!of) return [];
	const until = of.state === 'resolved' ? of.resolved_micros : null;
	const plan = await db
		.selectFrom('plans')
		.select('plan')
		.where('stream_id', '=', of.stream_id)
		.$if(until !== null, (q) => q.where((eb) => eb.or([eb('at_micros', '<=', until ?? 0), eb('revision', '=', 1)])))
		.orderBy('revision', 'desc')
		.limit(1)
		.executeTakeFirst();
	return plan ? [...new Set((JSON.parse(plan.plan) as Plan).reaction)] : [];
}

export interface Tick {
	readonly id: string;
	readonly step: string;
	readonly isDone: boolean;
	readonly by: Actor;
	readonly atMicros: number;
}

/** Who ticked a step first did it: a second tick changes nothing. */
export async function tickStep(tx: Transaction<Tables>, { id, step, isDone, by, atMicros }: Tick): Promise<boolean> {
	const known = (await stepsOf(tx, id)).find((one) => one.step === step);
	if (!known) return false;
	if ((known.done !== null) === isDone) return true;
	const row = { violation_id: id, step, done_micros: atMicros, done_by: by.name };
	if (isDone) await tx.insertInto('violation_steps').values(row).execute();
	else await tx.deleteFrom('violation_steps').where('violation_id', '=', id).where('step', '=', step).execute();
	const of = await tx
		.selectFrom('violations')
		.innerJoin('streams', 'streams.id', 'violations.stream_id')
		.select('streams.site')
		.where('violations.id', '=', id)
		.executeTakeFirst();
	const act = isDone ? 'step' : 'step.undone';
	await addAct(tx, { atMicros, by, act, subject: `violation:${id}`, site: of?.site ?? null, detail: step });
	return true;
}
