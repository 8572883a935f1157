import { plotsValues } from '#contracts/charted.ts';
import { RetriableError } from '#contracts/error.ts';
import type { Plan } from '#contracts/plan.ts';
import { FLAG, QUALITY, type Gap, type PointColumns } from '#contracts/point.ts';
import type { StreamWithPlan } from '#server/metadata/port.ts';
import { withExclusions, type Exclusion } from './exclusions.ts';
import { readPoints, type PointWish } from './points-read.ts';
import type { HttpPorts } from '#server/http/ports.ts';

/** Oldest first. NaN in `v` is a break, nothing is looked across. */
export interface JudgedPoints {
	readonly tMicros: Float64Array;
	readonly v: Float64Array;
	/** Good ones that were left out because somebody took them out. */
	readonly excluded: number;
}

/** The newest points of a stream that its plan judges, with breaks where nothing is known. */
export function judgedPoints(ports: HttpPorts, found: StreamWithPlan, wanted: number): Promise<JudgedPoints> {
	return judgedAmong(ports, found, { streamId: found.stream.id, last: wanted, maxPoints: undefined });
}

/** As `judgedPoints`, of a stretch, without what these take out. */
export function judgedBetween(
	ports: HttpPorts,
	found: StreamWithPlan,
	{ fromMicros, toMicros, exclusions }: Exclusion & { readonly exclusions: readonly Exclusion[] },
): Promise<JudgedPoints> {
	const wish = { streamId: found.stream.id, fromMicros, toMicros, maxPoints: undefined };
	return judgedAmong(ports, found, wish, exclusions);
}

async function judgedAmong(
	{ store, engine, metadata }: HttpPorts,
	{ stream, plan }: StreamWithPlan,
	wish: PointWish,
	exclusions?: readonly Exclusion[],
): Promise<JudgedPoints> {
	const windows = plotsValues(plan) ? engine.windows(stream.id) : [];
	const { points } = await readPoints({ store, windows }, wish);
	const [fromMicros, toMicros] = [points.tMicros[0], points.tMicros.at(-1)];
	if (fromMicros === undefined || toMicros === undefined) return judgedOf(points, plan, []);
	const range = { fromMicros, toMicros };
	const known = exclusions ?? (await metadata.annotations.of(stream.id, { ...range, kind: 'exclusion' }));
	const gaps = await knownGaps(store, { streamId: stream.id, ...range });
	return judgedOf(withExclusions(points, known), plan, gaps);
}

/** Advice without the store's gaps is advice; a run across one changes little of it. */
async function knownGaps(
	store: HttpPorts['store'],
	range: { readonly streamId: number; readonly fromMicros: number; readonly toMicros: number },
): Promise<readonly Gap[]> {
	try {
		return await store.gaps(range);
	} catch (error) {
		if (error instanceof RetriableError) return [];
		throw error;
	}
}

/** Points that the engine judges, with a break where a gap or a point of too little quality is. */
function judgedOf({ tMicros, v, quality, flags }: PointColumns, plan: Plan, gaps: readonly Gap[]): JudgedPoints {
	const least = plan.admit === 'good' ? QUALITY.good : QUALITY.uncertain;
	const starts = gaps.map((gap) => gap.fromMicros).sort((a, b) => a - b);
	const [times, values]: [number[], number[]] = [[], []];
	const push = (t: number, value: number) => void (times.push(t), values.push(value));
	let gap = 0;
	let excluded = 0;
	tMicros.forEach((t, i) => {
		if ((flags[i]! & FLAG.late) !== 0) return;
		if ((flags[i]! & FLAG.excluded) !== 0) return void (excluded += quality[i]! >= least ? 1 : 0);
		let isBroken = false;
		for (; gap < starts.length && starts[gap]! <= t; gap++) isBroken = true;
		const good = quality[i]! >= least;
		if ((isBroken || !good) && !Number.isNaN(values.at(-1) ?? NaN)) push(t, NaN);
		if (good) push(t, v[i]!);
	});
	return { tMicros: Float64Array.from(times), v: Float64Array.from(values), excluded };
}
