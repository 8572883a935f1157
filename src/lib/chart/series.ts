import type { ApiPoints } from '#contracts/api.ts';
import { bitOfRule, type Chart } from '#contracts/chart.ts';
import { FLAG, QUALITY } from '#contracts/point.ts';
import { lowerBound, type Columns } from '#lib/live/wire/ring.ts';
import { createGapWalk, type GapSpan } from './gap-walk.ts';

/** What stands for many points, where there were too many to send each; `v` of the columns is the mean. */
export interface Buckets {
	readonly widthMs: number;
	readonly min: Float64Array;
	readonly max: Float64Array;
	/** How many points. */
	readonly count: Float64Array;
	/** How many signals of this chart. */
	readonly signals: Float64Array;
}

/** What one chart draws. Of buckets `tMs` is the middle. */
export interface Series {
	readonly columns: Columns;
	/** By `fromMs`. */
	readonly gaps: readonly GapSpan[];
	readonly buckets: Buckets | null;
	/** The least quality that is judged; a point below it ends the line. */
	readonly admit: number;
	/** What somebody took out since these points came: stretches of time. */
	readonly excluded?: readonly { readonly fromMs: number; readonly toMs: number }[];
}

/**
 * How a point takes part: `judged` ones make the line; a `late` or excluded one stands where it was measured while the
 * line passes by; one of too little quality is `refused` and ends the line. A bucket's flags are those of all its
 * points, so that one late point among many does not set it apart.
 */
export function partOf(series: Series, i: number): 'judged' | 'late' | 'refused' {
	const { columns, buckets, admit } = series;
	if ((buckets?.count[i] ?? 1) > 1) return 'judged';
	if (((columns.flags[i] ?? 0) & FLAG.late) !== 0 || isExcluded(series, i)) return 'late';
	return (columns.quality[i] ?? QUALITY.good) < admit ? 'refused' : 'judged';
}

/** What is stored of a point does not change; who took it out may put it back. */
export function isExcluded({ columns, excluded }: Series, i: number): boolean {
	if (!excluded) return ((columns.flags[i] ?? 0) & FLAG.excluded) !== 0;
	const t = columns.tMs[i] ?? NaN;
	// Half a microsecond of room: times are doubles.
	return excluded.some(({ fromMs, toMs }) => t >= fromMs - 0.0005 && t <= toMs + 0.0005);
}

export function gapsOf(points: Pick<ApiPoints, 'gaps'>): readonly GapSpan[] {
	const gaps = points.gaps.map(([from, to, reason]) => ({ fromMs: from / 1000, toMs: to / 1000, reason }));
	return gaps.sort((a, b) => a.fromMs - b.fromMs);
}

/**
 * A stretch of history as the chart of this statistic draws it; the answer's `v` is that statistic.
 *
 * @param named rules with names of their own, of the limits in force
 */
export function seriesOf(points: ApiPoints, chart: Chart, admit: number, named: readonly string[] = []): Series {
	const { thinned } = points;
	const widthMs = (thinned?.bucketMicros ?? 0) / 1000;
	const tMs = Float64Array.from(points.t, (t) => t / 1000 + widthMs / 2);
	const found = signalsOf({ points, chart, tMs, widthMs, named });
	const columns = {
		length: tMs.length,
		tMs,
		v: Float64Array.from(points.v),
		signals: found.bits,
		flags: Uint8Array.from(points.flags),
		quality: Uint8Array.from(points.quality),
	};
	const buckets = thinned && {
		widthMs,
		min: Float64Array.from(thinned.min),
		max: Float64Array.from(thinned.max),
		count: Float64Array.from(thinned.count),
		signals: found.count,
	};
	return { columns, gaps: gapsOf(points), buckets, admit };
}

/**
 * The moving range of a stretch of history: |v[i] - v[i-1]|, none across a gap or beside a point that was not judged.
 *
 * @returns undefined when the history was thinned: ranges of means are not moving ranges
 */
export function movingRangesOf(points: ApiPoints, admit: number): Series | undefined {
	if (points.thinned) return undefined;
	// It was judged when it came, and so was its range.
	const individuals = { ...seriesOf(points, 'mr', admit), excluded: [] };
	const { v, tMs } = individuals.columns;
	const ranges = new Float64Array(v.length).fill(NaN);
	const gapBetween = createGapWalk(individuals.gaps);
	let previous = -1;
	for (let i = 0; i < v.length; i++) {
		const part = partOf(individuals, i);
		if (part === 'refused') previous = -1;
		if (part !== 'judged') continue;
		const [from, to] = [tMs[previous], tMs[i] ?? NaN];
		if (from !== undefined && !gapBetween(from, to)) ranges[i] = Math.abs((v[i] ?? NaN) - (v[previous] ?? NaN));
		previous = i;
	}
	const { excluded: _, ...rest } = individuals;
	return { ...rest, columns: { ...individuals.columns, v: ranges } };
}

function signalsOf(from: {
	readonly points: ApiPoints;
	readonly chart: Chart;
	readonly tMs: Float64Array;
	readonly widthMs: number;
	readonly named: readonly string[];
}): { readonly bits: Uint16Array; readonly count: Float64Array } {
	const { points, chart, tMs, widthMs, named } = from;
	const bits = new Uint16Array(tMs.length);
	const count = new Float64Array(tMs.length);
	// Half a microsecond of room: times are doubles.
	const shiftMs = widthMs > 0 ? widthMs / 2 - 0.0005 : 0.0005;
	for (const signal of points.signals) {
		const bit = signal.chart === chart ? bitOfRule(signal.rule, signal.side, named) : 0;
		if (bit === 0) continue;
		const at = Math.min(tMs.length - 1, lowerBound(tMs, signal.t / 1000 - shiftMs));
		if (at < 0) continue;
		bits[at] = (bits[at] ?? 0) | bit;
		count[at] = (count[at] ?? 0) + 1;
	}
	return { bits, count };
}
