import { limitsAround, type ChartLimits, type LimitOptions } from './limits.ts';

/** Defects per sample, samples of one size: c +- limitsSigma * sqrt(c), not below 0 (Montgomery, Introduction to SQC, 7.3). */
export function cLimits(c: number, options: LimitOptions = {}): ChartLimits {
	return limitsAround(c, Math.sqrt(c), { ...options, least: 0 });
}
