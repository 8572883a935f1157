import * as textbook from 'simple-statistics';

/** The textbook moments over typed arrays, shaped for what limits need; all skip what is not finite. */

export function finiteOnly(values: Iterable<number>): Float64Array {
	return Float64Array.from(Array.from(values).filter((v) => Number.isFinite(v)));
}

/**
 * Arithmetic mean, summed as distances from the first value: a constant series has exactly that constant as its mean,
 * otherwise rounding would put every later point on one side of the centre line and rule 2 would fire for ever.
 *
 * @returns NaN without values
 */
export function mean(values: Float64Array): number {
	const base = values[0] ?? NaN;
	let sum = 0;
	for (const v of values) sum += v - base;
	return base + sum / values.length;
}

/** Sample standard deviation (n - 1). @returns NaN with fewer than two values */
export function deviation(values: Float64Array): number {
	if (values.length < 2) return NaN;
	const centre = mean(values);
	let squares = 0;
	for (const v of values) squares += (v - centre) ** 2;
	return Math.sqrt(squares / (values.length - 1));
}

/** @returns NaN without values */
export function median(values: Float64Array): number {
	return values.length === 0 ? NaN : textbook.median(Array.from(values));
}

/** Median distance from the median, times 1.4826: sigma of normal data, unmoved by up to half the values being wrong. */
export function medianDeviation(values: Float64Array): number {
	return values.length === 0 ? NaN : 1.4826 * textbook.medianAbsoluteDeviation(Array.from(values));
}
