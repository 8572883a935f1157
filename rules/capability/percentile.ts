import { quantileSorted } from 'simple-statistics';
import { betaCdf } from '../statistics/beta.ts';
import type { Indices, Specification } from './capability.ts';
import type { Index } from './intervals.ts';

/** The shares that lie below mean - 3 sigma, mean and mean + 3 sigma of a normal distribution. */
const SHARES = [0.0013498980316301, 0.5, 1 - 0.0013498980316301] as const;

/** A percentile, or what lies between two, as far as it is known. */
interface Range {
	readonly value: number;
	readonly low: number;
	readonly high: number;
}

const NONE: Indices = { spread: null, lower: null, upper: null, nearest: null, target: null };

/**
 * Indices from observed percentiles, whatever the distribution (ISO 22514-2; Clements 1989 with observed instead of fitted ones):
 * (usl - lsl) / (P99.865 - P0.135), and each side by the distance from the median to its own percentile.
 *
 * Intervals follow from those of the percentiles, which are pairs of order statistics (Hahn & Meeker, Statistical Intervals,
 * 5.2) and share the confidence between them: they hold for any distribution and are wider than they had to be. A sample that
 * has nothing beyond a percentile cannot say how far it may lie: null, under some 3,000 values.
 *
 * @param confidence of the intervals
 */
export function percentileIndices(
	values: Float64Array,
	{ lsl, usl, target }: Specification,
	confidence: number,
): Indices {
	if (values.length === 0) return NONE;
	const sorted = values.toSorted();
	// Three percentiles may each be wrong: a third of what is left of the confidence for each.
	const [low, middle, high] = SHARES.map((p) => percentileOf(sorted, p, (1 - confidence) / 3)) as [Range, Range, Range];
	const width = between(low, high);
	if (!(width.value > 0)) return NONE;
	const both = lsl === undefined || usl === undefined ? undefined : usl - lsl;
	const lower = lsl === undefined ? undefined : over(between(exactly(lsl), middle), between(low, middle));
	const upper = usl === undefined ? undefined : over(between(middle, exactly(usl)), between(middle, high));
	return {
		spread: both === undefined ? null : indexOf(over(exactly(both), width)),
		lower: lower === undefined ? null : indexOf(lower),
		upper: upper === undefined ? null : indexOf(upper),
		nearest: indexOf(smaller(lower, upper)),
		target: both === undefined || target === undefined ? null : indexOf(aroundTarget(both, width, middle, target)),
	};
}

/** A sixth of the spread takes sigma's place, as Pearn and Kotz do for the index around a target. */
function aroundTarget(both: number, width: Range, middle: Range, target: number): Range {
	const at = (spread: number, off: number) => both / (6 * Math.hypot(spread / 6, off));
	const reach = [Math.abs(middle.low - target), Math.abs(middle.high - target)];
	const inside = middle.low <= target && target <= middle.high;
	return {
		value: at(width.value, middle.value - target),
		low: at(width.high, Math.max(...reach)),
		high: at(width.low, inside ? 0 : Math.min(...reach)),
	};
}

/**
 * With an interval of order statistics that is wrong with a chance of at most `wrong`: so many values are below a percentile as
 * a binomial distribution says.
 */
function percentileOf(sorted: Float64Array, p: number, wrong: number): Range {
	const n = sorted.length;
	/** P(at least k of n values are below the percentile). */
	const below = (k: number) => (k <= 0 ? 1 : k > n ? 0 : betaCdf(p, k, n - k + 1));
	const first = firstWhere(n + 1, (k) => below(k) < 1 - wrong / 2) - 1;
	const last = firstWhere(n + 1, (k) => below(k) <= wrong / 2);
	return {
		value: quantileSorted(sorted as unknown as number[], p),
		low: sorted[first - 1] ?? -Infinity,
		high: sorted[last - 1] ?? Infinity,
	};
}

/** The smallest k of 1 to most for which a question that stays answered is; most + 1 where it never is. */
function firstWhere(most: number, holds: (k: number) => boolean): number {
	let [low, high] = [1, most + 1];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (holds(middle)) high = middle;
		else low = middle + 1;
	}
	return low;
}

function exactly(value: number): Range {
	return { value, low: value, high: value };
}

function between(from: Range, to: Range): Range {
	return { value: to.value - from.value, low: to.low - from.high, high: to.high - from.low };
}

/** @param by what is above 0, else the ends are not known */
function over(part: Range, by: Range): Range {
	const ends = [part.low / by.low, part.low / by.high, part.high / by.low, part.high / by.high];
	if (!(by.low > 0 && by.high < Infinity)) return { value: part.value / by.value, low: NaN, high: NaN };
	return { value: part.value / by.value, low: Math.min(...ends), high: Math.max(...ends) };
}

function smaller(a: Range | undefined, b: Range | undefined): Range {
	if (a === undefined || b === undefined) return a ?? b ?? exactly(NaN);
	return { value: Math.min(a.value, b.value), low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) };
}

/** Both ends or none: half an interval would be read as a whole one. */
function indexOf({ value, low, high }: Range): Index | null {
	if (!Number.isFinite(value)) return null;
	return Number.isFinite(low) && Number.isFinite(high) ? { value, low, high } : { value, low: null, high: null };
}
