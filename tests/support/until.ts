import { setTimeout as delay } from 'node:timers/promises';

/** Short: most of what is waited for takes a few milliseconds. */
const PAUSE_MS = 5;

/**
 * Waits for a condition, not for a time: asks at once, and soon again.
 *
 * @param condition asked again and again; an error of its own ends the waiting, for when it has become pointless
 * @param withinMs by default less than a test may take, so that this error is the one that is seen
 * @returns what the condition came to
 * @throws Error with the text of the condition when it never came true
 */
export async function until<T>(
	condition: () => T | undefined | false | Promise<T | undefined | false>,
	withinMs = 20_000,
): Promise<T> {
	const end = performance.now() + withinMs;
	for (;;) {
		const value = await condition();
		if (value !== undefined && value !== false) return value;
		if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${condition.toString()}`);
		await delay(PAUSE_MS);
	}
}
