/** Counts of values in bins of one width. */
export interface Histogram {
	/** Where the first bin begins. */
	readonly from: number;
	readonly width: number;
	/** A value at the border of two bins is in the upper one; the largest in the last. */
	readonly counts: Uint32Array;
}

const MOST_BINS = 60;
const STEPS = [1, 2, 2.5, 5, 10];

/**
 * Bins of a round width: the smallest that is not below 2 * interquartile range / n^(1/3) (Freedman and Diaconis, 1981), so that
 * outliers make the picture wider and not its bars.
 *
 * @param sorted finite, ascending
 * @param span to be covered besides, for samples that are to be compared
 * @returns undefined without values
 */
export function histogramOf(
	sorted: Float64Array,
	{ low = Infinity, high = -Infinity, width }: { low?: number; high?: number; width?: number } = {},
): Histogram | undefined {
	const [first, last] = [sorted[0], sorted.at(-1)];
	if (first === undefined || last === undefined) return undefined;
	const [least, most] = [Math.min(first, low), Math.max(last, high)];
	const step = width ?? binWidth(sorted, most - least);
	const from = Math.floor(least / step) * step;
	const counts = new Uint32Array(Math.max(1, Math.floor((most - from) / step + 1e-9) + 1));
	for (const v of sorted) counts[Math.min(counts.length - 1, Math.max(0, Math.floor((v - from) / step + 1e-9)))]!++;
	return { from, width: step, counts };
}

/** @param range that at most sixty bins have to cover */
export function binWidth(sorted: Float64Array, range: number): number {
	const n = sorted.length;
	const quartile = (p: number) => sorted[Math.min(n - 1, Math.floor(p * n))]!;
	const wanted = Math.max((2 * (quartile(0.75) - quartile(0.25))) / Math.cbrt(n), range / MOST_BINS);
	return wanted > 0 && Number.isFinite(wanted) ? roundUp(wanted) : Math.abs(sorted[0]!) * 0.01 || 1;
}

function roundUp(width: number): number {
	const unit = 10 ** Math.floor(Math.log10(width));
	return (STEPS.find((step) => step * unit >= width * (1 - 1e-12)) ?? 10) * unit;
}
