import { deviation, finiteOnly, mean } from '../statistics/moments.ts';

/** Autocorrelations at lags 1..most over pairs that are both there; NaN marks a gap. */
export function autocorrelations(values: Float64Array, most: number): Float64Array {
	const there = finiteOnly(values);
	const centre = mean(there);
	const variance = there.reduce((sum, v) => sum + (v - centre) ** 2, 0) / there.length;
	const away = values.map((v) => v - centre);
	return Float64Array.from({ length: most }, (_, i) => {
		let [sum, pairs] = [0, 0];
		for (let t = i + 1; t < away.length; t++) {
			const product = away[t]! * away[t - i - 1]!;
			if (product !== product) continue;
			sum += product;
			pairs++;
		}
		return pairs > 0 && variance > 0 ? sum / pairs / variance : 0;
	});
}

/** How each value depends on those before it; `none` is independence as far as the baseline can tell. */
export type Dependence =
	| { readonly kind: 'none' }
	/** x[t] - mean = phi (x[t-1] - mean) + what is new. */
	| { readonly kind: 'ar1'; readonly mean: number; readonly phi: number }
	/** The level wanders without a mean: what is new is the distance to an EWMA of the past. */
	| { readonly kind: 'ewma'; readonly lambda: number };

/** In standard errors of an autocorrelation, 1/sqrt(n): by chance beyond in 2 % of independent series. */
const BEYOND_CHANCE = 2.3;
/** n (1 - phi) under which a walk without a mean cannot be excluded (Dickey & Fuller, 5 %, constant). */
const UNIT_ROOT = 14.1;

/** @param values oldest first, NaN = gap; at least ten that are there */
export function dependenceOf(values: Float64Array): Dependence {
	const count = finiteOnly(values).length;
	const r1 = autocorrelations(values, 1)[0]!;
	if (Math.abs(r1) < BEYOND_CHANCE / Math.sqrt(count)) return { kind: 'none' };
	if (count * (1 - r1) < UNIT_ROOT) return { kind: 'ewma', lambda: bestLambda(values) };
	// Estimates are low by (1 + 3 phi) / n (Marriott & Pope, Biometrika 41, 1954).
	const phi = Math.min(r1 + (1 + 3 * r1) / count, 1 - 1 / count);
	return { kind: 'ar1', mean: mean(finiteOnly(values)), phi };
}

/** One-step-ahead errors are smallest (Montgomery & Mastrangelo, J. Quality Technology 23, 1991). */
function bestLambda(values: Float64Array): number {
	const grid = Array.from({ length: 20 }, (_, i) => (i + 1) / 20);
	const cost = (lambda: number) => deviation(finiteOnly(news(values, { kind: 'ewma', lambda })));
	return grid.reduce((best, lambda) => (cost(lambda) < cost(best) ? lambda : best));
}

/**
 * What each value brings that the ones before it did not say. The first after a gap has no predecessor: under `ar1`
 * it is
 * its distance from the mean, scaled to the spread of the others; under `ewma` there is none (NaN).
 */
export function news(values: Float64Array, dependence: Dependence): Float64Array {
	const next = createNews(dependence);
	let state = NaN;
	return values.map((v) => {
		if (v !== v) {
			state = NaN;
			return NaN;
		}
		const answer = next.answer(state, v);
		state = next.state(state, v);
		return answer;
	});
}

/** One step, without memory of its own: `state` is NaN at a start. */
export interface News {
	answer(state: number, value: number): number;
	state(state: number, value: number): number;
}

export function createNews(dependence: Dependence): News {
	switch (dependence.kind) {
		case 'none':
			return { answer: (_, v) => v, state: (_, v) => v };
		case 'ar1': {
			const { mean, phi } = dependence;
			const fresh = Math.sqrt(1 - phi * phi);
			return {
				answer: (last, v) => (last === last ? v - mean - phi * (last - mean) : fresh * (v - mean)),
				state: (_, v) => v,
			};
		}
		case 'ewma': {
			const { lambda } = dependence;
			return {
				answer: (forecast, v) => v - forecast,
				state: (forecast, v) => (forecast === forecast ? forecast + lambda * (v - forecast) : v),
			};
		}
	}
}
