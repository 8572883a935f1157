import type { D2 } from './constants.ts';

/** Of the plotted statistic, in its unit. */
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

/**
 * centre +- limitsSigma * sigma, no further than the statistic itself can go.
 *
 * @param least of the statistic: a count has no limit below 0; such a limit is 0, as every published table prints it
 * @param most of the statistic: 1 for a share
 */
export function limitsAround(
	centre: number,
	sigma: number,
	{ limitsSigma = 3, least = -Infinity, most = Infinity }: LimitOptions & { least?: number; most?: number } = {},
): ChartLimits {
	const reach = limitsSigma * sigma;
	return { centre, sigma, lcl: Math.max(least, centre - reach), ucl: Math.min(most, centre + reach) };
}
