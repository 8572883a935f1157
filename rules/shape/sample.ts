/** Values with how many of them each stands for; likelihoods are sums over these. */
export interface Sample {
	readonly x: Float64Array;
	readonly weight: Float64Array;
	readonly count: number;
}

/** Enough for every parameter that we fit: the bulk in groups of neighbours, both tails value by value. */
const MOST = 500;
const TAIL = 100;

/** @param values finite, in any order */
export function sampleOf(values: Float64Array): Sample {
	const sorted = values.slice().sort();
	const n = sorted.length;
	if (n <= MOST) return { x: sorted, weight: new Float64Array(n).fill(1), count: n };
	const bulk = MOST - 2 * TAIL;
	const x = new Float64Array(MOST);
	const weight = new Float64Array(MOST).fill(1);
	x.set(sorted.subarray(0, TAIL));
	x.set(sorted.subarray(n - TAIL), MOST - TAIL);
	for (let g = 0; g < bulk; g++) {
		const from = TAIL + Math.floor((g * (n - 2 * TAIL)) / bulk);
		const to = TAIL + Math.floor(((g + 1) * (n - 2 * TAIL)) / bulk);
		let sum = 0;
		for (let i = from; i < to; i++) sum += sorted[i]!;
		x[TAIL + g] = sum / (to - from);
		weight[TAIL + g] = to - from;
	}
	return { x, weight, count: n };
}

/** The sample of other values, in the same order: `change` must be increasing. */
export function changed({ x, weight, count }: Sample, change: (value: number) => number): Sample {
	return { x: x.map(change), weight, count };
}

export function weightedSum({ x, weight }: Sample, of: (value: number) => number): number {
	let sum = 0;
	for (let i = 0; i < x.length; i++) sum += weight[i]! * of(x[i]!);
	return sum;
}

export function momentsOf(sample: Sample): { readonly mean: number; readonly sigma: number } {
	const mean = weightedSum(sample, (x) => x) / sample.count;
	const squares = weightedSum(sample, (x) => (x - mean) ** 2);
	return { mean, sigma: Math.sqrt(squares / (sample.count - 1)) };
}
