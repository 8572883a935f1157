/** What is charted of subgroups, one entry each; NaN where a subgroup has too few values for it. */
export interface Subgroups {
	readonly mean: Float64Array;
	/** Largest minus smallest; needs two values. */
	readonly range: Float64Array;
	/** Sample deviation (n - 1); needs two values. */
	readonly sd: Float64Array;
	/** Values that are numbers. */
	readonly size: Float64Array;
}

/** @param groups the values of each subgroup; NaN = missing, which makes the subgroup smaller */
export function summarise(groups: readonly ArrayLike<number>[]): Subgroups {
	const column = () => new Float64Array(groups.length);
	const found = { mean: column(), range: column(), sd: column(), size: column() };
	groups.forEach((group, i) => {
		const { mean, range, sd, size } = summaryOf(group);
		found.mean[i] = mean;
		found.range[i] = range;
		found.sd[i] = sd;
		found.size[i] = size;
	});
	return found;
}

/** Sums distances from the first value, so that equal values have exactly that mean and a deviation of 0. */
function summaryOf(group: ArrayLike<number>): { mean: number; range: number; sd: number; size: number } {
	let [size, base, sum, low, high] = [0, NaN, 0, Infinity, -Infinity];
	for (let i = 0; i < group.length; i++) {
		const value = group[i]!;
		if (!Number.isFinite(value)) continue;
		if (size++ === 0) base = value;
		sum += value - base;
		low = Math.min(low, value);
		high = Math.max(high, value);
	}
	const mean = base + sum / size;
	let squares = 0;
	for (let i = 0; i < group.length; i++) if (Number.isFinite(group[i])) squares += (group[i]! - mean) ** 2;
	const enough = size >= 2;
	return { mean, range: enough ? high - low : NaN, sd: enough ? Math.sqrt(squares / (size - 1)) : NaN, size };
}

/**
 * Mean of the subgroups' means, each weighing as many values as it has: the mean of all values.
 *
 * @returns NaN without any
 */
export function grandMean({ mean, size }: Pick<Subgroups, 'mean' | 'size'>): number {
	let [base, sum, count] = [NaN, 0, 0];
	mean.forEach((value, i) => {
		if (!(size[i]! > 0) || !Number.isFinite(value)) return;
		if (count === 0) base = value;
		sum += (value - base) * size[i]!;
		count += size[i]!;
	});
	return base + sum / count;
}
