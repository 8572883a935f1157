import { movingRangeSigma } from '../charts/moving-range.ts';
import { lag1 } from '../statistics/autocorrelation.ts';
import { deviation, mean } from '../statistics/moments.ts';
import { andersonDarling, type Normality } from './normality.ts';
import { runsAbout, type Runs } from './runs.ts';

/** What a stretch of values says by itself; null where there are too few to say it. */
export interface Sample {
	readonly count: number;
	readonly mean: number | null;
	/** Short-term: from moving ranges, none across a break. */
	readonly sigmaWithin: number | null;
	/** Long-term: deviation of all. */
	readonly sigmaOverall: number | null;
	readonly min: number | null;
	readonly median: number | null;
	readonly max: number | null;
	readonly runs: Runs | null;
	readonly normality: Normality | null;
	/** Autocorrelation of neighbours: far from 0 all intervals are too narrow. */
	readonly lag1: number | null;
	/** Ascending, for histogram and probability plot. */
	readonly sorted: Float64Array;
}

/** @param values in the order of time; NaN is a break, nothing is looked across */
export function describeSample(values: Float64Array): Sample {
	const finite = finiteOf(values);
	const sorted = finite.toSorted();
	const n = sorted.length;
	const median = (sorted[(n - 1) >> 1]! + sorted[n >> 1]!) / 2;
	return {
		count: n,
		mean: orNull(mean(finite)),
		sigmaWithin: orNull(movingRangeSigma(values)),
		sigmaOverall: orNull(deviation(finite)),
		min: orNull(sorted[0]),
		median: orNull(median),
		max: orNull(sorted.at(-1)),
		runs: runsAbout(finite, median) ?? null,
		normality: andersonDarling(sorted) ?? null,
		lag1: n < 3 ? null : orNull(lag1(values)),
		sorted,
	};
}

function orNull(value: number | undefined): number | null {
	return value !== undefined && Number.isFinite(value) ? value : null;
}

/** A plain loop: `filter` takes longer over a hundred thousand values than everything else here. */
function finiteOf(values: Float64Array): Float64Array {
	const all = new Float64Array(values.length);
	let count = 0;
	for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) all[count++] = values[i]!;
	return all.subarray(0, count);
}
