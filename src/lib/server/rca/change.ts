import { changePoint } from '#rules';
import { between, intervalOf, scaleOf } from './series.ts';
import type { Series } from './situation.ts';
import type { Stream } from '#contracts/stream.ts';
import {
	clamp,
	deviationOf,
	effectiveCount,
	meanOf,
	medianOf,
	neighbours,
	robustDeviation,
	tailOf,
} from './statistics.ts';

/** How much another quantity changed when the violation began. */
export interface Change {
	/** After minus before, in deviations of the values before; at most 50. */
	readonly sigmas: number;
	/** Of there being no change, from the difference and from how much such means differ anyway. */
	readonly p: number;
	readonly before: number;
	readonly after: number;
	/** When it changed, if that can be seen. */
	readonly atMicros: number | null;
	/** What that time may be off by. */
	readonly toleranceMicros: number;
	readonly series: Series;
}

const LEAST_BEFORE = 8;
const LEAST_AFTER = 2;
const MOST_SIGMAS = 50;

export interface Moment {
	readonly onsetMicros: number;
	readonly endMicros: number;
	readonly startMicros: number;
}

/**
 * Compares the stretch after the onset with an equally long one (at least thirty points) right before it; how much such neighbouring
 * stretches differ anyway, further back, bounds what counts: what drifts all the time has not changed.
 *
 * @returns undefined with too few points on either side
 */
export function changeAt(series: Series, moment: Moment, stream: Pick<Stream, 'kind' | 'unit'>): Change | undefined {
	const all = between(series, moment.startMicros, moment.endMicros);
	const scale = scaleOf(stream, all.v);
	const before = between(all, moment.startMicros, moment.onsetMicros);
	const after = between(all, moment.onsetMicros, moment.endMicros);
	if (before.v.length < LEAST_BEFORE || after.v.length < LEAST_AFTER) return undefined;
	const calm = before.v.map(scale);
	const now = after.v.map(scale);
	const near = calm.slice(-Math.max(30, now.length));
	const centre = meanOf(clipped(near));
	const sigma = Math.max(robustDeviation(calm), Math.abs(centre) * 1e-9, 1e-12);
	const rho = neighbours(calm);
	const difference = meanOf(clipped(now, near)) - centre;
	const byChance = sigma * Math.sqrt(1 / effectiveCount(near.length, rho) + 1 / effectiveCount(now.length, rho));
	const usual = usualDifference(calm, now.length);
	const z = difference / Math.max(byChance, usual);
	const interval = intervalOf(all) ?? 0;
	const when = changeTime(all, scale, moment);
	return {
		sigmas: clamp(difference / sigma, -MOST_SIGMAS, MOST_SIGMAS),
		p: tailOf(z),
		before: medianOf(before.v.slice(-near.length)),
		after: meanOf(after.v),
		atMicros: when?.atMicros ?? null,
		toleranceMicros: Math.max(when?.widthMicros ?? 0, 3 * interval),
		series: all,
	};
}

/** One point of its own must not make a change. */
function clipped(values: Float64Array, reference: Float64Array = values): Float64Array {
	const centre = medianOf(values);
	const width = 6 * Math.max(robustDeviation(reference), robustDeviation(values));
	return width > 0 ? values.map((v) => clamp(v, centre - width, centre + width)) : values;
}

/** How much means of neighbouring stretches of this length differ where nothing happened; 0 where there are fewer than four. */
function usualDifference(calm: Float64Array, length: number): number {
	const count = Math.floor(calm.length / length);
	if (count < 4) return 0;
	const means = Array.from({ length: count }, (_, i) => meanOf(calm.slice(i * length, (i + 1) * length)));
	return deviationOf(means.slice(1).map((mean, i) => mean - means[i]!));
}

function changeTime(all: Series, scale: (v: number) => number, moment: Moment) {
	const near = between(all, moment.onsetMicros - 1.5 * (moment.endMicros - moment.onsetMicros), moment.endMicros);
	const found = changePoint(near.v.map(scale));
	if (!found || found.evidence < 8) return undefined;
	const at = (index: number) => near.tMicros[index]!;
	return { atMicros: at(found.index), widthMicros: (at(found.interval[1]) - at(found.interval[0])) / 2 };
}

/** Of events that are there or not (a failed call): shares before and after, with the p of a difference. */
export function shareChange(before: readonly boolean[], after: readonly boolean[]) {
	const share = (of: readonly boolean[]) => (of.filter(Boolean).length + 0.5) / (of.length + 1);
	const [a, b] = [share(before), share(after)];
	const pooled = Math.sqrt(a * (1 - a) * (1 / Math.max(1, after.length) + 1 / Math.max(1, before.length)));
	const raw = (of: readonly boolean[]) => of.filter(Boolean).length / Math.max(1, of.length);
	return {
		before: raw(before),
		after: raw(after),
		p: before.length < 5 || after.length < 3 ? 1 : tailOf((b - a) / pooled),
	};
}

/**
 * Correlation with what another stream was some points earlier, at the lag at which it is strongest.
 *
 * @returns undefined with fewer than thirty points in common; `p` counts every lag that was tried
 */
export function laggedCorrelation(own: Series, other: Series, mostLag: number) {
	const held = heldAt(other, own.tMicros);
	const usable = Math.min(mostLag, Math.floor(own.v.length / 4));
	let best = { r: 0, lag: 0 };
	for (let lag = 0; lag <= usable; lag++) {
		const r = correlation(own.v.subarray(lag), held.subarray(0, held.length - lag));
		if (Math.abs(r) > Math.abs(best.r)) best = { r, lag };
	}
	if (own.v.length < 30) return undefined;
	const rho = Math.max(0, neighbours(own.v) * neighbours(held));
	const count = effectiveCount(own.v.length - best.lag, rho);
	const fisher = Math.atanh(clamp(best.r, -0.999, 0.999)) * Math.sqrt(Math.max(1, count - 3));
	return { ...best, p: Math.min(1, tailOf(fisher) * (usable + 1)) };
}

function heldAt(series: Series, times: Float64Array): Float64Array {
	let at = 0;
	return times.map((t) => {
		while (at + 1 < series.tMicros.length && series.tMicros[at + 1]! <= t) at++;
		return series.v[at] ?? NaN;
	});
}

export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
	const [meanA, meanB] = [meanOf(a), meanOf(b)];
	let [ab, aa, bb] = [0, 0, 0];
	for (let i = 0; i < a.length; i++) {
		const [x, y] = [a[i]! - meanA, b[i]! - meanB];
		ab += x * y;
		aa += x * x;
		bb += y * y;
	}
	return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
