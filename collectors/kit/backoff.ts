/** Waits between attempts: doubled each time, with jitter so that many clients do not come back in step. */
export interface Backoff {
	/** @returns how long to wait before the next attempt, in milliseconds */
	nextMs(): number;
	/** To be called after a success: the next wait is short again. */
	reset(): void;
}

/** @param options `random` gives 0 to 1; the wait is between half and all of the doubled one ("equal jitter") */
export function createBackoff(options: {
	readonly firstMs: number;
	readonly longestMs: number;
	readonly random: () => number;
}): Backoff {
	let waitMs = options.firstMs;
	return {
		nextMs() {
			const now = waitMs;
			waitMs = Math.min(waitMs * 2, options.longestMs);
			return now / 2 + (now / 2) * options.random();
		},
		reset() {
			waitMs = options.firstMs;
		},
	};
}
