import type { ApiPoints } from '#contracts/api.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import { gapsOf, individualsOf, movingRangesOf, type GapSpan, type Series } from '#lib/chart/series.ts';
import type { Range } from '#lib/chart/view.ts';
import type { Api } from './api.ts';

/** A stretch of a stream from the store, as both charts draw it. */
export interface History {
	readonly range: Range;
	readonly individuals: Series;
	/** Undefined when the stretch was thinned. */
	readonly movingRanges: Series | undefined;
}

/** More points than a chart is wide are thinned by the server. */
const MOST_POINTS = 4000;
/** What is asked for reaches this much further than what is shown, so that a small pan needs nothing new. */
const MARGIN = 0.5;

/** @throws ApiError; the signal's reason when it was aborted */
export async function fetchHistory(api: Api, stream: string, range: Range, signal: AbortSignal): Promise<History> {
	const marginMs = (range.maxMs - range.minMs) * MARGIN;
	const wide = { minMs: range.minMs - marginMs, maxMs: range.maxMs + marginMs };
	const points = await api.points(
		stream,
		{
			from: Math.max(0, Math.floor(wide.minMs * MICROS_PER_MS)),
			to: Math.ceil(wide.maxMs * MICROS_PER_MS),
			maxPoints: MOST_POINTS,
		},
		signal,
	);
	return historyOf(points, wide);
}

function historyOf(points: ApiPoints, range: Range): History {
	return { range, individuals: individualsOf(points), movingRanges: movingRangesOf(points) };
}

/** Gaps of the newest points: the live protocol tells of points only. */
export async function fetchGaps(api: Api, stream: string, last: number): Promise<readonly GapSpan[]> {
	return gapsOf(await api.points(stream, { last }));
}

export function contains(outer: Range, inner: Range): boolean {
	return outer.minMs <= inner.minMs && outer.maxMs >= inner.maxMs;
}
