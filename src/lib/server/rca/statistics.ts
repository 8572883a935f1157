/** Turns a median absolute deviation of normal values into their standard deviation. */
const MAD_TO_SIGMA = 1.4826;

export function medianOf(values: ArrayLike<number>): number {
	if (values.length === 0) return NaN;
	// A typed array sorts numbers as numbers, and without a comparison of ours.
	const sorted = Float64Array.from(values).sort();
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function meanOf(values: ArrayLike<number>): number {
	let sum = 0;
	for (let i = 0; i < values.length; i++) sum += values[i]!;
	return sum / values.length;
}

export function deviationOf(values: ArrayLike<number>): number {
	const mean = meanOf(values);
	let sum = 0;
	for (let i = 0; i < values.length; i++) sum += (values[i]! - mean) ** 2;
	return Math.sqrt(sum / Math.max(1, values.length - 1));
}

/** Deviation that a few outliers do not move; the plain one where more than half of the values are alike. */
export function robustDeviation(values: ArrayLike<number>): number {
	const centre = medianOf(values);
	const mad = medianOf(Float64Array.from(values, (v) => Math.abs(v - centre))) * MAD_TO_SIGMA;
	return mad > 0 ? mad : deviationOf(values);
}

/** Correlation of neighbours; 0 with fewer than four values or without variation. */
export function neighbours(values: ArrayLike<number>): number {
	const n = values.length;
	const mean = meanOf(values);
	let [products, squares] = [0, 0];
	for (let i = 0; i < n; i++) {
		squares += (values[i]! - mean) ** 2;
		if (i > 0) products += (values[i]! - mean) * (values[i - 1]! - mean);
	}
	return n < 4 || squares === 0 ? 0 : products / squares;
}

/** How many independent values an autocorrelated series is worth (AR(1)); at least 1. */
export function effectiveCount(count: number, rho: number): number {
	const r = Math.min(0.95, Math.max(0, rho));
	return Math.max(1, (count * (1 - r)) / (1 + r));
}

/** Two-sided p of a standard normal value (Abramowitz and Stegun 26.2.17, error below 1e-7). */
export function tailOf(z: number): number {
	const x = Math.abs(z);
	const t = 1 / (1 + 0.2316419 * x);
	const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
	return Math.min(1, (2 * Math.exp((-x * x) / 2) * poly) / Math.sqrt(2 * Math.PI));
}

/**
 * Which of many tests are findings, at this share of false ones among them (Benjamini and Yekutieli 2001: holds also for tests that
 * depend on each other, as those of streams of one machine do).
 */
export function discoveries(p: readonly number[], share: number): boolean[] {
	const order = p.map((_, i) => i).sort((a, b) => p[a]! - p[b]!);
	const harmonic = order.reduce((sum, _, i) => sum + 1 / (i + 1), 0);
	let last = -1;
	order.forEach((at, rank) => {
		if (p[at]! <= (share * (rank + 1)) / (p.length * harmonic)) last = rank;
	});
	const found = p.map(() => false);
	for (let rank = 0; rank <= last; rank++) found[order[rank]!] = true;
	return found;
}

export const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
