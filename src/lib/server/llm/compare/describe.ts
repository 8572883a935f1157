import type { ApiCompared } from '#contracts/llm-compare.ts';

export const SHARES = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const;
const MOST_STEPS = 200;

export type Described = Pick<ApiCompared, 'n' | 'censored' | 'mean' | 'min' | 'max' | 'percentiles' | 'box' | 'ecdf'>;

/**
 * What a set of values looks like.
 *
 * Censored ones are larger than all others, by how much nobody knows: they push percentiles up, and a percentile among them has no
 * number. The mean leaves them out, and with any of them there is none.
 *
 * @param sorted ascending, without the censored ones
 */
export function describe(sorted: Float64Array, censored: number): Described {
	const n = sorted.length;
	const all = n + censored;
	const at = (share: number) => percentile(sorted, all, share);
	return {
		n,
		censored,
		mean: n === 0 || censored > 0 ? null : sorted.reduce((sum, v) => sum + v, 0) / n,
		min: sorted[0] ?? null,
		max: censored > 0 ? null : (sorted[n - 1] ?? null),
		percentiles: Object.fromEntries(SHARES.map((share) => [String(share), at(share)])),
		box: boxOf(sorted, [at(0.25), at(0.5), at(0.75)]),
		ecdf: ecdfOf(sorted, all),
	};
}

/** Between neighbours in a straight line (Hyndman & Fan's type 7, as R and NumPy do). */
function percentile(sorted: Float64Array, all: number, share: number): number | null {
	if (all === 0) return null;
	const place = share * (all - 1);
	const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
	if (low === undefined || high === undefined) return null;
	return low + (high - low) * (place - Math.floor(place));
}

function boxOf(sorted: Float64Array, [q1, median, q3]: (number | null)[]): Described['box'] {
	if (q1 == null || median == null || q3 == null) return null;
	const reach = 1.5 * (q3 - q1);
	const inside = sorted.filter((v) => v >= q1 - reach && v <= q3 + reach);
	const [low, high] = [inside[0] ?? q1, inside.at(-1) ?? q3];
	return { low, q1, median, q3, high, beyond: sorted.length - inside.length };
}

/** At most so many steps, at even shares. */
function ecdfOf(sorted: Float64Array, all: number): Described['ecdf'] {
	const n = sorted.length;
	const steps = Math.min(n, MOST_STEPS);
	const places = Array.from({ length: steps }, (_, i) => (steps === 1 ? 0 : Math.round((i * (n - 1)) / (steps - 1))));
	return { v: places.map((at) => sorted[at]!), share: places.map((at) => (at + 1) / all) };
}

const BINS = 40;

/**
 * Bins that all sets share, from their least value to where 99 % of the widest is: one stray value would squeeze all others into the
 * first bin.
 */
export function sharedBins(sets: readonly Float64Array[]): number[] {
	const filled = sets.filter((set) => set.length > 0);
	if (filled.length === 0) return [];
	const low = Math.min(...filled.map((set) => set[0]!));
	const high = Math.max(...filled.map((set) => percentile(set, set.length, 0.99)!));
	const width = high > low ? (high - low) / BINS : 1;
	return Array.from({ length: BINS + 1 }, (_, i) => low + i * width);
}

export function histogramOf(sorted: Float64Array, bins: readonly number[]): number[] {
	const counts = Array<number>(Math.max(0, bins.length - 1)).fill(0);
	const [low = 0, next = 1] = bins;
	for (const v of sorted) counts[Math.min(counts.length - 1, Math.max(0, Math.floor((v - low) / (next - low))))]!++;
	return counts;
}
