import type { StreamState } from '#contracts/stream.ts';

/**
 * Whether a value may be taken for the present. Beside the state, which says what the rules found in it.
 *
 * `live`; `stale`: late, and its age is said; `dead`: so late that it is history; `none`: there is no point at all.
 */
export type Freshness = 'live' | 'stale' | 'dead' | 'none';

/** What is shown of a stream first: its state where that is of the present, else why it is not. */
export type Standing = StreamState | 'stale';

/** Where no interval is known yet: no plan expects one, and fewer than three distances have been seen. */
const DEFAULT_INTERVAL_MS = 20_000;
/** Late is what misses three intervals, as for the engine's no-data; dead what misses thirty. */
const STALE_INTERVALS = 3;
const DEAD_INTERVALS = 30;
/** However often a stream comes: a blink is no silence. */
const STALE_LEAST_MS = 5_000;
const DEAD_LEAST_MS = 120_000;

export interface Pulse {
	readonly state: StreamState;
	/** Since the measured time of the newest point, by the server's clock; undefined without a point. */
	readonly ageMs: number | undefined;
	/** What the plan expects, else what is usual (`usualInterval`); undefined = not known yet. Asked only when it matters. */
	intervalMs(): number | undefined;
	/** Nobody answers: nothing here is the present. */
	readonly isLost: boolean;
}

/**
 * Age is that of the measurement, not of its arrival: what a spool sends after an outage, or an import, is no news.
 */
export function freshnessOf({ state, ageMs, intervalMs, isLost }: Pulse): Freshness {
	if (ageMs === undefined) return 'none';
	if (state === 'no-data') return 'dead';
	if (ageMs <= STALE_LEAST_MS) return isLost ? 'stale' : 'live';
	const usualMs = intervalMs() ?? DEFAULT_INTERVAL_MS;
	if (ageMs > Math.max(DEAD_LEAST_MS, DEAD_INTERVALS * usualMs)) return 'dead';
	return isLost || ageMs > STALE_INTERVALS * usualMs ? 'stale' : 'live';
}

/**
 * Only a fresh and judged value is good. A violation stays one while its values are late, and is history with them.
 *
 * @param sigma of the limits in force; limits without any variation judge next to nothing
 */
export function standingOf(state: StreamState, freshness: Freshness, sigma: number | undefined): Standing {
	if (freshness === 'none' || freshness === 'dead') return 'no-data';
	if (state === 'violating') return state;
	if (freshness === 'stale') return 'stale';
	return state === 'in-control' && sigma === 0 ? 'not-judged' : state;
}

const LOOKED_AT = 30;
const USUAL_SHARE = 0.9;

/**
 * The distance that nine of ten of the last thirty do not exceed: a stream that comes in bursts is not late in each of
 * its pauses, and one outage does not make the next one usual.
 *
 * @param tMs ascending times
 * @returns undefined with fewer than three distances
 */
export function usualInterval(tMs: Float64Array): number | undefined {
	const last = tMs.subarray(Math.max(0, tMs.length - LOOKED_AT - 1));
	const distances = new Float64Array(Math.max(0, last.length - 1));
	for (let i = 0; i < distances.length; i++) distances[i] = (last[i + 1] ?? NaN) - (last[i] ?? NaN);
	distances.sort();
	return distances.length < 3 ? undefined : distances[Math.floor((distances.length - 1) * USUAL_SHARE)];
}
