import type { ApiPoints } from '#contracts/api.ts';
import type { Chart } from '#contracts/chart.ts';
import { FLAG } from '#contracts/point.ts';
import { lowerBound, type Columns } from '#lib/live/ring.ts';

export interface GapSpan {
	readonly fromMs: number;
	readonly toMs: number;
	readonly reason: string;
}

/** The buckets' smallest and largest values, where there were too many points to draw each. */
export interface Envelope {
	readonly min: Float64Array;
	readonly max: Float64Array;
}

/** What one chart draws. */
export interface Series {
	readonly columns: Columns;
	readonly gaps: readonly GapSpan[];
	readonly envelope: Envelope | null;
}

/** Late points stand where they were measured but were never judged; excluded ones are not part of the line either. */
export function isApart(flags: number): boolean {
	return (flags & (FLAG.late | FLAG.excluded)) !== 0;
}

export function gapsOf(points: ApiPoints): readonly GapSpan[] {
	return points.gaps.map(([from, to, reason]) => ({ fromMs: from / 1000, toMs: to / 1000, reason }));
}

/** The individuals chart of a stretch of history. */
export function individualsOf(points: ApiPoints): Series {
	const tMs = Float64Array.from(points.t, (t) => t / 1000);
	const columns = {
		length: tMs.length,
		tMs,
		v: Float64Array.from(points.v),
		signals: signalBits(points, 'i', tMs),
		flags: Uint8Array.from(points.flags),
		quality: Uint8Array.from(points.quality),
	};
	const { thinned } = points;
	const envelope = thinned && { min: Float64Array.from(thinned.min), max: Float64Array.from(thinned.max) };
	return { columns, gaps: gapsOf(points), envelope };
}

/**
 * The moving range of a stretch of history: |v[i] - v[i-1]|, none across a gap or beside a point that was not judged.
 *
 * @returns undefined when the history was thinned: ranges of means are not moving ranges
 */
export function movingRangesOf(points: ApiPoints): Series | undefined {
	if (points.thinned) return undefined;
	const individuals = individualsOf(points);
	const { tMs, v, flags, quality } = individuals.columns;
	const ranges = new Float64Array(v.length).fill(NaN);
	let previous = -1;
	for (let i = 0; i < v.length; i++) {
		if (isApart(flags[i] ?? 0)) continue;
		const [from, to] = [tMs[previous], tMs[i] ?? NaN];
		if (from !== undefined && !crossesGap(individuals.gaps, from, to))
			ranges[i] = Math.abs((v[i] ?? NaN) - (v[previous] ?? NaN));
		previous = i;
	}
	const columns = { length: tMs.length, tMs, v: ranges, signals: signalBits(points, 'mr', tMs), flags, quality };
	return { columns, gaps: individuals.gaps, envelope: null };
}

export function crossesGap(gaps: readonly GapSpan[], fromMs: number, toMs: number): boolean {
	return gaps.some((gap) => gap.fromMs < toMs && gap.toMs > fromMs);
}

function signalBits(points: ApiPoints, chart: Chart, tMs: Float64Array): Uint16Array {
	const bits = new Uint16Array(tMs.length);
	for (const signal of points.signals) {
		if (signal.chart !== chart || typeof signal.rule !== 'number') continue;
		const at = points.thinned
			? Math.max(0, lowerBound(tMs, signal.t / 1000 + 0.0005) - 1)
			: lowerBound(tMs, signal.t / 1000);
		if (at < bits.length) bits[at] = (bits[at] ?? 0) | (1 << (signal.rule - 1));
	}
	return bits;
}
