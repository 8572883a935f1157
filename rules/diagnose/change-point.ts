import { lnGamma } from '../statistics/gamma.ts';

export type ChangeKind = 'mean' | 'variance' | 'slope';

export interface ChangePoint {
	readonly kind: ChangeKind;
	/** Index of the first value after the change, by maximum likelihood. */
	readonly index: number;
	/** First and last index that it may have begun at, with the confidence asked for. */
	readonly interval: readonly [number, number];
	/** Mean, deviation (variance) or level (slope) before the change, in the unit of the values. */
	readonly before: number;
	/** Mean or deviation after it; slope per value. */
	readonly after: number;
	/**
	 * How much better a change explains the values than none, as a difference of BIC: above 0 there is one, above 10 hardly a
	 * doubt.
	 */
	readonly evidence: number;
}

/** Values on each side of a change, at least; a deviation wants more than a mean. */
const LEAST: Readonly<Record<ChangeKind, number>> = { mean: 1, variance: 3, slope: 2 };
/** A place and a second mean, deviation or slope. */
const PARAMETERS = 2;

/** Per place: log-likelihood at its maximum, and log-density of the place when everything else is integrated out. */
interface Profile {
	readonly likelihood: (place: number) => number;
	readonly density: (place: number) => number;
	readonly none: number;
	readonly sides: (place: number) => readonly [number, number];
}

/**
 * When a mean, a spread or a slope changed, once, by maximum likelihood for normal values of unknown parameters (Hinkley,
 * Biometrika 57, 1970; for a drift: Perry, Pignatiello and Simpson, Quality and Reliability Engineering 22, 2006).
 *
 * The interval holds the given share of the place's posterior with all other parameters integrated out (Smith, Biometrika 62, 1975):
 * narrow for a clear step, wide where the data do not say.
 *
 * @param values oldest first; what is not finite is stepped over
 * @param confidence of the interval, default 0.95
 * @returns undefined with fewer than six values or without any variation
 */
export function changePoint(
	values: ArrayLike<number>,
	{ kind = 'mean', confidence = 0.95 }: { kind?: ChangeKind; confidence?: number } = {},
): ChangePoint | undefined {
	const places: number[] = [];
	for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) places.push(i);
	const there = Float64Array.from(places, (i) => values[i]!);
	if (there.length < 6 || there.every((v) => v === there[0])) return undefined;
	const profile = PROFILES[kind](centred(there));
	const [from, to] = [LEAST[kind], there.length - LEAST[kind]];
	let best = from;
	for (let place = from; place <= to; place++) if (profile.likelihood(place) > profile.likelihood(best)) best = place;
	const [low, high] = likelyRange({ density: profile.density, from, to, best, confidence });
	const [before, after] = profile.sides(best);
	const offset = kind === 'variance' ? 0 : originOf(there);
	return {
		kind,
		index: places[best]!,
		interval: [places[low]!, places[high]!],
		before: before + offset,
		after: kind === 'slope' ? after : after + offset,
		evidence: 2 * (profile.likelihood(best) - profile.none) - PARAMETERS * Math.log(there.length),
	};
}

/** Sums of squares lose their digits far from 0. */
const originOf = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
const centred = (values: Float64Array) => {
	const origin = originOf(values);
	return values.map((v) => v - origin);
};

const PROFILES: Readonly<Record<ChangeKind, (values: Float64Array) => Profile>> = {
	mean: meanProfile,
	variance: varianceProfile,
	slope: slopeProfile,
};

function cumulated(values: Float64Array): Float64Array {
	const sums = new Float64Array(values.length + 1);
	values.forEach((v, i) => (sums[i + 1] = sums[i]! + v));
	return sums;
}

function meanProfile(values: Float64Array): Profile {
	const n = values.length;
	const sums = cumulated(values);
	const total = values.reduce((sum, v) => sum + v * v, 0);
	const rest = (place: number) => total - sums[place]! ** 2 / place - (sums[n]! - sums[place]!) ** 2 / (n - place);
	return {
		likelihood: (place) => normalLikelihood(n, rest(place)),
		density: (place) => (-(n - 2) / 2) * Math.log(positive(rest(place))) - 0.5 * Math.log(place * (n - place)),
		none: normalLikelihood(n, total - sums[n]! ** 2 / n),
		sides: (place) => [sums[place]! / place, (sums[n]! - sums[place]!) / (n - place)],
	};
}

function varianceProfile(values: Float64Array): Profile {
	const n = values.length;
	const squares = cumulated(values.map((v) => v * v));
	const parts = (place: number) => [squares[place]!, squares[n]! - squares[place]!] as const;
	const density = (count: number, rest: number) => lnGamma(count / 2) - (count / 2) * Math.log(positive(rest));
	return {
		likelihood(place) {
			const [before, after] = parts(place);
			return normalLikelihood(place, before) + normalLikelihood(n - place, after);
		},
		density(place) {
			const [before, after] = parts(place);
			return density(place, before) + density(n - place, after);
		},
		none: normalLikelihood(n, squares[n]!),
		sides(place) {
			const [before, after] = parts(place);
			return [Math.sqrt(before / place), Math.sqrt(after / (n - place))];
		},
	};
}

/** A level, and from the place on a straight line that begins at it: the last value before is the ramp's foot. */
function slopeProfile(values: Float64Array): Profile {
	const n = values.length;
	const total = values.reduce((sum, v) => sum + v * v, 0);
	// Sum of (steps since the foot) * value for each place, from the back.
	const products = new Float64Array(n + 1);
	let tail = 0;
	for (let place = n - 1; place >= 0; place--) {
		tail += values[place]!;
		products[place] = products[place + 1]! + tail;
	}
	const ramp = (place: number) => {
		const m = n - place;
		const mean = (m * (m + 1)) / 2 / n;
		const spread = (m * (m + 1) * (2 * m + 1)) / 6 - n * mean * mean;
		const slope = products[place]! / spread;
		return { slope, mean, spread, rest: total - slope * products[place]! };
	};
	return {
		likelihood: (place) => normalLikelihood(n, ramp(place).rest),
		density(place) {
			const { rest, spread } = ramp(place);
			return (-(n - 2) / 2) * Math.log(positive(rest)) - 0.5 * Math.log(spread);
		},
		none: normalLikelihood(n, total),
		sides(place) {
			const { slope, mean } = ramp(place);
			return [-slope * mean, slope];
		},
	};
}

function normalLikelihood(count: number, rest: number): number {
	return (-count / 2) * Math.log(positive(rest) / count);
}

/** A perfect fit is as likely as numbers can say, not infinitely so. */
const positive = (rest: number) => Math.max(rest, 1e-300);

/** The shortest stretch around the most likely place, grown on its likelier side until it holds the share. */
function likelyRange({
	density,
	from,
	to,
	best,
	confidence,
}: {
	density: (place: number) => number;
	from: number;
	to: number;
	best: number;
	confidence: number;
}): [number, number] {
	const logs = Float64Array.from({ length: to - from + 1 }, (_, i) => density(from + i));
	const top = logs.reduce((a, b) => Math.max(a, b), -Infinity);
	const weights = logs.map((log) => Math.exp(log - top));
	const needed = confidence * weights.reduce((sum, w) => sum + w, 0);
	let [low, high] = [best - from, best - from];
	let held = weights[low]!;
	while (held < needed && (low > 0 || high < weights.length - 1)) {
		const [left, right] = [weights[low - 1] ?? -1, weights[high + 1] ?? -1];
		held += Math.max(left, right);
		if (left >= right) low--;
		else high++;
	}
	return [from + low, from + high];
}
