import type { BaselineAct } from '#contracts/command.ts';
import type { StreamWithPlan } from '#server/metadata/port.ts';
import { bodyFault } from '#server/http/body-fault.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem } from '#server/http/problem.ts';
import type { Exclusion } from './exclusions.ts';
import { judgedBetween } from './judged-points.ts';

/** As many as a plan may ask for. */
export const LEAST_POINTS = 20;
const MOST_POINTS = 10_000;
/** They travel in one record of the journal. */
const MOST_VALUES = 50_000;

interface Said {
	readonly from?: number | undefined;
	readonly to?: number | undefined;
	readonly points?: readonly number[] | undefined;
}

/** @throws Problem 400 */
export function spansOf({ from, to, points }: Said): readonly Exclusion[] {
	if (points !== undefined) {
		if (from !== undefined || to !== undefined)
			throw bodyFault('points', 'stands beside `from` and `to`: one or the other');
		return points.map((at) => ({ fromMicros: at, toMicros: at }));
	}
	if (from === undefined) throw bodyFault('from', 'is missing');
	if (to === undefined) throw bodyFault('to', 'is missing');
	if (to < from) throw bodyFault('to', 'is before `from`');
	return [{ fromMicros: from, toMicros: to }];
}

/**
 * The values themselves travel in the command: the engine reads no store, and a replay learns the same.
 *
 * @throws Problem 409 when nothing can be learnt from them
 */
export async function learnCommand(
	ports: HttpPorts,
	found: StreamWithPlan,
	{ fromMicros, toMicros, exclusions }: Exclusion & { readonly exclusions?: readonly Exclusion[] },
): Promise<BaselineAct> {
	const { chart } = found.plan;
	if (chart === 't2' || chart === 'z-mr')
		throw new Problem(409, `Limits of ${chart} are not learnt from values of this stream alone.`);
	const among = exclusions ?? (await exclusionsOf(ports, found));
	const { tMicros, v, excluded } = await judgedBetween(ports, found, { fromMicros, toMicros, exclusions: among });
	const values = v.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
	const count = Math.floor(values / sizeOf(found));
	const noun = count === values ? 'judged points' : 'groups of judged points';
	if (count < LEAST_POINTS) throw new Problem(409, `There are ${count} ${noun}; limits need ${LEAST_POINTS} at least.`);
	if (count > MOST_POINTS || values > MOST_VALUES)
		throw new Problem(
			409,
			`There are ${values} values, ${count} ${noun}; a baseline has ${MOST_POINTS} at most, of ${MOST_VALUES} values. Choose a shorter stretch.`,
		);
	const column = Array.from(v, (value) => (Number.isNaN(value) ? null : value));
	return { kind: 'learn', tMicros: [...tMicros], v: column, excluded };
}

/** Values that make a plotted point; of windows nobody knows. */
function sizeOf({ plan: { subgroup } }: StreamWithPlan): number {
	return 'size' in subgroup ? subgroup.size : 1;
}

/** Limits in force that rest on any of these points are learnt again, from what is left of their baseline. */
export async function learnWithout(
	ports: HttpPorts,
	found: StreamWithPlan,
	change: { readonly touched: readonly Exclusion[]; readonly exclusions: readonly Exclusion[] },
): Promise<readonly BaselineAct[]> {
	const baseline = ports.engine.limits(found.stream.id)[0]?.baseline;
	const { chart } = found.plan;
	if (!baseline || chart === 't2' || chart === 'z-mr') return [];
	const touches = ({ fromMicros, toMicros }: Exclusion) =>
		fromMicros <= baseline.toMicros && toMicros >= baseline.fromMicros;
	if (!change.touched.some(touches)) return [];
	const { fromMicros, toMicros } = baseline;
	try {
		return [await learnCommand(ports, found, { fromMicros, toMicros, exclusions: change.exclusions })];
	} catch (error) {
		if (!(error instanceof Problem) || error.status !== 409) throw error;
		throw new Problem(409, `The limits in force rest on these points. Without them: ${error.message}`);
	}
}

export function exclusionsOf({ metadata }: HttpPorts, { stream }: StreamWithPlan) {
	return metadata.annotations.of(stream.id, { kind: 'exclusion' });
}
