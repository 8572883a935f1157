import { normalCdf, normalTail } from '../statistics/normal.ts';
import { deviation, mean } from '../statistics/moments.ts';

/** How well a normal distribution explains a sample. */
export interface Normality {
	/** A squared of Anderson and Darling, before it is adjusted for the size of the sample. */
	readonly statistic: number;
	/** The chance of one as large of normal values: small = they are not. */
	readonly p: number;
}

const LEAST_VALUES = 8;
/** Beyond it the approximation of p turns up again; the chance is under 1e-23. */
const MOST_STATISTIC = 13;

/**
 * The test of Anderson and Darling with mean and deviation from the sample; p after D'Agostino and Stephens,
 * Goodness-of-Fit Techniques (1986), table 4.9.
 *
 * Of very many values it finds what does not matter: look at the probability plot beside it.
 *
 * @param sorted finite, ascending
 * @returns undefined with fewer than eight values, or values that do not vary
 */
export function andersonDarling(sorted: Float64Array): Normality | undefined {
	const n = sorted.length;
	const sigma = deviation(sorted);
	if (n < LEAST_VALUES || !(sigma > 0)) return undefined;
	const centre = mean(sorted);
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const below = normalCdf((sorted[i]! - centre) / sigma);
		const above = normalTail((sorted[n - 1 - i]! - centre) / sigma);
		sum += (2 * i + 1) * (logOf(below) + logOf(above));
	}
	const statistic = -n - sum / n;
	return { statistic, p: chanceOf(statistic * (1 + 0.75 / n + 2.25 / (n * n))) };
}

/** Farther out than doubles reach is as far as they do. */
function logOf(chance: number): number {
	return Math.log(Math.max(chance, Number.MIN_VALUE));
}

function chanceOf(a: number): number {
	if (a >= MOST_STATISTIC) return 0;
	if (a >= 0.6) return Math.exp(1.2937 - 5.709 * a + 0.0186 * a * a);
	if (a > 0.34) return Math.exp(0.9177 - 4.279 * a - 1.38 * a * a);
	if (a > 0.2) return 1 - Math.exp(-8.318 + 42.796 * a - 59.938 * a * a);
	return 1 - Math.exp(-13.436 + 101.14 * a - 223.73 * a * a);
}
