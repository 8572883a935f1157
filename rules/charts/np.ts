import { limitsAround, type ChartLimits, type LimitOptions } from './limits.ts';

/** Number of defectives in a sample of `size`: np +- limitsSigma * sqrt(np (1 - p)), within 0 and `size` (Montgomery, 7.2). */
export function npLimits(p: number, size: number, options: LimitOptions = {}): ChartLimits {
	return limitsAround(size * p, Math.sqrt(size * p * (1 - p)), { ...options, least: 0, most: size });
}
