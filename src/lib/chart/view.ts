import { formatCount } from '#lib/format/number.ts';
import type { Columns } from '#lib/live/wire/ring.ts';
import { usualInterval } from '#lib/format/freshness.ts';
import * as m from '#messages';

/** What stretch of time the charts of a page show together. */
export type View =
	/** The newest points, as they come. */
	| { readonly mode: 'live'; readonly window: LiveWindow }
	| { readonly mode: 'paused'; readonly minMs: number; readonly maxMs: number };

/** How far a live chart reaches back. */
export type LiveWindow = { readonly points: number } | { readonly spanMs: number };

export interface Range {
	readonly minMs: number;
	readonly maxMs: number;
}

const HOUR_MS = 3_600_000;

export const LIVE_WINDOWS: readonly { readonly words: () => string; readonly window: LiveWindow }[] = [
	...[100, 300, 1000, 2000].map((points) => ({ words: () => formatCount(points, 'point'), window: { points } })),
	...[1, 8, 24].map((hours) => ({
		words: () => m.chart_hours({ count: hours }),
		window: { spanMs: hours * HOUR_MS },
	})),
	{ words: m.chart_seven_days, window: { spanMs: 7 * 24 * HOUR_MS } },
];

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
export function liveRange({ tMs, length }: Columns, window: LiveWindow): Range | undefined {
	const last = tMs[length - 1];
	if (last === undefined) return undefined;
	if ('spanMs' in window) return { minMs: last - window.spanMs, maxMs: last + window.spanMs * AHEAD };
	const minMs = tMs[Math.max(0, length - window.points)] ?? last;
	const missing = Math.max(0, Math.min(window.points, FILLING) - length);
	const roomMs = missing > 0 ? missing * (usualInterval(tMs) ?? 1000) : 0;
	const spanMs = Math.max(last + roomMs - minMs, 1);
	return { minMs, maxMs: minMs + spanMs * (1 + AHEAD) };
}

const LEAST_SPAN_MS = 1;
/** Points are of 1971 or later. */
const MOST_SPAN_MS = 60 * 365 * 24 * HOUR_MS;

/** @param factor above 1 shows more, below 1 less; the moment at `atMs` stays where it is */
export function zoom({ minMs, maxMs }: Range, atMs: number, factor: number): Range {
	const spanMs = Math.min(MOST_SPAN_MS, Math.max(LEAST_SPAN_MS, (maxMs - minMs) * factor));
	const share = (atMs - minMs) / (maxMs - minMs);
	return { minMs: atMs - spanMs * share, maxMs: atMs + spanMs * (1 - share) };
}

/** @param share of what is shown, positive towards the present */
export function pan({ minMs, maxMs }: Range, share: number): Range {
	const byMs = (maxMs - minMs) * share;
	return { minMs: minMs + byMs, maxMs: maxMs + byMs };
}

export function contains(outer: Range, inner: Range): boolean {
	return outer.minMs <= inner.minMs && outer.maxMs >= inner.maxMs;
}
