import { createConstants, type SampleConstants } from './constants.ts';
import { limitsAround, type ChartLimits, type LimitOptions } from './limits.ts';
import type { Subgroups } from './subgroups.ts';

/**
 * Sigma of one value from subgroup ranges: mean of R / d2(n) (Montgomery, Introduction to SQC, 6.2; Burr 1969 for sizes
 * that differ; `UWAVE-R` in qcc).
 *
 * @returns NaN without a subgroup of two
 */
export function sigmaFromRanges(
	{ range, size }: Pick<Subgroups, 'range' | 'size'>,
	constants: (n: number) => SampleConstants = createConstants(),
): number {
	let [sum, count] = [0, 0];
	range.forEach((r, i) => {
		if (!Number.isFinite(r) || !(size[i]! >= 2)) return;
		sum += r / constants(size[i]!).d2;
		count++;
	});
	return sum / count;
}

/** Mean of `size` values around `centre`: +- limitsSigma * sigma / sqrt(size); A2 R and A3 s of the tables are the same. */
export function xbarLimits(
	{ centre, sigma, size }: { centre: number; sigma: number; size: number },
	options: LimitOptions = {},
): ChartLimits {
	return limitsAround(centre, sigma / Math.sqrt(size), options);
}

/** Range of `size` values: d2 sigma +- limitsSigma * d3 sigma, not below 0; D3 R and D4 R of the tables are the same. */
export function rangeLimits(
	{ sigma, size }: { sigma: number; size: number },
	options: LimitOptions = {},
	constants: (n: number) => SampleConstants = createConstants(options.d2),
): ChartLimits {
	const { d2, d3 } = constants(size);
	return limitsAround(d2 * sigma, d3 * sigma, { ...options, least: 0 });
}
