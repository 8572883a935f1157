import { limitsAtSize, SIZED_CHARTS, type SizedChart } from '#rules';
import type { Chart } from '#contracts/chart.ts';
import { lowerBound, type Columns } from '#lib/live/wire/ring.ts';
import type { Segment } from './segments.ts';

/**
 * Limits that follow the size of each point, as they are drawn: a step for every stretch of points of one size, halfway between
 * neighbours where the size changes.
 *
 * @param sizes chart `size` of the same stream; without any the limits stand at the usual size
 */
export function steppedSegments(chart: Chart, segments: readonly Segment[], sizes: Columns): readonly Segment[] {
	if (!isSized(chart) || segments.every(({ sized }) => sized === undefined)) return segments;
	return segments.flatMap((segment) => stepsOf(chart, segment, sizes));
}

/** @returns the limits of a point of this size */
export function segmentAtSize(chart: Chart, segment: Segment, size: number | undefined): Segment {
	if (size === undefined || segment.sized === undefined || !isSized(chart)) return segment;
	return { ...segment, ...limitsAtSize(chart, size, segment.sized), size };
}

function isSized(chart: Chart): chart is SizedChart {
	return (SIZED_CHARTS as readonly Chart[]).includes(chart);
}

function stepsOf(chart: SizedChart, segment: Segment, { tMs, v, length }: Columns): readonly Segment[] {
	const from = lowerBound(tMs, segment.fromMs - 0.0005);
	const to = Math.min(length, lowerBound(tMs, segment.toMs - 0.0005));
	if (from >= to) return [segment];
	const steps: Segment[] = [];
	let fromMs = segment.fromMs;
	for (let first = from; first < to;) {
		let next = first + 1;
		while (next < to && v[next] === v[first]) next++;
		const toMs = next < to ? ((tMs[next - 1] ?? 0) + (tMs[next] ?? 0)) / 2 : segment.toMs;
		const place = { isFirst: first === from, isLast: next === to };
		const baseline = place.isFirst ? (segment.baseline ?? null) : null;
		steps.push({ ...segmentAtSize(chart, segment, v[first]), fromMs, toMs, step: place, baseline });
		[fromMs, first] = [toMs, next];
	}
	return steps;
}
