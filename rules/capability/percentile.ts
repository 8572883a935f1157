import { quantileSorted } from 'simple-statistics';
import type { Indices, Specification } from './capability.ts';
import type { Index } from './intervals.ts';

/** The shares that lie below mean - 3 sigma, mean and mean + 3 sigma of a normal distribution. */
const LOW = 0.0013498980316301;
const HIGH = 1 - LOW;

/** Below this the outer percentiles are no more than the smallest and the largest value. */
export const PERCENTILE_POINTS = Math.ceil(1 / LOW);

/**
 * Indices from observed percentiles, whatever the distribution (ISO 22514-2; Clements 1989 with observed instead of fitted ones):
 * (usl - lsl) / (P99.865 - P0.135), and each side by the distance from the median to its own percentile.
 */
export function percentileIndices(values: Float64Array, { lsl, usl, target }: Specification): Indices {
	const sorted = Array.from(values.toSorted());
	const [low, middle, high] = sorted.length > 0 ? [LOW, 0.5, HIGH].map((p) => quantileSorted(sorted, p)) : [];
	if (low === undefined || middle === undefined || high === undefined || !(high > low))
		return { spread: null, lower: null, upper: null, nearest: null, target: null };
	const both = lsl !== undefined && usl !== undefined;
	const lower = lsl === undefined ? Infinity : (middle - lsl) / (middle - low);
	const upper = usl === undefined ? Infinity : (usl - middle) / (high - middle);
	// A sixth of the spread takes sigma's place, as Pearn and Kotz do for the index around a target.
	const sigma = (high - low) / 6;
	const off = target === undefined ? NaN : (middle - target) / sigma;
	return {
		spread: both ? alone((usl - lsl) / (high - low)) : null,
		lower: alone(lower),
		upper: alone(upper),
		nearest: alone(Math.min(lower, upper)),
		target: both ? alone((usl - lsl) / (6 * sigma * Math.hypot(1, off))) : null,
	};
}

function alone(value: number): Index | null {
	return Number.isFinite(value) ? { value, low: null, high: null } : null;
}
