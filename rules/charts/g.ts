import { limitsAround, type ChartLimits, type LimitOptions } from './limits.ts';

/**
 * Cases between rare events, geometric from 0: mean +- limitsSigma * sqrt(mean (mean + 1)), not below 0 (Benneyan, Number-between
 * g-type statistical quality control charts, Health Care Management Science 4, 2001).
 *
 * The distribution is skewed: in control 1.8 % of the points are above three sigmas, and run rules around its mean signal
 * all the time. A t chart, or a log transform, keeps to what the rules promise.
 */
export function gLimits(mean: number, options: LimitOptions = {}): ChartLimits {
	return limitsAround(mean, Math.sqrt(mean * (mean + 1)), { ...options, least: 0 });
}
