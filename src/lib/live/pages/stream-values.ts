import { describeSample, type Sample } from '#rules';
import { createGapWalk } from '#lib/chart/gap-walk.ts';
import { partOf, seriesOf, type Series } from '#lib/chart/series.ts';
import type { Range } from '#lib/chart/view.ts';
import type { Api } from '#lib/live/api.ts';
import { lowerBound } from '#lib/live/wire/ring.ts';
import type { StreamView } from './stream-view-port.ts';

/** What a chosen stretch says. */
export interface Inspected {
	readonly sample: Sample;
	/** Moments at which a rule signals, on any chart. */
	readonly signals: number;
}

/** More would take longer to bring than anybody waits. */
export const MOST_VALUES = 200_000;

export interface ValueSource {
	readonly api: Api;
	readonly stream: string;
	readonly view: StreamView;
}

/** What is chosen is seen before it is counted. */
export function painted(): Promise<void> {
	return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/** From the picture, where every point is in it. */
export function atHand(view: StreamView, range: Range): Inspected {
	const moments = new Set<number>();
	for (const chart of view.charts) {
		const { columns } = view.frame(chart).series;
		const [from, to] = indicesOf(columns.tMs, range);
		for (let i = from; i < to; i++) if ((columns.signals[i] ?? 0) !== 0) moments.add(columns.tMs[i] ?? NaN);
	}
	const { series } = view.frame(view.charts[0] ?? 'i');
	return { sample: describeSample(judgedValues(series, range)), signals: moments.size };
}

/**
 * From the store, where the picture is thinned.
 *
 * @returns undefined when there are more than can be looked at
 * @throws ApiError; the signal's reason when it was aborted
 */
export async function fetched(
	{ api, stream, view }: ValueSource,
	range: Range,
	signal: AbortSignal,
): Promise<Inspected | undefined> {
	const [from, to] = [Math.max(0, Math.floor(range.minMs * 1000)), Math.ceil(range.maxMs * 1000)];
	const points = await api.points(stream, { from, to, maxPoints: MOST_VALUES }, signal);
	if (points.thinned) return undefined;
	// A hundred thousand points are looked at in steps: whoever does something meanwhile is answered between them.
	await painted();
	const { excluded, admit } = view.frame(view.charts[0] ?? 'i').series;
	const series: Series = { ...seriesOf(points, 'i', admit), ...(excluded && { excluded }) };
	const signals = new Set(points.signals.map(({ t }) => t)).size;
	await painted();
	const values = judgedValues(series, range);
	await painted();
	return { sample: describeSample(values), signals };
}

function indicesOf(tMs: Float64Array, { minMs, maxMs }: Range): readonly [from: number, to: number] {
	return [lowerBound(tMs, minMs), lowerBound(tMs, maxMs + 0.0005)];
}

/** Values that are judged, in the order of time; NaN where nothing is to be looked across. */
export function judgedValues(series: Series, range: Range): Float64Array {
	const { tMs, v } = series.columns;
	const [from, to] = indicesOf(tMs, range);
	const gapBetween = createGapWalk(series.gaps);
	const values: number[] = [];
	let last = NaN;
	for (let i = from; i < to; i++) {
		const part = partOf(series, i);
		if (part === 'late') continue;
		const t = tMs[i] ?? NaN;
		if (!Number.isNaN(last) && gapBetween(last, t)) values.push(NaN);
		values.push(part === 'judged' ? (v[i] ?? NaN) : NaN);
		last = t;
	}
	return Float64Array.from(values);
}
