import { normalTail } from '../statistics/normal.ts';

/** How often neighbours change sides of the median. */
export interface Runs {
	readonly count: number;
	/** Of values in any order. */
	readonly expected: number;
	/** The chance of a count this far from that: small = the order says something (a drift, a shift, a swing). */
	readonly p: number;
	readonly longest: number;
}

/**
 * The runs test of Wald and Wolfowitz about the median, normal approximation; values at the median are on no side and left out.
 *
 * @param values in the order of time; what is not finite is left out
 * @returns undefined with fewer than ten values on each side: the approximation does not hold
 */
export function runsAbout(values: Float64Array, median: number): Runs | undefined {
	let [above, below, count, length, longest, last] = [0, 0, 0, 0, 0, 0];
	for (const v of values) {
		const side = v > median ? 1 : v < median ? -1 : 0;
		if (side === 0) continue;
		if (side > 0) above++;
		else below++;
		length = side === last ? length + 1 : 1;
		if (length === 1) count++;
		longest = Math.max(longest, length);
		last = side;
	}
	if (above < LEAST_VALUES || below < LEAST_VALUES) return undefined;
	const [n, product] = [above + below, 2 * above * below];
	const expected = 1 + product / n;
	const sigma = Math.sqrt((product * (product - n)) / (n * n * (n - 1)));
	return { count, expected, p: 2 * normalTail(Math.abs(count - expected) / sigma), longest };
}

const LEAST_VALUES = 10;
