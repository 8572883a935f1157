const FIRST_MS = 300;
const LONGEST_MS = 10_000;

/**
 * How long to wait before the next try: doubling, with jitter so that a hall full of screens does not return at once.
 *
 * @param tries failed ones so far, from 0
 * @param random from 0 to 1
 * @returns milliseconds between half and all of the step
 */
export function backoffMs(tries: number, random: number): number {
	const step = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10));
	return step * (0.5 + random / 2);
}
