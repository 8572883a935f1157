/** Numbers from 0 to 1, always the same for a seed: the same question has the same answer. Mulberry32 (Tommy Ettinger, public domain). */
export function seeded(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

export interface Interval {
	readonly median: number;
	readonly low: number;
	readonly high: number;
}

/** Fewer say nothing about a median: of five pairs no 95 % interval exists. */
export const FEWEST = 8;
const RESAMPLES = 1000;

/**
 * The median of values and its percentile bootstrap interval (Efron & Tibshirani 1993, ch. 13).
 *
 * For values that are independent of their neighbours nothing is drawn: how often a resample's median is at most the k-th value is a
 * binomial probability (Efron 1982, 10.3), so the interval is that of infinitely many resamples. Where neighbours go together they
 * are drawn together, in circular blocks (Politis & Romano 1992) of the cube root of n, or the interval would be too short; that is so
 * where the lag-1 correlation is beyond two standard errors.
 *
 * @param values in their order of time; at least `FEWEST`
 */
export function medianInterval(
	values: readonly number[],
	options: { confidence: number; random: () => number },
): Interval {
	const tail = (1 - options.confidence) / 2;
	const quantile = medianQuantiles(values, options.random);
	return { median: medianOf(values), low: quantile(tail), high: quantile(1 - tail) };
}

/** Median of the second less that of the first, with an interval; values of both in their order of time. */
export function differenceInterval(
	first: readonly number[],
	second: readonly number[],
	options: { confidence: number; random: () => number },
): Interval {
	const { random, confidence } = options;
	const [one, other] = [medianQuantiles(first, random), medianQuantiles(second, random)];
	const differences = Float64Array.from({ length: RESAMPLES }, () => other(random()) - one(random())).sort();
	return { median: medianOf(second) - medianOf(first), ...percentileInterval(differences, confidence) };
}

/** @returns quantiles of the bootstrap distribution of the median */
function medianQuantiles(values: readonly number[], random: () => number): (share: number) => number {
	if (blockLength(values) === 1) return exactQuantiles(Float64Array.from(values).sort());
	const resample = createResampler(values, random);
	const medians = Float64Array.from({ length: RESAMPLES }, () => resample()).sort();
	return (share) => medians[Math.min(RESAMPLES - 1, Math.floor(share * RESAMPLES))]!;
}

/** Of even numbers the median lies between two order statistics: the mean of the quantiles of both. */
function exactQuantiles(sorted: Float64Array): (share: number) => number {
	const n = sorted.length;
	const [lower, upper] = [orderShares(n, Math.floor((n + 1) / 2)), orderShares(n, Math.floor(n / 2) + 1)];
	const at = (shares: Float64Array, share: number) => sorted[Math.min(n - 1, firstAtLeast(shares, share))]!;
	return (share) => (at(lower, share) + at(upper, share)) / 2;
}

/** By k: how often the m-th of n drawn with replacement is at most the k-th of the n that are drawn from. */
function orderShares(n: number, m: number): Float64Array {
	const logFactorial = new Float64Array(n + 1);
	for (let i = 2; i <= n; i++) logFactorial[i] = logFactorial[i - 1]! + Math.log(i);
	return Float64Array.from({ length: n }, (_, k) => {
		const q = (k + 1) / n;
		if (q === 1) return 1;
		const [logQ, logRest] = [Math.log(q), Math.log1p(-q)];
		// Only the middle has terms that count: the others are left out beyond eight standard deviations.
		const reach = 8 * Math.sqrt(n * q * (1 - q)) + 1;
		const last = Math.min(n, Math.ceil(n * q + reach));
		if (m < n * q - reach) return 1;
		let sum = 0;
		for (let j = Math.max(m, Math.floor(n * q - reach)); j <= last; j++)
			sum += Math.exp(logFactorial[n]! - logFactorial[j]! - logFactorial[n - j]! + j * logQ + (n - j) * logRest);
		return Math.min(1, sum);
	});
}

function firstAtLeast(ascending: Float64Array, share: number): number {
	let [low, high] = [0, ascending.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (ascending[middle]! < share) low = middle + 1;
		else high = middle;
	}
	return low;
}

function percentileInterval(sorted: Float64Array, confidence: number): { low: number; high: number } {
	const tail = (1 - confidence) / 2;
	const at = (share: number) =>
		sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))]!;
	return { low: at(tail), high: at(1 - tail) };
}

/** @returns a function that gives the median of one resample */
function createResampler(values: readonly number[], random: () => number): () => number {
	const n = values.length;
	const sorted = Float64Array.from(values).sort();
	const ranks = ranksOf(values);
	const block = blockLength(values);
	const counts = new Uint32Array(n);
	return () => {
		counts.fill(0);
		for (let drawn = 0; drawn < n;) {
			const start = Math.floor(random() * n);
			for (let k = 0; k < block && drawn < n; k++, drawn++) counts[ranks[(start + k) % n]!]!++;
		}
		return medianOfCounts(sorted, counts);
	};
}

function ranksOf(values: readonly number[]): Uint32Array {
	const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
	const ranks = new Uint32Array(values.length);
	order.forEach((at, rank) => (ranks[at] = rank));
	return ranks;
}

function medianOfCounts(sorted: Float64Array, counts: Uint32Array): number {
	const n = sorted.length;
	const [lower, upper] = [Math.floor((n - 1) / 2), Math.floor(n / 2)];
	let seen = 0;
	let low = NaN;
	for (let i = 0; i < n; i++) {
		seen += counts[i]!;
		if (Number.isNaN(low) && seen > lower) low = sorted[i]!;
		if (seen > upper) return (low + sorted[i]!) / 2;
	}
	return low;
}

function blockLength(values: readonly number[]): number {
	const n = values.length;
	return lag1Of(values) > 2 / Math.sqrt(n) ? Math.max(2, Math.round(n ** (1 / 3))) : 1;
}

function lag1Of(values: readonly number[]): number {
	const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
	let [own, next] = [0, 0];
	for (let i = 0; i < values.length; i++) {
		own += (values[i]! - mean) ** 2;
		if (i > 0) next += (values[i]! - mean) * (values[i - 1]! - mean);
	}
	return own === 0 ? 0 : next / own;
}

export function medianOf(values: readonly number[]): number {
	const sorted = Float64Array.from(values).sort();
	const n = sorted.length;
	return (sorted[Math.floor((n - 1) / 2)]! + sorted[Math.floor(n / 2)]!) / 2;
}
