import type { ApiPoints } from '#contracts/api.ts';
import type { ExploreQuery } from './explore-query.ts';

/** Several streams on one time axis: a value per stream and slot, NaN where it has no point. */
export interface Grid {
	/** The middle of each slot. */
	readonly tMs: Float64Array;
	readonly values: readonly Float64Array[];
}

type Points = Pick<ApiPoints, 't' | 'v' | 'thinned'>;

/**
 * Brings series that were sampled at their own times, or thinned to their own buckets, onto common slots.
 *
 * @param slots how many; a slot without a point stays empty, so that a line does not pretend
 */
export function toGrid(
	series: readonly Points[],
	{ fromMs, toMs, slots, of }: { fromMs: number; toMs: number; slots: number; of: ExploreQuery['of'] },
): Grid {
	const stepMs = (toMs - fromMs) / slots;
	const tMs = Float64Array.from({ length: slots }, (_, i) => fromMs + (i + 0.5) * stepMs);
	return { tMs, values: series.map((points) => gather(points, { fromMs, stepMs, slots, of })) };
}

function gather(
	{ t, v, thinned }: Points,
	{ fromMs, stepMs, slots, of }: { fromMs: number; stepMs: number; slots: number; of: ExploreQuery['of'] },
): Float64Array {
	const sums = new Float64Array(slots).fill(NaN);
	const counts = new Float64Array(slots);
	const half = thinned ? thinned.bucketMicros / 2000 : 0;
	const read = thinned && of !== 'mean' ? thinned[of] : v;
	for (const [i, micros] of t.entries()) {
		const slot = Math.floor((micros / 1000 + half - fromMs) / stepMs);
		const value = read[i];
		if (slot < 0 || slot >= slots || value === undefined) continue;
		const weight = of === 'mean' ? (thinned?.count[i] ?? 1) : 1;
		const before = sums[slot] ?? NaN;
		if (Number.isNaN(before)) sums[slot] = of === 'mean' ? value * weight : value;
		else if (of === 'mean') sums[slot] = before + value * weight;
		else sums[slot] = of === 'min' ? Math.min(before, value) : Math.max(before, value);
		counts[slot] = (counts[slot] ?? 0) + weight;
	}
	return of === 'mean' ? sums.map((sum, i) => sum / (counts[i] || NaN)) : sums;
}

export interface Bands {
	readonly low: Float64Array;
	readonly lower: Float64Array;
	readonly middle: Float64Array;
	readonly upper: Float64Array;
	readonly high: Float64Array;
}

/** What most streams do at each time: the 10th, 25th, 50th, 75th and 90th percentile over those that have a value. */
export function toBands({ tMs, values }: Grid): Bands {
	const [low, lower, middle, upper, high] = Array.from({ length: 5 }, () => new Float64Array(tMs.length).fill(NaN));
	for (let i = 0; i < tMs.length; i++) {
		const present = values.map((column) => column[i] ?? NaN).filter((v) => !Number.isNaN(v));
		present.sort((a, b) => a - b);
		for (const [column, p] of [
			[low, 0.1],
			[lower, 0.25],
			[middle, 0.5],
			[upper, 0.75],
			[high, 0.9],
		] as const)
			if (column) column[i] = percentile(present, p);
	}
	return { low: low!, lower: lower!, middle: middle!, upper: upper!, high: high! };
}

/** Between neighbours in proportion, Hyndman and Fan's type 7. @returns NaN for none */
export function percentile(sorted: readonly number[] | Float64Array, p: number): number {
	if (sorted.length === 0) return NaN;
	const at = p * (sorted.length - 1);
	const below = sorted[Math.floor(at)] ?? NaN;
	const above = sorted[Math.ceil(at)] ?? NaN;
	return below + (above - below) * (at - Math.floor(at));
}

/** @returns the columns as distances from each one's centre in its sigmas; one without sigma has no values */
export function toSigmas(
	values: readonly Float64Array[],
	limits: readonly ({ readonly centre: number; readonly sigma: number } | undefined)[],
): Float64Array[] {
	return values.map((column, i) => {
		const own = limits[i];
		return own && own.sigma > 0 ? column.map((v) => (v - own.centre) / own.sigma) : column.map(() => NaN);
	});
}

export interface Summary {
	readonly n: number;
	readonly mean: number;
	readonly min: number;
	readonly median: number;
	readonly p90: number;
	readonly max: number;
	/** True: percentiles are of means of buckets, as there are more points than were read. */
	readonly isThinned: boolean;
}

/** @returns undefined without a point */
export function summaryOf({ v, thinned }: Points): Summary | undefined {
	if (v.length === 0) return undefined;
	const weights = thinned?.count ?? v.map(() => 1);
	const n = weights.reduce((sum, w) => sum + w, 0);
	const sorted = Float64Array.from(v).sort();
	return {
		n,
		mean: v.reduce((sum, value, i) => sum + value * (weights[i] ?? 1), 0) / n,
		min: (thinned?.min ?? v).reduce((a, b) => Math.min(a, b), Infinity),
		median: percentile(sorted, 0.5),
		p90: percentile(sorted, 0.9),
		max: (thinned?.max ?? v).reduce((a, b) => Math.max(a, b), -Infinity),
		isThinned: thinned !== null,
	};
}
