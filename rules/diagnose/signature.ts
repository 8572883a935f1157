import { changePoint } from './change-point.ts';

/** What a disturbance looks like; `spread` is more variation without another pattern, `none` is a process in control. */
export type Pattern = 'spike' | 'shift' | 'drift' | 'alternation' | 'mixture' | 'stratification' | 'spread' | 'none';

export interface Signature {
	readonly pattern: Pattern;
	/** Index of the value that it began at; null for `none`. */
	readonly onset: number | null;
	/** Height of a spike or shift in sigmas, sigmas per value of a drift, lag-1 correlation, distance of the parts, or ratio to sigma. */
	readonly size: number;
	/** How well each pattern explains the values, together 1; likeliest first. */
	readonly candidates: readonly { readonly pattern: Pattern; readonly weight: number }[];
}

/** Before looking, a process in control is as likely as all patterns together. */
const DOUBT = 2;

interface Candidate {
	readonly pattern: Pattern;
	/** Log-likelihood over that of a process in control. */
	readonly gain: number;
	readonly parameters: number;
	readonly onset: number | null;
	readonly size: number;
}

/**
 * The pattern behind a violation: which disturbance explains the values around it best, by likelihood and BIC over a
 * process in control (patterns of the Western Electric handbook, 1956; Guh and Hsieh 1999 for their recognition).
 *
 * @param values ten or more, oldest first, that end at the violation or some points after it; not finite = stepped over
 * @param centre and `sigma` of the limits in force
 * @returns undefined with fewer than six values or without a sigma
 */
export function signature(
	values: ArrayLike<number>,
	{ centre, sigma }: { centre: number; sigma: number },
): Signature | undefined {
	const places: number[] = [];
	for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) places.push(i);
	const z = Float64Array.from(places, (i) => (values[i]! - centre) / sigma);
	if (z.length < 6 || !(sigma > 0)) return undefined;
	const found = [none, spike, shift, drift, alternation, mixture, spread].map((model) => model(z));
	const price = Math.log(z.length) / 2;
	const scored = found
		.map((candidate) => ({
			...candidate,
			score: candidate.gain - candidate.parameters * price - (candidate.pattern === 'none' ? 0 : DOUBT),
		}))
		.sort((a, b) => b.score - a.score);
	const best = scored[0]!;
	const weights = scored.map(({ score }) => Math.exp(score - best.score));
	const total = weights.reduce((a, b) => a + b, 0);
	return {
		pattern: best.pattern,
		onset: best.onset === null ? null : places[best.onset]!,
		size: best.size,
		candidates: scored.map(({ pattern }, i) => ({ pattern, weight: weights[i]! / total })),
	};
}

const none = (): Candidate => ({ pattern: 'none', gain: 0, parameters: 0, onset: null, size: 0 });

/** One value of its own. */
function spike(z: Float64Array): Candidate {
	let onset = 0;
	z.forEach((v, i) => (onset = Math.abs(v) > Math.abs(z[onset]!) ? i : onset));
	return { pattern: 'spike', gain: z[onset]! ** 2 / 2, parameters: 2, onset, size: z[onset]! };
}

/** A new mean from a place on, of two values or more: one alone is a spike. */
function shift(z: Float64Array): Candidate {
	let best = { gain: -Infinity, onset: 0, size: 0 };
	let sum = z[z.length - 1]!;
	for (let onset = z.length - 2; onset >= 0; onset--) {
		sum += z[onset]!;
		const count = z.length - onset;
		const gain = (sum * sum) / (2 * count);
		if (gain > best.gain) best = { gain, onset, size: sum / count };
	}
	return { pattern: 'shift', parameters: 2, ...best };
}

/** A ramp from a place on, of three values or more. */
function drift(z: Float64Array): Candidate {
	let best = { gain: -Infinity, onset: 0, size: 0 };
	let [tail, products] = [0, 0];
	for (let onset = z.length - 1; onset >= 0; onset--) {
		tail += z[onset]!;
		products += tail;
		const m = z.length - onset;
		const squares = (m * (m + 1) * (2 * m + 1)) / 6;
		const gain = products ** 2 / (2 * squares);
		if (m >= 3 && gain > best.gain) best = { gain, onset, size: products / squares };
	}
	return { pattern: 'drift', parameters: 2, ...best };
}

/** Neighbours on opposite sides: an autoregression with a negative coefficient, of any variance. */
function alternation(z: Float64Array): Candidate {
	const n = z.length;
	let products = 0;
	for (let i = 1; i < n; i++) products += z[i]! * z[i - 1]!;
	const variance = varianceOf(z);
	const phi = Math.max(-0.99, products / (n * variance));
	if (!(phi < 0)) return { pattern: 'alternation', gain: -Infinity, parameters: 2, onset: null, size: phi };
	const gain = (-n / 2) * Math.log(1 - phi * phi) + varianceGain(n, variance);
	const alternates = (i: number) => i > 0 && z[i]! * z[i - 1]! < 0;
	return { pattern: 'alternation', gain, parameters: 2, onset: Math.max(0, runStart(z, alternates) - 1), size: phi };
}

/** Two processes with means on both sides of the centre, as likely as each other, in no order. */
function mixture(z: Float64Array): Candidate {
	const n = z.length;
	// EM for +-distance with a common deviation.
	let [distance, deviation] = [Math.sqrt(varianceOf(z)), 0.5];
	for (let pass = 0; pass < 40; pass++) {
		const signed = z.map((v) => v * Math.tanh((v * distance) / deviation ** 2));
		distance = signed.reduce((a, b) => a + b, 0) / n;
		deviation = Math.max(0.2, Math.sqrt(Math.max(0, varianceOf(z) - distance ** 2)));
	}
	const density = (v: number, mean: number) => Math.exp(-0.5 * ((v - mean) / deviation) ** 2) / deviation;
	const gain = z.reduce(
		(sum, v) => sum + Math.log((density(v, distance) + density(v, -distance)) / 2) + 0.5 * v * v,
		0,
	);
	const outside = (i: number) => Math.abs(z[i]!) > distance / 2;
	return { pattern: 'mixture', gain, parameters: 2, onset: runStart(z, outside), size: 2 * distance };
}

/** Less variation than the limits say (stratification: subgroups of several sources), or more. */
function spread(z: Float64Array): Candidate {
	const change = changePoint(z, { kind: 'variance' });
	const whole = varianceOf(z);
	const since = change && change.evidence > 10 ? change.index : 0;
	const variance = since === 0 ? whole : varianceOf(z.subarray(since));
	const gain = varianceGain(z.length - since, variance);
	const pattern = variance < 1 ? 'stratification' : 'spread';
	return { pattern, gain, parameters: since === 0 ? 1 : 2, onset: since, size: Math.sqrt(variance) };
}

const varianceOf = (z: Float64Array) => z.reduce((sum, v) => sum + v * v, 0) / z.length;

/** Gain of letting the variance be what it is instead of 1. */
function varianceGain(count: number, variance: number): number {
	return (count / 2) * (variance - 1 - Math.log(Math.max(variance, 1e-12)));
}

/** Where the last run of values with a property begins, one exception forgiven. */
function runStart(z: Float64Array, has: (index: number) => boolean): number {
	let start = z.length - 1;
	let misses = 0;
	for (let i = z.length - 1; i >= 0; i--) {
		if (!has(i) && ++misses > 1) break;
		if (has(i)) start = i;
	}
	return start;
}
