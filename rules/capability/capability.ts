import { normalCdf, normalTail } from '../statistics/normal.ts';
import { deviation, finiteOnly, mean } from '../statistics/moments.ts';
import {
	nearestInterval,
	oneSidedBounds,
	spreadInterval,
	targetInterval,
	type Index,
	type Sample,
} from './intervals.ts';
import { percentileIndices } from './percentile.ts';

/** What values should be within; at least one of the limits. */
export interface Specification {
	readonly lsl?: number | undefined;
	readonly usl?: number | undefined;
	/** Default: the middle of both limits. */
	readonly target?: number | undefined;
}

/** Values of a million outside. */
export interface PartsPerMillion {
	readonly below: number | null;
	readonly above: number | null;
	readonly total: number;
}

/** How a process lies in its specification; an index that needs what is not there (a second limit, a spread) is null. */
export interface Capability {
	/** (usl - lsl) / 6 sigma within. */
	readonly cp: Index | null;
	/** The smaller of cpl and cpu. */
	readonly cpk: Index | null;
	/** (mean - lsl) / 3 sigma within. */
	readonly cpl: Index | null;
	/** (usl - mean) / 3 sigma within. */
	readonly cpu: Index | null;
	/** (usl - lsl) / 6 sqrt(sigma within^2 + (mean - target)^2). */
	readonly cpm: Index | null;
	/** As cp, cpk, cpm with sigma overall. */
	readonly pp: Index | null;
	readonly ppk: Index | null;
	readonly ppm: Index | null;
	/** Short-term: from moving ranges or within subgroups. */
	readonly sigmaWithin: number | null;
	/** Long-term: sample deviation of all values. */
	readonly sigmaOverall: number | null;
	readonly mean: number | null;
	readonly count: number;
	readonly observedPpm: PartsPerMillion | null;
	/** By a normal distribution with either sigma; null for percentiles. */
	readonly expectedPpm: { readonly within: PartsPerMillion | null; readonly overall: PartsPerMillion | null };
}

export interface CapabilityInput extends Specification {
	readonly values: Iterable<number>;
	/** Short-term sigma, from `sigmaFromRanges`, `sigmaFromDeviations` or `movingRangeSigma`. */
	readonly sigmaWithin: number;
	/** Known instead of estimated. */
	readonly mean?: number | undefined;
	/** Of the intervals; default 0.95. */
	readonly confidence?: number | undefined;
	/** `percentile`: the observed 0.135 %, 50 % and 99.865 % points stand for mean +- 3 sigma (ISO 22514-2). */
	readonly distribution?: 'normal' | 'percentile' | undefined;
}

/**
 * Capability (sigma within) and performance (sigma overall) of a process against its specification (Montgomery, Introduction
 * to SQC, ch. 8). Intervals: see `capability/intervals.ts`; all take n - 1 degrees of freedom, as qcc does.
 */
export function capability(input: CapabilityInput): Capability {
	const values = finiteOnly(input.values);
	const sigmaOverall = deviation(values);
	const centre = input.mean ?? mean(values);
	const sample: Sample = { count: values.length, confidence: input.confidence ?? 0.95 };
	const facts = { centre, sample, specification: withTarget(input) };
	const within = indicesOf({ ...facts, sigma: input.sigmaWithin });
	const overall = indicesOf({ ...facts, sigma: sigmaOverall });
	const short =
		input.distribution === 'percentile' ? percentileIndices(values, facts.specification, sample.confidence) : within;
	const long = input.distribution === 'percentile' ? short : overall;
	const normal = input.distribution !== 'percentile';
	const expected = (sigma: number) => (normal ? expectedPpm(input, centre, sigma) : null);
	return {
		...{ cp: short.spread, cpk: short.nearest, cpl: short.lower, cpu: short.upper, cpm: short.target },
		...{ pp: long.spread, ppk: long.nearest, ppm: long.target },
		sigmaWithin: orNull(input.sigmaWithin),
		sigmaOverall: orNull(sigmaOverall),
		mean: orNull(centre),
		count: values.length,
		observedPpm: observedPpm(input, values),
		expectedPpm: { within: expected(input.sigmaWithin), overall: expected(sigmaOverall) },
	};
}

/** The five indices of one sigma. */
export interface Indices {
	readonly spread: Index | null;
	readonly lower: Index | null;
	readonly upper: Index | null;
	readonly nearest: Index | null;
	readonly target: Index | null;
}

const NONE: Indices = { spread: null, lower: null, upper: null, nearest: null, target: null };

function indicesOf({
	centre,
	sigma,
	sample,
	specification: { lsl, usl, target },
}: {
	readonly centre: number;
	readonly sigma: number;
	readonly sample: Sample;
	readonly specification: Specification;
}): Indices {
	if (!(sigma > 0) || !Number.isFinite(centre)) return NONE;
	const lower = lsl === undefined ? undefined : (centre - lsl) / (3 * sigma);
	const upper = usl === undefined ? undefined : (usl - centre) / (3 * sigma);
	const width = lsl === undefined || usl === undefined ? undefined : usl - lsl;
	const off = target === undefined ? 0 : (centre - target) / sigma;
	return {
		spread: width === undefined ? null : spreadInterval(width / (6 * sigma), sample),
		lower: lower === undefined ? null : oneSidedBounds(lower, sample),
		upper: upper === undefined ? null : oneSidedBounds(upper, sample),
		nearest: nearestInterval(Math.min(lower ?? Infinity, upper ?? Infinity), sample),
		target:
			width === undefined || target === undefined
				? null
				: targetInterval(width / (6 * sigma * Math.hypot(1, off)), off, sample),
	};
}

function withTarget({ lsl, usl, target }: Specification): Specification {
	const middle = lsl === undefined || usl === undefined ? undefined : (lsl + usl) / 2;
	return { lsl, usl, target: target ?? middle };
}

function observedPpm({ lsl, usl }: Specification, values: Float64Array): PartsPerMillion | null {
	if (values.length === 0) return null;
	const share = (outside: (v: number) => boolean) => (1e6 * values.filter(outside).length) / values.length;
	return bothSides(lsl === undefined ? null : share((v) => v < lsl), usl === undefined ? null : share((v) => v > usl));
}

function expectedPpm({ lsl, usl }: Specification, centre: number, sigma: number): PartsPerMillion | null {
	if (!(sigma > 0)) return null;
	return bothSides(
		lsl === undefined ? null : 1e6 * normalCdf((lsl - centre) / sigma),
		usl === undefined ? null : 1e6 * normalTail((usl - centre) / sigma),
	);
}

function bothSides(below: number | null, above: number | null): PartsPerMillion {
	return { below, above, total: (below ?? 0) + (above ?? 0) };
}

function orNull(value: number): number | null {
	return Number.isFinite(value) ? value : null;
}
