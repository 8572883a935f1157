import { FEW_POINTS } from '../analyze/advice.ts';
import { lag1 } from '../statistics/autocorrelation.ts';
import { individualsLimits, movingRangeLimits } from '../charts/i-mr.ts';
import type { ChartLimits, LimitOptions } from '../charts/limits.ts';
import { deviation, finiteOnly, mean, median, medianDeviation } from '../statistics/moments.ts';
import { meanRange, movingRanges, rangeConstants } from '../charts/moving-range.ts';

export interface LearnOptions extends LimitOptions {
	readonly missing?: 'break' | 'skip' | undefined;
	/** Leave moving ranges over D4 times their mean out of the final estimate too; narrows the limits of clean data by 2 %. */
	readonly screenMovingRanges?: boolean | undefined;
}

export interface LearntImr {
	readonly i: ChartLimits;
	readonly mr: ChartLimits;
	readonly method: 'moving-range' | 'overall-deviation';
	/** Indices of the values that were set aside as outliers. */
	readonly excluded: readonly number[];
	/** Of the values kept; null where there is none (no variation, too few neighbours). */
	readonly lag1: number | null;
	/** The rules that these limits can carry. */
	readonly rules: readonly number[];
	readonly notes: readonly string[];
}

/** Above this a moving range says little about the spread: sigma would be 0.7 of the true one, and every rule fires. */
const AUTOCORRELATED = 0.5;

/** What is more common than this is the process (skewed, bimodal, heavy-tailed), not its outliers. */
const MAX_SHARE = 0.1;
/** Robust sigmas beyond which a value is no part of the process, whatever the shape of its distribution. */
const GROSS = 10;
const MAX_PASSES = 10;

/**
 * Centre and sigma for individuals and moving ranges from a baseline that may have outliers in it.
 *
 * Outliers are looked for, not assumed: first what is more than ten robust sigmas (median, MAD) away; then, in passes,
 * what is beyond the limits around the median of what is left, with moving ranges over D4 times their mean left out.
 * All of them are reported, and never more than a tenth of the values. The estimate is mean and moving range of the rest.
 * Where lag-1 autocorrelation is over 0.5, sigma is the overall deviation and only rule 1 judges.
 *
 * @param values oldest first, in the stream's unit; NaN = missing
 * @param rules asked for by the plan
 * @returns undefined without two finite neighbours
 */
export function learnImr({
	values,
	rules,
	options = {},
}: {
	values: Float64Array;
	rules: readonly number[];
	options?: LearnOptions;
}): LearntImr | undefined {
	const { kept, excluded, correlation, unstable } = robustBaseline(values, options);
	const count = finiteOnly(kept).length;
	const range = meanRange(rangesOf(kept, excluded, options), {
		screen: options.screenMovingRanges ?? false,
		D4: rangeConstants(options.d2).D4,
	});
	if (!Number.isFinite(range)) return undefined;

	const centre = mean(finiteOnly(kept));
	const overall = correlation !== undefined && correlation > AUTOCORRELATED;
	const sigma = overall ? deviation(finiteOnly(kept)) : range / rangeConstants(options.d2).d2;
	const notes: string[] = [];
	if (overall) notes.push('provisional: autocorrelated');
	if (count < FEW_POINTS) notes.push(`provisional: only ${count} points`);
	if (unstable) notes.push('unstable baseline: over a tenth of the points beyond the limits');
	if (sigma === 0) notes.push('degenerate: no variation in the baseline');
	return {
		i: individualsLimits(centre, sigma, options),
		mr: movingRangeLimits(range, options),
		method: overall ? 'overall-deviation' : 'moving-range',
		excluded: [...excluded].sort((a, b) => a - b),
		lag1: correlation ?? null,
		rules: overall ? [1] : rules.filter((rule) => sigma > 0 || (rule >= 2 && rule <= 4)),
		notes,
	};
}

export interface RobustBaseline {
	/** The values with NaN in place of outliers. */
	readonly kept: Float64Array;
	readonly excluded: ReadonlySet<number>;
	readonly correlation: number | undefined;
	/** More than a tenth is beyond the limits; only gross outliers, or none, were set aside then. */
	readonly unstable: boolean;
}

/** The search for outliers alone; see `learnImr`. */
export function robustBaseline(values: Float64Array, options: LearnOptions = {}): RobustBaseline {
	const most = finiteOnly(values).length * MAX_SHARE;
	const found = beyond(values, GROSS, medianDeviation(finiteOnly(values)));
	const gross = found.size > most ? new Set<number>() : found;
	const screened = found.size > most ? found : screen(values, gross, options);
	const unstable = screened.size > most;
	const excluded = unstable ? gross : screened;
	const kept = without(values, excluded);
	return { kept, excluded, correlation: lag1(kept), unstable };
}

function screen(values: Float64Array, gross: ReadonlySet<number>, options: LearnOptions): ReadonlySet<number> {
	// Moving ranges of an autocorrelated series are too small to tell an outlier by.
	if ((lag1(without(values, gross)) ?? 0) > AUTOCORRELATED) return gross;
	let excluded = gross;
	for (let pass = 0; pass < MAX_PASSES; pass++) {
		const more = beyondLimits(values, excluded, options);
		if (more.size === 0) break;
		excluded = new Set([...excluded, ...more]);
	}
	return excluded;
}

function beyondLimits(values: Float64Array, excluded: ReadonlySet<number>, options: LearnOptions): Set<number> {
	const { d2, D4 } = rangeConstants(options.d2);
	const sigma = meanRange(rangesOf(values, excluded, options), { screen: true, D4 }) / d2;
	return beyond(without(values, excluded), options.limitsSigma ?? 3, sigma);
}

/** Nothing is beyond when sigma is zero: a stuck or coarse signal has no outliers that we could tell from steps. */
function beyond(values: Float64Array, width: number, sigma: number): Set<number> {
	const centre = median(finiteOnly(values));
	const found = new Set<number>();
	if (sigma > 0)
		values.forEach((v, i) => {
			if (Math.abs(v - centre) > width * sigma) found.add(i);
		});
	return found;
}

function rangesOf(
	values: Float64Array,
	excluded: ReadonlySet<number>,
	{ missing = 'break' }: LearnOptions,
): Float64Array {
	return movingRanges(values, { missing, skipped: excluded });
}

function without(values: Float64Array, excluded: ReadonlySet<number>): Float64Array {
	return values.map((v, i) => (excluded.has(i) ? NaN : v));
}
