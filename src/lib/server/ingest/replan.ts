import { isDeepStrictEqual } from 'node:util';
import type { Plan } from '#contracts/plan.ts';
import type { Stream, StreamKind, StreamName } from '#contracts/stream.ts';
import type { Metadata } from '#server/metadata/port.ts';

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
	parts: { readonly streams: Metadata['streams']; readonly planFor: PlanFor },
	streams: readonly Stream[],
): Promise<number> {
	let changed = 0;
	for (const stream of streams) {
		const wanted = parts.planFor(stream);
		const current = await parts.streams.get(stream.id);
		if (current === undefined || (wanted.source === null && current.planSource === null)) continue;
		if (wanted.source === current.planSource && isDeepStrictEqual(wanted.plan, current.plan)) continue;
		await parts.streams.setPlan(stream.id, wanted.plan, wanted.source);
		changed++;
	}
	return changed;
}
