import { rangeConstants, type D2 } from './moving-range.ts';

/** In the unit of the plotted statistic. */
export interface ChartLimits {
	readonly centre: number;
	readonly sigma: number;
	readonly lcl: number;
	readonly ucl: number;
}

export interface LimitOptions {
	readonly d2?: D2 | undefined;
	/** Width of the limits in sigmas of the plotted statistic; default 3. */
	readonly limitsSigma?: number | undefined;
}

/** Individuals: centre +- limitsSigma * sigma. */
export function individualsLimits(centre: number, sigma: number, { limitsSigma = 3 }: LimitOptions = {}): ChartLimits {
	return { centre, sigma, lcl: centre - limitsSigma * sigma, ucl: centre + limitsSigma * sigma };
}

/**
 * Moving range of two: upper limit D4 = 3.267 times the mean range, lower limit 0 (Montgomery, ch. 6).
 *
 * `sigma` is that of a moving range, (D4 - 1)/3 mean ranges, so that centre + 3 sigma is the upper limit and the rules
 * judge by the line that is drawn.
 */
export function movingRangeLimits(meanRange: number, { d2, limitsSigma = 3 }: LimitOptions = {}): ChartLimits {
	const sigma = (meanRange * (rangeConstants(d2).D4 - 1)) / 3;
	return {
		centre: meanRange,
		sigma,
		lcl: Math.max(0, meanRange - limitsSigma * sigma),
		ucl: meanRange + limitsSigma * sigma,
	};
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
