import { normalQuantile } from '../statistics/normal.ts';

/** A sample against the normal distribution: on a straight line when it is normal. */
export interface ProbabilityPlot {
	/** Ascending. */
	readonly values: Float64Array;
	/** What a standard normal value of that rank would be. */
	readonly scores: Float64Array;
}

/**
 * Normal scores at (i - 3/8) / (n + 1/4) (Blom, 1958).
 *
 * @param sorted finite, ascending
 * @param most points; of more those at evenly spaced scores, and always the ends, where a sample says the most
 */
export function probabilityPlot(sorted: Float64Array, most = 400): ProbabilityPlot {
	const n = sorted.length;
	const ranks = n <= most ? Array.from(sorted.keys()) : spread(n, most);
	return {
		values: Float64Array.from(ranks, (rank) => sorted[rank]!),
		scores: Float64Array.from(ranks, (rank) => normalQuantile((rank + 1 - 0.375) / (n + 0.25))),
	};
}

const ENDS = 50;

function spread(n: number, most: number): number[] {
	const chosen = new Set<number>();
	for (let i = 0; i < ENDS; i++) chosen.add(i).add(n - 1 - i);
	const middle = most - 2 * ENDS;
	for (let i = 0; i <= middle; i++) chosen.add(Math.round((i / middle) * (n - 1)));
	return [...chosen].sort((a, b) => a - b);
}
