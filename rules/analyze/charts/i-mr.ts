import { individualsLimits, movingRangeLimits } from '../../charts/i-mr.ts';
import { meanRange, movingRanges, rangeConstants } from '../../charts/moving-range.ts';
import { deviation, finiteOnly, mean } from '../../statistics/moments.ts';
import { baselineOf, eachPoint, linesOf, orNull, phasesOf, type Built, type Phase } from '../build.ts';
import type { Document } from '../document.ts';
import { valuesOf } from './values.ts';

/** What one phase's values say of centre and spread; NaN where there was too little. */
export interface SeriesEstimate {
	readonly baseline: Float64Array;
	readonly mean: number;
	readonly rangeMean: number;
	readonly sigma: number;
}

/** Individuals and moving ranges, phase by phase. */
export function buildImr(document: Document, left: ReadonlySet<number>): Built {
	const { baseline, options, count } = document;
	const values = valuesOf(document);
	const phases = phasesOf(document);
	const ranges = rangesOf(document, values, baseline.exclude);
	const estimates = estimateSeries(document, values, left);
	const centre = eachPoint(document, baseline.centre, phases, (i) => estimates[i]!.mean);
	const sigma = eachPoint(document, baseline.sigma, phases, (i) => estimates[i]!.sigma);
	// A known sigma says what to expect of the ranges too.
	const { d2 } = rangeConstants(options.d2);
	const rangeCentre =
		baseline.sigma === undefined
			? eachPoint(document, undefined, phases, (i) => estimates[i]!.rangeMean)
			: sigma.map((s) => s * d2);
	return {
		plotted: [
			{
				name: 'i',
				rules: 'location',
				statistic: values,
				lines: linesOf(count, (i) => individualsLimits(centre[i]!, sigma[i]!, options)),
			},
			{
				name: 'mr',
				rules: 'spread',
				statistic: ranges,
				lines: linesOf(count, (i) => movingRangeLimits(rangeCentre[i]!, options)),
			},
		],
		estimates: seriesEstimates(document, estimates),
		rested: estimates.map(({ baseline: used, sigma: estimated }, i) => ({
			from: phases[i]!.from,
			values: used,
			centre: centre[phases[i]!.from]!,
			sigma: baseline.sigma === undefined ? estimated : sigma[phases[i]!.from]!,
			known: baseline.sigma !== undefined,
			series: true,
			measured: { intervalMs: options.intervalMs },
		})),
	};
}

export function estimateSeries(
	document: Document,
	values: Float64Array,
	left: ReadonlySet<number>,
): readonly SeriesEstimate[] {
	const ranges = rangesOf(document, values, left);
	return phasesOf(document).map((phase) => estimatePhase(document, { values, ranges, phase, left }));
}

function estimatePhase(
	{ options }: Document,
	{
		values,
		ranges,
		phase,
		left,
	}: { values: Float64Array; ranges: Float64Array; phase: Phase; left: ReadonlySet<number> },
): SeriesEstimate {
	const baseline = baselineOf(values, phase, left);
	const { d2, D4 } = rangeConstants(options.d2);
	const of = ranges.subarray(phase.from, phase.baselineTo);
	const rangeMean = meanRange(of, { screen: options.screenMovingRanges, D4 });
	return { baseline, mean: mean(finiteOnly(baseline)), rangeMean, sigma: rangeMean / d2 };
}

/** The last phase's. */
export function seriesEstimates({ baseline }: Document, estimates: readonly SeriesEstimate[]) {
	const last = estimates[estimates.length - 1]!;
	return {
		mean: orNull(last.mean),
		sigma: orNull(typeof baseline.sigma === 'number' ? baseline.sigma : last.sigma),
		movingRangeMean: orNull(last.rangeMean),
		sd: orNull(deviation(finiteOnly(last.baseline))),
	};
}

/** No range looks across a phase's start; what is skipped is stepped over. */
export function rangesOf({ phases, options }: Document, values: Float64Array, skip: ReadonlySet<number>): Float64Array {
	const all = new Float64Array(values.length);
	phases.forEach((from, i) => {
		const part = values.subarray(from, phases[i + 1] ?? values.length);
		const skipped = new Set(Array.from(skip, (index) => index - from));
		all.set(movingRanges(part, { missing: options.missing ?? 'break', skipped }), from);
	});
	return all;
}
