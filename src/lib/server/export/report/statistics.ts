export interface Statistics {
	readonly mean: number;
	/** With n - 1; NaN for fewer than two. */
	readonly deviation: number;
	readonly least: number;
	readonly most: number;
}

/** In one pass (Welford): values far from zero with little spread lose nothing. NaN for no values. */
export function statisticsOf(values: Float64Array): Statistics {
	let [mean, squares, least, most] = [0, 0, Infinity, -Infinity];
	for (let i = 0; i < values.length; i++) {
		const value = values[i]!;
		const delta = value - mean;
		mean += delta / (i + 1);
		squares += delta * (value - mean);
		if (value < least) least = value;
		if (value > most) most = value;
	}
	const count = values.length;
	if (count === 0) return { mean: NaN, deviation: NaN, least: NaN, most: NaN };
	return { mean, deviation: count < 2 ? NaN : Math.sqrt(squares / (count - 1)), least, most };
}

/** Between neighbours linearly (Hyndman and Fan, type 7). NaN for no values. @param sorted from the least */
export function quantileOf(sorted: Float64Array, share: number): number {
	const at = (sorted.length - 1) * share;
	const below = sorted[Math.floor(at)] ?? NaN;
	return below + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? below) - below);
}
