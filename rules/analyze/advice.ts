import { lag1 } from '../statistics/autocorrelation.ts';
import { stepOf } from '../shape/resolution.ts';
import { seasonOf } from '../shape/season.ts';
import { finiteOnly, mean } from '../statistics/moments.ts';
import type { Built, Rested } from './build.ts';

/** What a reader has to know before trusting an analysis. */
export interface Advice {
	readonly code:
		'autocorrelated' | 'skewed' | 'discrete' | 'too-few-points' | 'degenerate' | 'unstable-baseline' | 'seasonal';
	readonly detail: string;
	readonly suggestion: string;
}

/** Fewer give limits that are off by 20 % and more as often as not. */
export const FEW_POINTS = 20;
/** Nobody would see less on a chart, however significant it is in a long series. */
const LEAST_LAG1 = 0.2;
/** Share of normal points beyond three sigma. */
const BEYOND_THREE = 0.0027;
/** In sigmas: one point of 16,000 is beyond by chance. */
const FAR = 4;

/** @param count how many values limits were estimated from */
export function adviseFew(count: number): Advice[] {
	if (count >= FEW_POINTS) return [];
	return [
		{
			code: 'too-few-points',
			detail: `limits rest on ${count} values`,
			suggestion: `collect at least ${FEW_POINTS}, better 100, before acting on signals`,
		},
	];
}

/** @param sigma 0 = none; NaN, too little to tell, is another advice's business */
export function adviseDegenerate(sigma: number): Advice[] {
	if (sigma !== 0) return [];
	return [
		{
			code: 'degenerate',
			detail: 'the baseline has no variation to estimate sigma from: rules 1 and 5 to 8 are off',
			suggestion: 'check resolution and liveness of the measurement, or give a known sigma',
		},
	];
}

/** Said when lag-1 autocorrelation is beyond 2.6 of its standard errors 1/sqrt(n): by chance in 1 % of clean baselines. */
export function adviseAutocorrelated(correlation: number | undefined, count: number): Advice[] {
	if (correlation === undefined || Math.abs(correlation) < Math.max(LEAST_LAG1, 2.6 / Math.sqrt(count))) return [];
	const smooth = correlation > 0;
	return [
		{
			code: 'autocorrelated',
			detail: `neighbours ${smooth ? 'are alike' : 'alternate'}: lag-1 autocorrelation ${correlation.toFixed(2)}`,
			suggestion: smooth
				? 'limits from moving ranges are too narrow: sample less often, or chart residuals'
				: 'the process alternates, as if over-adjusted: limits from moving ranges are too wide',
		},
	];
}

/** @param distances of the baseline's values from their centre, in sigmas */
export function adviseUnstable(distances: Float64Array): Advice[] {
	const expected = distances.length * BEYOND_THREE;
	const beyond = distances.filter((d) => d > 3).length;
	const chance = beyond <= expected + 3 * Math.sqrt(expected) && !distances.some((d) => d > FAR);
	if (chance) return [];
	return [
		{
			code: 'unstable-baseline',
			detail: `${beyond} of ${distances.length} baseline values are over three sigma from their own centre`,
			suggestion: 'find their cause and exclude them, or choose a calmer baseline',
		},
	];
}

/** Fewer say little about a shape. */
const ENOUGH_FOR_SHAPE = 50;
/** Exponential values have 2, log-normal ones of sigma 0.3 have 1: three sigma above is passed seven times as often then. */
const LEAST_SKEWNESS = 0.8;

function adviseSkewed(values: Float64Array): Advice[] {
	const n = values.length;
	const centre = mean(values);
	const moment = (k: number) => values.reduce((sum, v) => sum + (v - centre) ** k, 0) / n;
	const skewness = moment(3) / moment(2) ** 1.5;
	if (n < ENOUGH_FOR_SHAPE || !(Math.abs(skewness) > Math.max(LEAST_SKEWNESS, 3 * Math.sqrt(6 / n)))) return [];
	return [
		{
			code: 'skewed',
			detail: `skewness ${skewness.toFixed(1)}: the tail ${skewness > 0 ? 'above' : 'below'} is the longer one`,
			suggestion: 'three sigma on each side do not hold: transform the values, or use chart auto',
		},
	];
}

/** A sigma of less than one step is mostly rounding (Wheeler & Lyday, Evaluating the Measurement Process, 1989). */
function adviseDiscrete(values: Float64Array, sigma: number): Advice[] {
	const levels = sigma / stepOf(values);
	if (!(values.length >= FEW_POINTS && levels < 1)) return [];
	return [
		{
			code: 'discrete',
			detail: `${levels.toFixed(1)} steps of resolution in one sigma`,
			suggestion: 'measure finer, or judge means of several values',
		},
	];
}

function adviseSeasonal(values: Float64Array, intervalMs: number | undefined): Advice[] {
	const season = intervalMs === undefined ? undefined : seasonOf(values, intervalMs);
	if (season === undefined) return [];
	return [
		{
			code: 'seasonal',
			detail: `a pattern repeats every day (waves of ${season.waves.map(({ k }) => `${Number((24 / k).toFixed(1))} h`).join(', ')})`,
			suggestion: 'limits take it for spread: use chart auto, which removes it',
		},
	];
}

/** One of each kind, about all phases. */
export function adviseOn({ rested }: Pick<Built, 'rested'>): Advice[] {
	return [...new Map(rested.flatMap(adviseOnPhase).map((one) => [one.code, one])).values()];
}

function adviseOnPhase({ values, centre, sigma, known, series, measured }: Rested): Advice[] {
	const count = finiteOnly(values).length;
	const distances = finiteOnly(values.map((v) => Math.abs(v - centre) / sigma));
	return [
		...(known ? [] : adviseFew(count)),
		...adviseDegenerate(sigma),
		...(known || !(sigma > 0) ? [] : adviseUnstable(distances)),
		...(series ? adviseAutocorrelated(lag1(values), count) : []),
		...(measured && sigma > 0
			? [
					...adviseSkewed(finiteOnly(values)),
					...adviseDiscrete(finiteOnly(values), sigma),
					...adviseSeasonal(values, measured.intervalMs),
				]
			: []),
	];
}
