import type { Chart } from '#contracts/chart.ts';
import type { Segment } from '#lib/chart/segments.ts';
import { segmentAtSize } from '#lib/chart/steps.ts';
import type { LimitsBook } from '#lib/live/wire/limits-book.ts';
import type { Rings } from '#lib/live/wire/rings.ts';

/** @returns the limits of a chart's newest point, at its own size where limits follow it; undefined while there are none */
export function segmentNow(
	{ limits, rings }: { readonly limits: LimitsBook; readonly rings: Rings },
	stream: string,
	chart: Chart,
): Segment | undefined {
	const segment = limits.segments(stream, chart).at(-1);
	if (segment?.sized === undefined) return segment;
	const { v, length } = rings.columns(stream, 'size');
	return segmentAtSize(chart, segment, v[length - 1]);
}
