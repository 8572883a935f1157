import type { StreamState } from '#contracts/stream.ts';

export type Freshness = 'live' | 'stale' | 'none';

const LEAST_MS = 5_000;

/**
 * Whether a value may be taken for the present.
 *
 * @param state what the engine says; `no-data` is its word and final
 * @param ageMs since the newest point came
 * @param intervalMs what is usual between points; undefined = not known yet
 */
export function freshnessOf(state: StreamState, ageMs: number | undefined, intervalMs: number | undefined): Freshness {
	if (ageMs === undefined) return 'none';
	if (state === 'no-data') return 'none';
	return ageMs > Math.max(LEAST_MS, 3 * (intervalMs ?? 20_000)) ? 'stale' : 'live';
}

/**
 * @param tMs ascending times
 * @returns the middle of the last distances; undefined with fewer than three
 */
export function usualInterval(tMs: Float64Array): number | undefined {
	const from = Math.max(1, tMs.length - 31);
	const distances = [...tMs.subarray(from)].map((t, i) => t - (tMs[from + i - 1] ?? t)).sort((a, b) => a - b);
	return distances.length < 3 ? undefined : distances[distances.length >> 1];
}
