import { limitsAround, type ChartLimits, type LimitOptions } from './limits.ts';
import { rangeConstants } from './moving-range.ts';

/** Individuals: centre +- limitsSigma * sigma. */
export function individualsLimits(centre: number, sigma: number, options: LimitOptions = {}): ChartLimits {
	return limitsAround(centre, sigma, options);
}

/**
 * Moving range of two: upper limit D4 = 3.267 times the mean range, lower limit 0 (Montgomery, ch. 6).
 *
 * `sigma` is that of a moving range, (D4 - 1)/3 mean ranges, so that centre + 3 sigma is the upper limit and the rules
 * judge by the line that is drawn.
 */
export function movingRangeLimits(meanRange: number, options: LimitOptions = {}): ChartLimits {
	const sigma = (meanRange * (rangeConstants(options.d2).D4 - 1)) / 3;
	return limitsAround(meanRange, sigma, { ...options, least: 0 });
}

/** Both charts from a known centre and sigma of single values; the mean range is then d2 * sigma. */
export function imrLimits(
	{ centre, sigma }: { centre: number; sigma: number },
	options: LimitOptions = {},
): { i: ChartLimits; mr: ChartLimits } {
	return {
		i: individualsLimits(centre, sigma, options),
		mr: movingRangeLimits(sigma * rangeConstants(options.d2).d2, options),
	};
}
