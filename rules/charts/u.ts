import { limitsAround, type ChartLimits, type LimitOptions } from './limits.ts';

/** Defects per unit in a sample of `size` units: u +- limitsSigma * sqrt(u / size), not below 0 (Montgomery, 7.3). */
export function uLimits(u: number, size: number, options: LimitOptions = {}): ChartLimits {
	return limitsAround(u, Math.sqrt(u / size), { ...options, least: 0 });
}
