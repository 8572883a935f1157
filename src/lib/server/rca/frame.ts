import { changePoint, signature, type Signature } from '#rules';
import { between, indexAt, intervalOf, scaleOf } from './series.ts';
import type { Series, Situation } from './situation.ts';
import { medianOf, neighbours, robustDeviation } from './statistics.ts';

/** How much of the stream before the violation is looked at, and after its first point. */
export const MOST_BEFORE = 300;
export const MOST_AFTER = 120;
/** Of the calm before, what may already belong to the disturbance. */
const GUARD = 25;
const LEAST_REFERENCE = 12;
/** What comes after the first signal is looked at as far as this at least: an episode of a run rule may be one point long. */
const LEAST_AFTER = 25;
const LEAD_IN = 15;

/** The violation's own stream, laid out around it. */
export interface Frame {
	/** Before the disturbance, as far as it is known. */
	readonly calm: Series;
	/** From the onset to the end of what is looked at. */
	readonly during: Series;
	/** Calm and during, in sigmas from the calm's middle; as a logarithm where a factor matters. */
	readonly zOf: (v: number) => number;
	readonly scale: (v: number) => number;
	/** Correlation of neighbours in the calm. */
	readonly rho: number;
	readonly sigma: number;
	readonly intervalMicros: number;
	readonly onset: Onset;
	readonly endMicros: number;
	/** Undefined with too few points. */
	readonly signature: Signature | undefined;
	/** Index in `own` of the first signalling point. */
	readonly first: number;
}

export interface Onset {
	readonly tMicros: number;
	readonly fromMicros: number;
	readonly toMicros: number;
	/** 0 to 1: whether a change was found at all. */
	readonly sure: number;
}

/** @returns undefined where the stream has too few points to say anything */
export function frameOf({ own, violation, stream }: Situation): Frame | undefined {
	const intervalMicros = intervalOf(own);
	const first = Math.min(indexAt(own.tMicros, violation.firstMicros), own.v.length - 1);
	const span = Math.min(indexAt(own.tMicros, violation.spanFromMicros), first);
	if (intervalMicros === undefined || span < LEAST_REFERENCE) return undefined;
	const scale = scaleOf(stream, own.v);
	const from = Math.max(0, span - MOST_BEFORE);
	const reference = own.v
		.slice(from, Math.max(from + LEAST_REFERENCE, span - Math.min(GUARD, Math.floor((span - from) / 4))))
		.map(scale);
	const centre = medianOf(reference);
	const sigma = robustDeviation(reference) || Math.abs(centre) * 1e-6 || 1e-9;
	const zOf = (v: number) => (scale(v) - centre) / sigma;
	const lastSignal = indexAt(own.tMicros, violation.lastMicros);
	const end = Math.min(own.v.length, first + MOST_AFTER, Math.max(lastSignal + 1, first + LEAST_AFTER));
	const start = Math.max(from, span - LEAD_IN);
	const z = own.v.slice(start, end).map(zOf);
	const found = signature(z, { centre: 0, sigma: 1 });
	const onset = onsetOf({ own, from, end, zOf, first, violation });
	const endMicros = own.tMicros[end - 1]! + 1;
	return {
		calm: between(own, own.tMicros[from]!, onset.tMicros),
		during: between(own, onset.tMicros, endMicros),
		zOf,
		scale,
		rho: neighbours(reference),
		sigma,
		intervalMicros,
		onset,
		endMicros,
		signature: found,
		first,
	};
}

/** A change of the mean, or of the spread where that says more; where neither is there, the pattern's own beginning. */
function onsetOf(of: {
	readonly own: Series;
	readonly from: number;
	readonly end: number;
	readonly zOf: (v: number) => number;
	readonly first: number;
	readonly violation: Situation['violation'];
}): Onset {
	const { own, from, end, zOf, first, violation } = of;
	const z = own.v.slice(from, end).map((v) => Math.max(-12, Math.min(12, zOf(v))));
	const kinds = (['mean', 'slope', 'variance'] as const).flatMap((kind) => changePoint(z, { kind }) ?? []);
	const usable = kinds.filter(({ index, evidence }) => evidence > 6 && index <= first - from && index >= 5);
	const best = usable.toSorted((a, b) => b.evidence - a.evidence)[0];
	const at = (index: number) => own.tMicros[Math.min(own.v.length - 1, from + index)]!;
	if (!best)
		return {
			tMicros: violation.spanFromMicros,
			fromMicros: violation.spanFromMicros,
			toMicros: violation.firstMicros,
			sure: 0,
		};
	return {
		tMicros: at(best.index),
		fromMicros: at(best.interval[0]),
		toMicros: Math.min(at(best.interval[1]), violation.firstMicros),
		sure: Math.min(1, best.evidence / 20),
	};
}
