import type { Columns } from '#lib/live/ring.ts';
import { usualInterval } from '#lib/format/freshness.ts';

/** What stretch of time the charts of a page show together. */
export type View =
	/** The newest points, as they come. */
	| { readonly mode: 'live'; readonly points: number }
	| { readonly mode: 'paused'; readonly minMs: number; readonly maxMs: number };

export interface Range {
	readonly minMs: number;
	readonly maxMs: number;
}

export const LIVE_WINDOWS = [100, 300, 1000, 2000] as const;

/** So many points fill the chart; fewer leave room for those to come. */
const FILLING = 60;

/** The newest point does not stick to the edge. */
const AHEAD = 0.015;

/**
 * The stretch that holds the newest points. While there are fewer it has room for those to come: three points must
 * not fill the chart.
 *
 * @returns undefined without a point
 */
export function liveRange({ tMs, length }: Columns, points: number): Range | undefined {
	const last = tMs[length - 1];
	if (last === undefined) return undefined;
	const minMs = tMs[Math.max(0, length - points)] ?? last;
	const missing = Math.max(0, Math.min(points, FILLING) - length);
	const roomMs = missing > 0 ? missing * (usualInterval(tMs) ?? 1000) : 0;
	const spanMs = Math.max(last + roomMs - minMs, 1);
	return { minMs, maxMs: minMs + spanMs * (1 + AHEAD) };
}

const LEAST_SPAN_MS = 1;

/** @param factor above 1 shows more, below 1 less; the moment at `atMs` stays where it is */
export function zoom({ minMs, maxMs }: Range, atMs: number, factor: number): Range {
	const spanMs = Math.max(LEAST_SPAN_MS, (maxMs - minMs) * factor);
	const share = (atMs - minMs) / (maxMs - minMs);
	return { minMs: atMs - spanMs * share, maxMs: atMs + spanMs * (1 - share) };
}

/** @param share of what is shown, positive towards the present */
export function pan({ minMs, maxMs }: Range, share: number): Range {
	const byMs = (maxMs - minMs) * share;
	return { minMs: minMs + byMs, maxMs: maxMs + byMs };
}

/** @returns true when the columns reach over the whole range, so nothing needs to be fetched to draw it */
export function covers({ tMs, length }: Columns, range: Range): boolean {
	const [first, last] = [tMs[0], tMs[length - 1]];
	return first !== undefined && last !== undefined && first <= range.minMs;
}
