import { adviseAutocorrelated, adviseDegenerate, adviseFew, adviseUnstable, type Advice } from './advice.ts';
import { lag1 } from '../statistics/autocorrelation.ts';
import type { Answer, Chart } from './answer.ts';
import type { Document } from './document.ts';
import { individualsLimits, movingRangeLimits } from '../charts/i-mr.ts';
import { deviation, finiteOnly, mean } from '../statistics/moments.ts';
import { meanRange, movingRanges, rangeConstants } from '../charts/moving-range.ts';
import { judgeSeries } from './signals.ts';

/** What one phase's limits were estimated from, and to what end; NaN where there was too little. */
interface Estimate {
	readonly from: number;
	readonly to: number;
	/** The values of the baseline with NaN for what is missing or excluded. */
	readonly baseline: Float64Array;
	readonly mean: number;
	readonly rangeMean: number;
	readonly sigma: number;
}

/** Individuals and moving ranges, phase by phase. */
export function analyzeImr(document: Document): Answer {
	const { values, baseline, phases, rules, options } = document;
	const ranges = rangesOf(document);
	const estimates = phases.map((from, i) => estimatePhase(document, ranges, from, phases[i + 1] ?? values.length));
	const centre = spread(document, estimates, (e) => e.mean, baseline.centre);
	const sigma = spread(document, estimates, (e) => e.sigma, baseline.sigma);
	// A known sigma says what to expect of the ranges too.
	const d2 = rangeConstants(options.d2).d2;
	const rangeCentre =
		baseline.sigma === undefined ? spread(document, estimates, (e) => e.rangeMean) : sigma.map((s) => s * d2);
	const rangeLimits = Array.from(rangeCentre, (c) => movingRangeLimits(c, options));
	const limits = Array.from(centre, (c, i) => individualsLimits(c, sigma[i]!, options));
	const rangeSigma = Float64Array.from(rangeLimits, (l) => l.sigma);
	const common = { phases, exclude: baseline.exclude };
	const last = estimates[estimates.length - 1]!;
	return {
		charts: { i: chartOf(values, limits), mr: chartOf(ranges, rangeLimits) },
		signals: [
			...judgeSeries({ chart: 'i', statistic: values, centre, sigma, rules: rules.location, ...common }, options),
			...judgeSeries(
				{ chart: 'mr', statistic: ranges, centre: rangeCentre, sigma: rangeSigma, rules: rules.spread, ...common },
				options,
			),
		],
		estimates: {
			mean: orNull(last.mean),
			sigma: orNull(typeof baseline.sigma === 'number' ? baseline.sigma : last.sigma),
			movingRangeMean: orNull(last.rangeMean),
			sd: orNull(deviation(finiteOnly(last.baseline))),
		},
		advice: unique(estimates.flatMap((estimate) => adviceOn(document, estimate, centre, sigma))),
	};
}

/** No range looks across a phase's start. */
function rangesOf({ values, phases, baseline, options }: Document): Float64Array {
	const all = new Float64Array(values.length);
	phases.forEach((from, i) => {
		const part = values.subarray(from, phases[i + 1] ?? values.length);
		const skipped = new Set(Array.from(baseline.exclude, (index) => index - from));
		all.set(movingRanges(part, { missing: options.missing ?? 'break', skipped }), from);
	});
	return all;
}

function estimatePhase(
	{ values, baseline, options }: Document,
	ranges: Float64Array,
	from: number,
	end: number,
): Estimate {
	const to = Math.min(end, from + (baseline.points ?? Infinity));
	const used = values.slice(from, to).map((v, i) => (baseline.exclude.has(from + i) ? NaN : v));
	const { d2, D4 } = rangeConstants(options.d2);
	const rangeMean = meanRange(ranges.subarray(from, to), { screen: options.screenMovingRanges, D4 });
	return { from, to: end, baseline: used, mean: mean(finiteOnly(used)), rangeMean, sigma: rangeMean / d2 };
}

/** One number per value: what is known, else each phase's own estimate. */
function spread(
	{ values }: Document,
	estimates: readonly Estimate[],
	pick: (estimate: Estimate) => number,
	known?: number | Float64Array,
): Float64Array {
	if (known instanceof Float64Array) return known;
	const all = new Float64Array(values.length);
	for (const estimate of estimates) all.fill(known ?? pick(estimate), estimate.from, estimate.to);
	return all;
}

function adviceOn(
	{ baseline: asked }: Document,
	{ from, baseline, sigma: estimated }: Estimate,
	centre: Float64Array,
	sigma: Float64Array,
): Advice[] {
	const count = finiteOnly(baseline).length;
	const distances = finiteOnly(baseline.map((v, i) => Math.abs(v - centre[from + i]!) / sigma[from + i]!));
	const known = asked.sigma !== undefined;
	return [
		...(known ? [] : adviseFew(count)),
		...adviseDegenerate(known ? (sigma.find((s) => s > 0) ?? 0) : estimated),
		...(known || estimated === 0 ? [] : adviseUnstable(distances)),
		...adviseAutocorrelated(lag1(baseline), count),
	];
}

function unique(advice: readonly Advice[]): Advice[] {
	return [...new Map(advice.map((one) => [one.code, one])).values()];
}

function chartOf(
	statistic: Float64Array,
	limits: readonly { centre: number; sigma: number; lcl: number; ucl: number }[],
): Chart {
	return {
		statistic: Array.from(statistic, orNull),
		centre: limits.map((l) => orNull(l.centre)),
		sigma: limits.map((l) => orNull(l.sigma)),
		lcl: limits.map((l) => orNull(l.lcl)),
		ucl: limits.map((l) => orNull(l.ucl)),
	};
}

function orNull(value: number): number | null {
	return Number.isFinite(value) ? value : null;
}
