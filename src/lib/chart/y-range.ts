import { lowerBound } from '#lib/live/wire/ring.ts';
import type { Segment } from './segments.ts';
import type { Series } from './series.ts';
import type { Range } from './view.ts';

export type YRange = readonly [min: number, max: number];

/** Room for the marks above and below. */
const PADDING = 0.12;
/** A low chart needs a larger share for the same marks. */
const PLAIN_PADDING = 0.4;

/** @returns the values from the lowest to the highest that the range shows, limits included; undefined for none */
export function shownExtent(series: Series, segments: readonly Segment[], range: Range): YRange | undefined {
	const { tMs, v } = series.columns;
	let min = Infinity;
	let max = -Infinity;
	const end = lowerBound(tMs, range.maxMs);
	for (let i = lowerBound(tMs, range.minMs); i < end; i++) {
		min = Math.min(min, lowest(series.buckets?.min[i] ?? v[i]));
		max = Math.max(max, highest(series.buckets?.max[i] ?? v[i]));
	}
	for (const { fromMs, toMs, lcl, ucl } of segments) {
		if (fromMs >= range.maxMs || toMs <= range.minMs) continue;
		min = Math.min(min, lcl);
		max = Math.max(max, ucl);
	}
	return min <= max ? [min, max] : undefined;
}

const lowest = (v: number | undefined) => (v === undefined || Number.isNaN(v) ? Infinity : v);
const highest = (v: number | undefined) => (v === undefined || Number.isNaN(v) ? -Infinity : v);

/**
 * Room around what is shown, without twitching: the scale grows at once, and shrinks only when the values have left
 * more than a third of it. A moving range stands on zero.
 */
export function steadyRange(
	extent: YRange | undefined,
	previous: YRange | undefined,
	zones: 'zones' | 'plain' = 'zones',
): YRange {
	if (!extent) return previous ?? [0, 1];
	const [low, high] = extent;
	const size = high - low || Math.abs(high) || 1;
	const floor = zones === 'plain' && low >= 0 ? 0 : low - size * PADDING;
	const wanted: YRange = [floor, high + size * (zones === 'plain' ? PLAIN_PADDING : PADDING)];
	if (!previous) return wanted;
	const fits = previous[0] <= Math.max(floor, low - size * 0.03) && previous[1] >= high + size * 0.03;
	const roomy = previous[1] - previous[0] > (wanted[1] - wanted[0]) * 1.35;
	return fits && !roomy ? previous : wanted;
}
