import { stepOf } from '../shape/resolution.ts';
import { deviation, finiteOnly, mean } from '../statistics/moments.ts';

/** What values that are counted rather than measured look like. */
export interface Counted {
	readonly kind: 'counts' | 'shares';
	/** Units that each share is of; 1 for counts. */
	readonly of: number;
	/** Variance over that of a Poisson or binomial distribution with this mean. */
	readonly dispersion: number;
}

const LARGEST_SAMPLE = 1000;
/** In standard errors of a variance. */
const BEYOND_CHANCE = 3;

/**
 * Whole numbers whose variance is their mean, or multiples of 1/n whose variance is p (1 - p) / n, as far as so many values tell
 * (the dispersion test: Cochran, Biometrics 10, 1954).
 *
 * @returns undefined where they vary otherwise, or are no such numbers
 */
export function countedOf(given: Float64Array): Counted | undefined {
	const values = finiteOnly(given);
	const centre = mean(values);
	if (values.length < 2 || !(centre > 0) || values.some((v) => v < 0)) return undefined;
	const dispersed = (kind: Counted['kind'], of: number, variance: number): Counted | undefined => {
		const dispersion = deviation(values) ** 2 / variance;
		const chance = BEYOND_CHANCE * Math.sqrt(2 / (values.length - 1));
		return Math.abs(dispersion - 1) < chance ? { kind, of, dispersion } : undefined;
	};
	if (values.every(Number.isInteger)) return dispersed('counts', 1, centre);
	const of = Math.round(1 / stepOf(values));
	const shares = of <= LARGEST_SAMPLE && values.every((v) => v <= 1 && Math.abs(v * of - Math.round(v * of)) < 1e-6);
	return shares ? dispersed('shares', of, (centre * (1 - centre)) / of) : undefined;
}
