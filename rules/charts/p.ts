import { limitsAround, type ChartLimits, type LimitOptions } from './limits.ts';

/**
 * Share of defective units among all inspected: sum of counts over sum of sizes (Montgomery, Introduction to SQC, 7.2).
 *
 * @returns NaN without any
 */
export function pooledShare(counts: ArrayLike<number>, sizes: ArrayLike<number>): number {
	let [defects, inspected] = [0, 0];
	for (let i = 0; i < counts.length; i++) {
		if (!Number.isFinite(counts[i]) || !(sizes[i]! > 0)) continue;
		defects += counts[i]!;
		inspected += sizes[i]!;
	}
	return defects / inspected;
}

/** Share of defectives in a sample of `size`: p +- limitsSigma * sqrt(p (1 - p) / size), within 0 and 1. */
export function pLimits(p: number, size: number, options: LimitOptions = {}): ChartLimits {
	return limitsAround(p, Math.sqrt((p * (1 - p)) / size), { ...options, least: 0, most: 1 });
}
