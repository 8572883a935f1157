import { setTimeout as delay } from 'node:timers/promises';

const FIRST_MS = 5;
/** What is asked is often a whole product, whose answers take the same two cores as what is waited for. */
const LONGEST_MS = 50;

/**
 * Waits for a condition, not for a time: asks at once, soon again, and ever more seldom.
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
	for (let pauseMs = FIRST_MS; ; pauseMs = Math.min(1.25 * pauseMs, LONGEST_MS)) {
		const value = await condition();
		if (value !== undefined && value !== false) return value;
		if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${condition.toString()}`);
		await delay(pauseMs);
	}
}
