import type { D2 } from './constants.ts';
import { mean } from '../statistics/moments.ts';

export interface RangeConstants {
	/** Mean range of two normal values, in sigmas. */
	readonly d2: number;
	/** Upper limit of the moving range, in mean ranges: 1 + 3 d3/d2. */
	readonly D4: number;
}

const TABLE: RangeConstants = { d2: 1.128, D4: 3.267 };
const EXACT: RangeConstants = { d2: 2 / Math.sqrt(Math.PI), D4: 1 + 3 * Math.sqrt(Math.PI / 2 - 1) };

export function rangeConstants(d2: D2 = 'table'): RangeConstants {
	return d2 === 'exact' ? EXACT : TABLE;
}

/**
 * |x[i] - x[i-1]| at i; NaN where there is no neighbour to measure from.
 *
 * @param values oldest first; NaN = missing
 * @param missing `break`: no range reaches across a missing value; `skip`: it is measured from the last value there was
 * @param skipped indices that are as if they had not been, whatever `missing` says
 */
export function movingRanges(
	values: Float64Array,
	{ missing = 'break', skipped }: { missing?: 'break' | 'skip'; skipped?: ReadonlySet<number> } = {},
): Float64Array {
	const ranges = new Float64Array(values.length).fill(NaN);
	let last = NaN;
	values.forEach((value, i) => {
		if (skipped?.has(i)) return;
		if (!Number.isFinite(value)) {
			if (missing === 'break') last = NaN;
			return;
		}
		ranges[i] = Math.abs(value - last);
		last = value;
	});
	return ranges;
}

/**
 * Mean of the moving ranges that are numbers.
 *
 * @param screen leave out, once, what is over D4 times the mean (NHS "Making data count", PowerBI-SPC)
 * @returns NaN without any
 */
export function meanRange(ranges: Float64Array, { screen, D4 }: { screen: boolean; D4: number }): number {
	const there = ranges.filter((r) => Number.isFinite(r));
	const all = mean(there);
	return screen ? mean(there.filter((r) => r <= D4 * all)) : all;
}

/**
 * Sigma from the average moving range: mean |x[i] - x[i-1]| / d2 (Montgomery, Introduction to SQC, ch. 6).
 *
 * Not the sample deviation: a shift of the mean inflates that one and hides the shift we look for.
 *
 * @param values oldest first, in the stream's unit; non-finite values break the range
 * @returns sigma in the same unit, or undefined with fewer than two finite neighbours
 */
export function movingRangeSigma(values: Float64Array, d2: D2 = 'table'): number | undefined {
	const constants = rangeConstants(d2);
	const sigma = meanRange(movingRanges(values), { screen: false, D4: constants.D4 }) / constants.d2;
	return Number.isFinite(sigma) ? sigma : undefined;
}
