import { createConstants, type SampleConstants } from './constants.ts';
import { limitsAround, type ChartLimits, type LimitOptions } from './limits.ts';
import type { Subgroups } from './subgroups.ts';

/**
 * Sigma of one value from subgroup deviations: mean of s / c4(n) (Montgomery, Introduction to SQC, 6.3; Burr 1969 for sizes
 * that differ; `UWAVE-SD` in qcc). Montgomery pools squares when sizes differ, without dividing by c4.
 *
 * @returns NaN without a subgroup of two
 */
export function sigmaFromDeviations(
	{ sd, size }: Pick<Subgroups, 'sd' | 'size'>,
	constants: (n: number) => SampleConstants = createConstants(),
): number {
	let [sum, count] = [0, 0];
	sd.forEach((s, i) => {
		if (!Number.isFinite(s) || !(size[i]! >= 2)) return;
		sum += s / constants(size[i]!).c4;
		count++;
	});
	return sum / count;
}

/** Deviation of `size` values: c4 sigma +- limitsSigma * sigma sqrt(1 - c4^2), not below 0; B3 s and B4 s of the tables. */
export function deviationLimits(
	{ sigma, size }: { sigma: number; size: number },
	options: LimitOptions = {},
	constants: (n: number) => SampleConstants = createConstants(options.d2),
): ChartLimits {
	const { c4 } = constants(size);
	return limitsAround(c4 * sigma, sigma * Math.sqrt(1 - c4 * c4), { ...options, least: 0 });
}
