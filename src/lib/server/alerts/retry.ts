const FIRST_MS = 5000;
const LONGEST_MS = 4 * 3_600_000;
const FACTOR = 4;
/** To either side, so that what failed together does not come back together. */
const JITTER = 0.2;
const DAY_MS = 24 * 3_600_000;

export const GIVE_UP_AFTER_MS = DAY_MS;

/** @param attempts that have failed; @param random 0 to 1 @returns milliseconds until the next: 5 s, 20 s, 80 s, … 4 h */
export function retryAfterMs(attempts: number, random: number): number {
	const plain = Math.min(FIRST_MS * FACTOR ** Math.max(0, attempts - 1), LONGEST_MS);
	return Math.round(plain * (1 - JITTER + 2 * JITTER * random));
}

/**
 * `Retry-After` (RFC 9110): seconds or a date.
 *
 * @returns milliseconds, a day at most; undefined when there is none or it cannot be read
 */
export function parseRetryAfter(text: string | undefined, nowMs: number): number | undefined {
	if (text === undefined) return undefined;
	const ms = /^\d{1,9}$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - nowMs;
	return Number.isFinite(ms) ? Math.min(Math.max(0, ms), DAY_MS) : undefined;
}
