import { limitsAround, type ChartLimits, type LimitOptions } from './limits.ts';
import { meanRange, movingRanges, rangeConstants } from './moving-range.ts';

/**
 * Laney's sigma z: how many times wider the statistic varies from sample to sample than its distribution says, from the
 * moving ranges of (x - centre) / sigma (Laney, Improved control charts for attributes, Quality Engineering 14(4), 2002).
 *
 * @param statistic shares or rates; NaN = missing or left out, which is stepped over where `skipped` names it
 * @param sigma of each by the binomial or the Poisson distribution
 * @returns NaN without two neighbours; below 1 where the statistic varies less than its distribution says
 */
export function laneySigmaZ(
	{ statistic, centre, sigma }: { statistic: Float64Array; centre: number; sigma: Float64Array },
	{ d2, screen = false, missing = 'break', skipped }: LaneyOptions = {},
): number {
	const z = statistic.map((x, i) => (x - centre) / sigma[i]!);
	const constants = rangeConstants(d2);
	return meanRange(movingRanges(z, { missing, skipped }), { screen, D4: constants.D4 }) / constants.d2;
}

export interface LaneyOptions extends Pick<LimitOptions, 'd2'> {
	/** Leave out, once, moving ranges over D4 times their mean. */
	readonly screen?: boolean | undefined;
	readonly missing?: 'break' | 'skip' | undefined;
	readonly skipped?: ReadonlySet<number> | undefined;
}

/** Share: p +- limitsSigma * sigmaZ * sqrt(p (1 - p) / size), within 0 and 1. */
export function pPrimeLimits(
	{ centre, sigmaZ, size }: { centre: number; sigmaZ: number; size: number },
	options: LimitOptions = {},
): ChartLimits {
	const sigma = sigmaZ * Math.sqrt((centre * (1 - centre)) / size);
	return limitsAround(centre, sigma, { ...options, least: 0, most: 1 });
}

/** Rate: u +- limitsSigma * sigmaZ * sqrt(u / size), not below 0. */
export function uPrimeLimits(
	{ centre, sigmaZ, size }: { centre: number; sigmaZ: number; size: number },
	options: LimitOptions = {},
): ChartLimits {
	return limitsAround(centre, sigmaZ * Math.sqrt(centre / size), { ...options, least: 0 });
}
