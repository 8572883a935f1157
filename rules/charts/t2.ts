import { betaQuantile, fQuantile } from '../statistics/beta.ts';

/** Mean vector and covariance that T2 measures distances by. */
export interface Location {
	readonly mean: readonly number[];
	readonly covariance: readonly (readonly number[])[];
}

/** How many samples the location was estimated from, of how many items and variables. */
export interface T2Baseline {
	readonly samples: number;
	/** Items of a sample; 1 = individuals. */
	readonly size: number;
	readonly variables: number;
}

/**
 * Mean of the samples' means, and mean of their covariances; for individuals the covariance of all (Montgomery, Introduction to
 * SQC, 11.3).
 *
 * @param samples [sample][item][variable], complete
 */
export function estimateLocation(samples: readonly (readonly (readonly number[])[])[]): Location {
	const variables = samples[0]?.[0]?.length ?? 0;
	const individuals = samples.every((sample) => sample.length === 1);
	const groups = individuals ? [samples.flat()] : samples;
	const means = groups.map(meanVector);
	const mean = meanVector(means);
	const covariance = Array.from({ length: variables }, (_, a) =>
		Array.from({ length: variables }, (_, b) =>
			average(groups.map((group, i) => covarianceOf(group, means[i]!, a, b))),
		),
	);
	return { mean, covariance };
}

/**
 * T2 of sample means: n (x - mean)' S^-1 (x - mean).
 *
 * @returns a function of a sample's mean, or undefined when the covariance has no inverse
 */
export function createT2({ mean, covariance }: Location, size: number): ((x: readonly number[]) => number) | undefined {
	const root = cholesky(covariance);
	if (root === undefined) return undefined;
	return (x) => {
		// Solving L y = x - mean gives the distance as |y|^2, without an inverse.
		const y: number[] = [];
		x.forEach((value, i) => {
			let rest = value - mean[i]!;
			for (let j = 0; j < i; j++) rest -= root[i]![j]! * y[j]!;
			y.push(rest / root[i]![i]!);
		});
		return size * y.reduce((sum, v) => sum + v * v, 0);
	};
}

/**
 * The value that T2 in control stays below with probability `p` (Tracy, Young and Mason, JQT 24, 1992; Montgomery 11.3).
 *
 * @param phase 1: the samples that the location was estimated from: Beta for individuals, F for subgroups; 2: later samples: F
 * @returns NaN with too few samples
 */
export function t2Quantile(p: number, { samples: m, size: n, variables: v }: T2Baseline, phase: 1 | 2): number {
	if (n === 1) {
		if (phase === 1) return ((m - 1) ** 2 / m) * betaQuantile(p, v / 2, (m - v - 1) / 2);
		return ((v * (m + 1) * (m - 1)) / (m * (m - v))) * fQuantile(p, v, m - v);
	}
	const df = m * n - m - v + 1;
	return ((v * (phase === 1 ? m - 1 : m + 1) * (n - 1)) / df) * fQuantile(p, v, df);
}

export function meanVector(rows: readonly (readonly number[])[]): number[] {
	return (rows[0] ?? []).map((_, i) => average(rows.map((row) => row[i]!)));
}

function average(values: readonly number[]): number {
	return values.reduce((a, b) => a + b, 0) / values.length;
}

function covarianceOf(rows: readonly (readonly number[])[], mean: readonly number[], a: number, b: number): number {
	return rows.reduce((sum, row) => sum + (row[a]! - mean[a]!) * (row[b]! - mean[b]!), 0) / (rows.length - 1);
}

/** Lower triangle L with L L' = matrix; undefined when a variable follows from the others. */
function cholesky(matrix: readonly (readonly number[])[]): number[][] | undefined {
	const root: number[][] = [];
	for (let i = 0; i < matrix.length; i++) {
		const row: number[] = [];
		for (let j = 0; j <= i; j++) {
			let rest = matrix[i]![j]!;
			for (let k = 0; k < j; k++) rest -= row[k]! * (root[j]?.[k] ?? row[k]!);
			if (j < i) row.push(rest / root[j]![j]!);
			else if (rest > 1e-12 * matrix[i]![i]!) row.push(Math.sqrt(rest));
			else return undefined;
		}
		root.push(row);
	}
	return root;
}
