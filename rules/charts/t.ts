import { individualsLimits } from './i-mr.ts';
import type { ChartLimits, LimitOptions } from './limits.ts';

/** Makes an exponential waiting time all but normal (Nelson, A control chart for parts-per-million nonconforming items, JQT 26, 1994). */
export const T_POWER = 1 / 3.6;

/** Time between rare events, as the rules see it: t^(1/3.6). @returns NaN for a negative time */
export function tTransform(time: number): number {
	return time < 0 ? NaN : time ** T_POWER;
}

/** Back to time. What lies below 0 on the transformed scale is no time: 0. */
export function tTime(transformed: number): number {
	return Number.isNaN(transformed) ? NaN : Math.max(0, transformed) ** (1 / T_POWER);
}

/**
 * Limits of an individuals chart of t^(1/3.6), brought back to time: not symmetric around the centre, so `sigma` is NaN.
 *
 * @param centre and `sigma` of the transformed times
 */
export function tLimits({ centre, sigma }: { centre: number; sigma: number }, options: LimitOptions = {}): ChartLimits {
	const { lcl, ucl } = individualsLimits(centre, sigma, options);
	return { centre: tTime(centre), sigma: NaN, lcl: tTime(lcl), ucl: tTime(ucl) };
}
