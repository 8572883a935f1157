/**
 * The step that values were rounded to: the smallest distance between two different ones, where values repeat so
 * often that they
 * must have been rounded.
 *
 * @returns 0 where no rounding shows
 */
export function stepOf(values: Float64Array): number {
	const sorted = values.filter((v) => Number.isFinite(v)).sort();
	let different = Math.min(sorted.length, 1);
	let step = Infinity;
	for (let i = 1; i < sorted.length; i++) {
		const gap = sorted[i]! - sorted[i - 1]!;
		// What differs by the last bits of a double is the same reading.
		if (!(gap > 1e-9 * Math.max(Math.abs(sorted[i]!), Math.abs(sorted[i - 1]!)))) continue;
		different++;
		if (gap < step) step = gap;
	}
	return different > 1 && different <= sorted.length / 2 ? step : 0;
}

/**
 * Rounded values spread evenly over the interval each stands for, in order of appearance: distributions are fitted to
 * these.
 */
export function unrounded(values: Float64Array, step: number): Float64Array {
	const sorted = values.slice().sort();
	for (let from = 0; from < sorted.length;) {
		let to = from;
		while (to < sorted.length && sorted[to]! - sorted[from]! < step / 2) to++;
		for (let i = from; i < to; i++) sorted[i]! += step * ((i - from + 0.5) / (to - from) - 0.5);
		from = to;
	}
	return sorted;
}
