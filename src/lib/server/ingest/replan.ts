import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_PLAN, type Plan } from '#contracts/plan.ts';
import type { StreamKind, StreamName } from '#contracts/stream.ts';
import type { Metadata, StreamWithPlan } from '#server/metadata/port.ts';

/** The plan that the configuration gives a stream; `source` is `file:line`, null for the default plan. */
export interface PlanChoice {
	readonly plan: Plan;
	readonly source: string | null;
}
export type PlanFor = (name: StreamName & { readonly kind: StreamKind }) => PlanChoice;

/**
 * Brings the plans of these streams to what the configuration says. A plan that a person made stays, unless the file
 * names one; a plan that the file no longer names falls back to the default.
 *
 * @returns how many changed
 */
export async function replanStreams(
	parts: { readonly streams: Pick<Metadata['streams'], 'setPlan'>; readonly planFor: PlanFor },
	streams: readonly StreamWithPlan[],
): Promise<number> {
	let changed = 0;
	for (const { stream, plan, planRevision, planSource } of streams) {
		const wanted = parts.planFor(stream);
		// What several streams are judged by together is of no use to one, and the other way round.
		const isOther = (wanted.plan.chart === 't2') !== (plan.chart === 't2');
		// Nobody chose the plan that it began with, and by now it is known to be a counter or a state.
		const isFound = planRevision === FIRST_REVISION && isSamePlan(DEFAULT_PLAN, plan) && wanted.plan.rules === 'none';
		if (wanted.source === null && planSource === null && !isOther && !isFound) continue;
		if (wanted.source === planSource && isSamePlan(wanted.plan, plan)) continue;
		await parts.streams.setPlan(stream.id, wanted.plan, wanted.source);
		changed++;
	}
	return changed;
}

/** Of a plan that has never been changed. */
const FIRST_REVISION = 1;

/** One of the two has been through JSON, which leaves out what is undefined. */
function isSamePlan(wanted: Plan, stored: Plan): boolean {
	return isDeepStrictEqual(JSON.parse(JSON.stringify(wanted)), JSON.parse(JSON.stringify(stored)));
}
