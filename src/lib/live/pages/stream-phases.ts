import { describeSample, type Sample } from '#rules';
import type { ApiAnnotation } from '#contracts/annotation.ts';
import type { ApiLimits } from '#contracts/api.ts';
import type { Chart } from '#contracts/chart.ts';
import { parseTime } from '#contracts/time.ts';
import { seriesOf, type Series } from '#lib/chart/series.ts';
import type { Stretch } from '#lib/chart/overlay.ts';
import type { Api } from '#lib/live/api.ts';
import { judgedValues } from './stream-values.ts';

/** A stretch that one set of limits holds for. */
export interface Phase extends Stretch {
	readonly id: string;
	/** What somebody called it; '' = nothing. */
	readonly name: string;
	readonly limits: ApiLimits;
}

/** Exact to the microsecond, which a `Date` is not: limits begin one after a point. */
const msOf = (time: string) => (parseTime(time) ?? NaN) / 1000;
/** The next phase begins there. */
const BEFORE_MS = 0.001;

/**
 * @param limits of any charts, in any order
 * @param nowMs where the phase in force ends
 * @returns newest first
 */
export function phasesOf(
	limits: readonly ApiLimits[],
	chart: Chart,
	{ annotations, nowMs }: { readonly annotations: readonly ApiAnnotation[]; readonly nowMs: number },
): readonly Phase[] {
	const own = limits.filter((one) => one.chart === chart).toSorted((a, b) => (a.from < b.from ? -1 : 1));
	const begun = annotations.filter(({ kind, text }) => kind === 'phase' && text !== '');
	const phases = own.map((one, i) => {
		const fromMs = msOf(one.from);
		const beforeMs = i === 0 ? -Infinity : msOf(own[i - 1]?.from ?? '');
		// It begins with the point after the moment at which somebody said so.
		const name = begun.findLast(({ from }) => msOf(from) >= beforeMs && msOf(from) < fromMs);
		const next = own[i + 1];
		const toMs = next ? msOf(next.from) - BEFORE_MS : nowMs;
		return { id: one.limitsId, name: name?.text ?? '', limits: one, fromMs, toMs };
	});
	// Learnt twice without a point between: the first held for nothing.
	return phases.filter(({ fromMs, toMs }) => toMs > fromMs).toReversed();
}

/** So many of the newest points of a phase say what there is to say. */
export const MOST_COMPARED = 20_000;

export interface PhaseValues {
	readonly sample: Sample;
	/** There were more points in it. */
	readonly isCut: boolean;
}

/** @throws ApiError; the signal's reason when it was aborted */
export async function valuesOfPhase(
	api: Api,
	{ stream, phase, like }: { readonly stream: string; readonly phase: Stretch; readonly like: Series },
	signal: AbortSignal,
): Promise<PhaseValues> {
	let range = { minMs: phase.fromMs, maxMs: phase.toMs };
	for (let isCut = false; ; isCut = true) {
		const query = { from: Math.max(0, Math.round(range.minMs * 1000)), to: Math.round(range.maxMs * 1000) };
		const points = await api.points(stream, { ...query, maxPoints: MOST_COMPARED }, signal);
		if (!points.thinned) {
			const series: Series = {
				...seriesOf(points, 'i', like.admit),
				...(like.excluded && { excluded: like.excluded }),
			};
			return { sample: describeSample(judgedValues(series, range)), isCut };
		}
		range = { ...range, minMs: newestOf(points.t, points.thinned, range) };
	}
}

/** Where the newest buckets that hold so many points begin; nearer each time, so that it ends. */
function newestOf(
	t: readonly number[],
	{ count }: { readonly count: readonly number[] },
	{ minMs, maxMs }: { readonly minMs: number; readonly maxMs: number },
): number {
	let points = 0;
	let i = t.length - 1;
	for (; i > 0 && points + (count[i] ?? 1) < MOST_COMPARED; i--) points += count[i] ?? 1;
	return Math.max((t[i + 1] ?? 0) / 1000, minMs + (maxMs - minMs) / 10);
}
