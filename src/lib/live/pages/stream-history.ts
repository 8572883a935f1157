import type { ApiPoints } from '#contracts/api.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import { movingRangesOf, seriesOf, type Buckets, type Series } from '#lib/chart/series.ts';
import type { Range } from '#lib/chart/view.ts';
import type { Api } from '#lib/live/api.ts';
import { lowerBound, type Columns } from '#lib/live/wire/ring.ts';

/** A stretch of a stream from the store, as both charts draw it. */
export interface History {
	readonly range: Range;
	readonly individuals: Series;
	/** Of a thinned stretch only the signals: ranges of means are not moving ranges. */
	readonly movingRanges: Series;
	readonly thinned: boolean;
	/** All points up to here are in it, whatever came in since. */
	readonly untilMs: number;
}

/** What is asked for reaches this much further than what is shown, so that a small pan needs nothing new. */
const MARGIN = 0.5;
const LEAST_POINTS = 4000;
const MOST_POINTS = 10_000;

export interface HistoryWish {
	readonly stream: string;
	readonly range: Range;
	/** Of the chart, in device pixels: one bucket for each. */
	readonly widthPx: number;
	/** The least quality that is judged. */
	readonly admit: number;
	/** Rules of the plan with names of their own. */
	readonly named: readonly string[];
	/** The newest point that this page has heard of when it asks. */
	readonly newestMs: number;
}

/** @throws ApiError; the signal's reason when it was aborted */
export async function fetchHistory(api: Api, wish: HistoryWish, signal: AbortSignal): Promise<History> {
	const { range, admit, named, newestMs } = wish;
	const wide = withMargin(range);
	const points = await api.points(wish.stream, queryOf(wide, wish.widthPx), signal);
	const individuals = seriesOf(points, 'i', admit, named);
	const movingRanges = movingRangesOf(points, admit) ?? withoutValues(seriesOf(points, 'mr', admit));
	const newest = individuals.columns.tMs.at(-1) ?? -Infinity;
	// A bucket may have been asked for before its last points came: those show in the newest pixel, as themselves.
	const untilMs = Math.min(wide.maxMs, Math.max(newestMs, newest));
	return { range: wide, individuals, movingRanges, thinned: points.thinned !== null, untilMs };
}

function withoutValues(series: Series): Series {
	const nothing = new Float64Array(series.columns.length).fill(NaN);
	const buckets = series.buckets && { ...series.buckets, min: nothing, max: nothing };
	return { ...series, columns: { ...series.columns, v: nothing }, buckets };
}

export function withMargin({ minMs, maxMs }: Range): Range {
	const marginMs = (maxMs - minMs) * MARGIN;
	return { minMs: minMs - marginMs, maxMs: maxMs + marginMs };
}

function queryOf({ minMs, maxMs }: Range, widthPx: number) {
	const wanted = Math.ceil(widthPx * (1 + 2 * MARGIN));
	return {
		from: Math.max(0, Math.floor(minMs * MICROS_PER_MS)),
		to: Math.max(0, Math.ceil(maxMs * MICROS_PER_MS)),
		maxPoints: Math.min(MOST_POINTS, Math.max(LEAST_POINTS, wanted)),
	};
}

/** The newest points as the store has them: with gaps, and with what came late or was not judged. */
export function fetchNewest(api: Api, stream: string, last: number): Promise<ApiPoints> {
	return api.points(stream, { last });
}

/**
 * History with the newest points behind it, none of them twice.
 *
 * @param ring the newest points without a hole
 * @returns the history alone when there may be points between its end and the ring's beginning
 */
export function continued(history: Series, ring: Columns, { untilMs, range }: History): Series {
	const first = ring.tMs[0];
	if (first === undefined || first > range.maxMs) return history;
	const from = lowerBound(ring.tMs, Math.max(untilMs, history.columns.tMs.at(-1) ?? -Infinity) + 0.0005);
	if (from === ring.length) return history;
	const columns = joined(history.columns, ring, from);
	return {
		...history,
		columns,
		buckets: history.buckets && widened(history.buckets, columns, history.columns.length),
	};
}

function joined(a: Columns, b: Columns, from: number): Columns {
	const length = a.length + b.length - from;
	const both = {
		length,
		tMs: new Float64Array(length),
		v: new Float64Array(length),
		signals: new Uint16Array(length),
		flags: new Uint8Array(length),
		quality: new Uint8Array(length),
	};
	for (const name of ['tMs', 'v', 'signals', 'flags', 'quality'] as const) {
		both[name].set(a[name]);
		both[name].set(b[name].subarray(from), a.length);
	}
	return both;
}

/** Points behind buckets are buckets of one. */
function widened(
	{ widthMs, min, max, count, signals }: Buckets,
	{ v, signals: bits }: Columns,
	known: number,
): Buckets {
	const longer = (column: Float64Array, fill: Float64Array) => {
		const all = fill.slice();
		all.set(column);
		return all;
	};
	const ones = new Float64Array(v.length).fill(1, known);
	const found = Float64Array.from(bits, (bit) => (bit === 0 ? 0 : 1));
	return {
		widthMs,
		min: longer(min, v),
		max: longer(max, v),
		count: longer(count, ones),
		signals: longer(signals, found),
	};
}
