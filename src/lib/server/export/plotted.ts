import { toApiLimits } from '#contracts/api.ts';
import { chartsOf, plotsValues } from '#contracts/charted.ts';
import { toPlanDocument } from '#contracts/plan-document.ts';
import type { PlottedWindow } from '#server/engine/port.ts';
import type { StreamWithPlan } from '#server/metadata/port.ts';
import type { ChartSources } from './charts.ts';
import { limitsOf } from './facts.ts';
import type { Range } from './stretches.ts';

/** More would hold up who waits for the picture: a second and some megabytes. */
const MOST_POINTS = 250_000;
/** As many of the newest are held against what the engine remembers. */
const COMPARED = 200;

/** What charts of means, scores and sums plotted over a range. */
export interface Plotted {
	readonly windows: readonly PlottedWindow[];
	/** false: it begins later than the range, since what is older could not be computed anew. */
	readonly isWhole: boolean;
}

/**
 * The engine remembers the newest points of each chart. What is older is computed anew from the stored ones, from the beginning of
 * the stream on, and believed only where it comes to the same as the engine for what both have: a person's act on a baseline, or a
 * plan that changed, leads elsewhere.
 */
export async function plottedOf(
	sources: ChartSources,
	of: StreamWithPlan,
	{ fromMicros, toMicros }: Range,
	signal: AbortSignal,
): Promise<Plotted> {
	const { store, metadata, engine, gate, replot } = sources;
	const { stream, plan, planRevision } = of;
	const remembered = engine.windows(stream.id);
	const reaches = remembered.every(({ truncated, tMicros }) => !truncated || (tMicros[0] ?? Infinity) <= fromMicros);
	const isOfValues = plotsValues(plan) && chartsOf(plan).every((chart) => chart === 'i' || chart === 'mr');
	if (reaches || isOfValues) return { windows: remembered, isWhole: true };
	const all = { streamId: stream.id, fromMicros: 0, toMicros };
	const read = await gate.pass(async () => {
		if ((await store.countPoints(all)) > MOST_POINTS) return undefined;
		return { points: await store.points(all), gaps: await store.gaps(all) };
	}, signal);
	if (!read) return { windows: remembered, isWhole: false };
	const limits = (await limitsOf(metadata, engine, stream.id)).map(toApiLimits);
	const gaps = read.gaps.map((gap) => [gap.fromMicros, gap.toMicros, gap.reason] as const);
	const wanted = { stream, plan: toPlanDocument(plan), planRevision, limits, points: read.points, gaps };
	const anew = await replot(wanted, signal);
	if (!anew || !isSame(anew, remembered)) return { windows: remembered, isWhole: false };
	return { windows: anew, isWhole: true };
}

function isSame(anew: readonly PlottedWindow[], remembered: readonly PlottedWindow[]): boolean {
	return remembered.every((known) => {
		const other = anew.find(({ chart }) => chart === known.chart);
		const last = other?.tMicros.at(-1);
		if (!other || last === undefined) return known.tMicros.length === 0;
		// A range may end before what is newest.
		const end = known.tMicros.findLastIndex((t) => t <= last) + 1;
		const count = Math.min(COMPARED, end, other.v.length);
		return Array.from({ length: count }, (_, i) => i + 1).every((i) => {
			const at = end - i;
			return known.tMicros[at] === other.tMicros.at(-i) && known.v[at] === other.v.at(-i);
		});
	});
}
