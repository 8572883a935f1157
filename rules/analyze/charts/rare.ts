import { gLimits } from '../../charts/g.ts';
import { limitsAround } from '../../charts/limits.ts';
import { tLimits, tTransform } from '../../charts/t.ts';
import { deviation, finiteOnly, mean } from '../../statistics/moments.ts';
import { baselineOf, eachPoint, linesOf, orNull, phasesOf, type Built } from '../build.ts';
import type { Document } from '../document.ts';
import { estimateSeries } from './i-mr.ts';
import { valuesOf } from './values.ts';

/** Cases between events. */
export function buildG(document: Document, left: ReadonlySet<number>): Built {
	const { baseline, options, count } = document;
	const values = valuesOf(document);
	const phases = phasesOf(document);
	const used = phases.map((phase) => finiteOnly(baselineOf(values, phase, left)));
	const means = used.map(mean);
	const centre = eachPoint(document, baseline.centre, phases, (i) => means[i]!);
	const sigma = baseline.sigma === undefined ? undefined : eachPoint(document, baseline.sigma, phases, () => NaN);
	const lines = linesOf(count, (i) =>
		sigma === undefined
			? gLimits(centre[i]!, options)
			: limitsAround(centre[i]!, sigma[i]!, { limitsSigma: options.limitsSigma, least: 0 }),
	);
	const last = phases.length - 1;
	return {
		plotted: [{ name: 'g', rules: 'location', statistic: values, lines }],
		estimates: {
			mean: orNull(means[last]!),
			sigma: orNull(gLimits(means[last]!, options).sigma),
			sd: orNull(deviation(used[last]!)),
		},
		rested: phases.map((phase, i) => ({
			from: phase.from,
			values: baselineOf(values, phase, left),
			centre: centre[phase.from]!,
			sigma: gLimits(means[i]!).sigma,
			known: baseline.centre !== undefined,
			series: true,
		})),
	};
}

/** Time between events: an individuals chart of t^(1/3.6), drawn in time. Estimates are those of the transformed times. */
export function buildT(document: Document, left: ReadonlySet<number>): Built {
	const { baseline, options, count } = document;
	const values = valuesOf(document);
	const phases = phasesOf(document);
	const transformed = values.map(tTransform);
	const estimates = estimateSeries(document, transformed, left);
	const known =
		baseline.centre instanceof Float64Array
			? baseline.centre.map(tTransform)
			: baseline.centre === undefined
				? undefined
				: tTransform(baseline.centre);
	const centre = eachPoint(document, known, phases, (i) => estimates[i]!.mean);
	const sigma = eachPoint(document, undefined, phases, (i) => estimates[i]!.sigma);
	const last = estimates[estimates.length - 1]!;
	return {
		plotted: [
			{
				name: 't',
				rules: 'location',
				statistic: values,
				lines: linesOf(count, (i) => tLimits({ centre: centre[i]!, sigma: sigma[i]! }, options)),
				judged: { statistic: transformed, centre, sigma },
			},
		],
		estimates: {
			mean: orNull(last.mean),
			sigma: orNull(last.sigma),
			movingRangeMean: orNull(last.rangeMean),
			sd: orNull(deviation(finiteOnly(last.baseline))),
		},
		rested: phases.map((phase, i) => ({
			from: phase.from,
			values: estimates[i]!.baseline,
			centre: centre[phase.from]!,
			sigma: estimates[i]!.sigma,
			known: false,
			series: true,
		})),
	};
}
