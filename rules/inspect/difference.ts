import { betaQuantile, fQuantile, studentTail } from '../statistics/beta.ts';
import { deviation, mean } from '../statistics/moments.ts';
import type { Index } from '../capability/intervals.ts';

/** The second sample against the first. */
export interface Difference {
	/** Of the means, in the unit of the values. */
	readonly mean: Index;
	/** The chance of means this far apart when the process is the same: small = it is not. */
	readonly p: number | null;
	/** Of the deviations: above 1 the second varies more; null when the first does not vary. */
	readonly spread: Index | null;
}

/**
 * Mean by Welch's interval (Biometrika 34, 1947: spreads may differ), spread by the F interval of the variances, which takes both for
 * normal. Both take neighbours for independent: of autocorrelated values the intervals are too narrow.
 *
 * @param a finite
 * @param b finite
 * @returns undefined with fewer than two values in either
 */
export function differenceOf(a: Float64Array, b: Float64Array, confidence = 0.95): Difference | undefined {
	if (a.length < 2 || b.length < 2) return undefined;
	const [sa, sb] = [deviation(a), deviation(b)];
	const [va, vb] = [(sa * sa) / a.length, (sb * sb) / b.length];
	const value = mean(b) - mean(a);
	const error = Math.sqrt(va + vb);
	const df = (va + vb) ** 2 / ((va * va) / (a.length - 1) + (vb * vb) / (b.length - 1));
	const reach = error === 0 ? 0 : studentQuantile(confidence, df) * error;
	return {
		mean: { value, low: value - reach, high: value + reach },
		p: error === 0 ? null : 2 * studentTail(Math.abs(value) / error, df),
		spread: sa > 0 ? ratioOf({ ratio: sb / sa, df: [b.length - 1, a.length - 1], confidence }) : null,
	};
}

function ratioOf(of: {
	readonly ratio: number;
	readonly df: readonly [number, number];
	readonly confidence: number;
}): Index {
	const end = (p: number) => of.ratio / Math.sqrt(fQuantile(p, ...of.df));
	return { value: of.ratio, low: end((1 + of.confidence) / 2), high: end((1 - of.confidence) / 2) };
}

/** The t that |T| stays below with this probability. */
export function studentQuantile(confidence: number, df: number): number {
	const x = betaQuantile(1 - confidence, df / 2, 0.5);
	return Math.sqrt((df * (1 - x)) / x);
}
