/** The times of one value, in microseconds; undefined where the server gives none. */
export interface Times {
	readonly sourceMicros: number | undefined;
	readonly serverMicros: number | undefined;
}

/** Whose clock counts, and how far the server's is ahead of ours. */
export interface Clocks {
	readonly timestamp: 'source' | 'server' | 'collector';
	readonly aheadMicros: number;
}

/** Clocks are read in milliseconds, and compared over a network. */
const AHEAD_MICROS = 1_000_000;

/** @returns the present, by the clock that counts */
export function presentOf({ timestamp, aheadMicros }: Clocks, nowMicros: number): number {
	return timestamp === 'collector' ? nowMicros : nowMicros + aheadMicros;
}

/** @returns a time of the server's clock, by the clock that counts */
export function serverTime({ timestamp, aheadMicros }: Clocks, serverMicros: number): number {
	return timestamp === 'collector' ? serverMicros - aheadMicros : serverMicros;
}

/**
 * When a value was measured, by the clock that counts: the time of the source, or of the server, whichever comes first
 * in the order of `timestamp` and was just now. What was measured before that has not changed since, or comes from a
 * device whose clock is wrong: it is a value of the present.
 *
 * @param sinceMicros how far back "just now" goes
 * @returns undefined when neither time is of now
 */
export function measuredAt(
	clocks: Clocks,
	times: Times,
	bounds: { readonly sinceMicros: number; readonly presentMicros: number },
) {
	const { sinceMicros, presentMicros } = bounds;
	return candidates(clocks, times).find((t) => t !== undefined && t > sinceMicros && t <= presentMicros + AHEAD_MICROS);
}

function candidates(clocks: Clocks, { sourceMicros, serverMicros }: Times): readonly (number | undefined)[] {
	const server = serverMicros === undefined ? undefined : serverTime(clocks, serverMicros);
	return clocks.timestamp === 'source' ? [sourceMicros, server] : [server];
}
