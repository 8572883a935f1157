import { autocorrelations } from '../shape/dependence.ts';
import { finiteOnly } from '../statistics/moments.ts';

/**
 * Over this run length limits lie where no baseline shows the tail: means over time are the better way to fewer
 * alarms.
 */
const LONGEST_ARL = 2500;
/** What limits are learnt from, at the least, in subgroups. */
const LEAST_GROUPS = 100;
/** A run length that nobody shortens without need: three sigma. */
export const SHEWHART_ARL = 370.4;
/** Sizes that make a round time of seconds or minutes. */
const SIZES = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 300, 600, 1200, 3600];

export interface Pace {
	/** Values per plotted point. */
	readonly size: number;
	/** What the budget asks for, in plotted points. */
	readonly arl: number;
	/** The size that the budget would want; more than `size` when the baseline is too short for it. */
	readonly wanted: number;
}

const DAY_MS = 86_400_000;

/** Means of neighbours that are alike already vary as much as they do. */
const SLOW = 0.7;

/** How many values make one plotted point so that a budget of false alarms holds. */
export function paceOf(given: Float64Array, intervalMs: number, falseAlarmsPerDay: number): Pace {
	const values = DAY_MS / intervalMs / falseAlarmsPerDay;
	const count = finiteOnly(given).length;
	const alike = autocorrelations(given, 1)[0]! > SLOW;
	const wanted = alike ? 1 : (SIZES.find((size) => values / size <= LONGEST_ARL) ?? SIZES[SIZES.length - 1]!);
	const size = SIZES.filter((s) => s <= wanted && (s === 1 || count / s >= LEAST_GROUPS)).pop() ?? 1;
	return { size, wanted, arl: Math.max(SHEWHART_ARL, values / size) };
}

export function groupMeans(values: Float64Array, size: number): Float64Array {
	if (size === 1) return values;
	const means: number[] = [];
	let [sum, count] = [0, 0];
	for (const v of values) {
		if (v !== v) {
			// What is incomplete at a gap is dropped, as the streaming stage does.
			[sum, count] = [0, 0];
			means.push(NaN);
			continue;
		}
		sum += v;
		if (++count < size) continue;
		means.push(sum / size);
		[sum, count] = [0, 0];
	}
	return Float64Array.from(means);
}
