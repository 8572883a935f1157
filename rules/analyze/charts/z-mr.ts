import { movingRanges, rangeConstants, meanRange } from '../../charts/moving-range.ts';
import { zLimits, zRangeLimits } from '../../charts/z-mr.ts';
import { finiteOnly, mean } from '../../statistics/moments.ts';
import { eachPoint, linesOf, orNull, phasesOf, type Built } from '../build.ts';
import type { Document } from '../document.ts';
import { estimateSeries, rangesOf, seriesEstimates } from './i-mr.ts';
import { valuesOf } from './values.ts';

/**
 * Short runs: values in sigmas from the centre of their own part, on one chart. With `parts` the runs of a part share
 * centre and sigma, and rules and ranges look across parts; without, each phase is a part of its own.
 */
export function buildZmr(document: Document, left: ReadonlySet<number>): Built {
	const { baseline, options, count, input } = document;
	const values = valuesOf(document);
	const phases = phasesOf(document);
	const estimates = estimateSeries(document, values, left);
	const parts = input.kind === 'values' && input.parts ? partEstimates(document, input.parts, left) : undefined;
	const centre =
		parts && baseline.centre === undefined
			? parts.centre
			: eachPoint(document, baseline.centre, phases, (i) => estimates[i]!.mean);
	const sigma =
		parts && baseline.sigma === undefined
			? parts.sigma
			: eachPoint(document, baseline.sigma, phases, (i) => estimates[i]!.sigma);
	const z = values.map((value, i) => (sigma[i]! > 0 ? (value - centre[i]!) / sigma[i]! : NaN));
	return {
		plotted: [
			{ name: 'z', rules: 'location', statistic: z, lines: linesOf(count, () => zLimits(options)) },
			{
				name: 'mr',
				rules: 'spread',
				statistic: rangesOf(document, z, baseline.exclude),
				lines: linesOf(count, () => zRangeLimits(options)),
			},
		],
		estimates: parts ? { mean: null, sigma: null } : seriesEstimates(document, estimates),
		rested: phases.map(({ from, baselineTo }) => ({
			from,
			values: z.slice(from, baselineTo).map((value, i) => (left.has(from + i) ? NaN : value)),
			centre: 0,
			sigma: orNull(sigma[from]!) === null ? NaN : sigma[from]! > 0 ? 1 : 0,
			known: baseline.sigma !== undefined,
			series: true,
		})),
	};
}

/** Of all runs of a part; no range steps from one run to another. */
function partEstimates(
	document: Document,
	parts: readonly string[],
	left: ReadonlySet<number>,
): { centre: Float64Array; sigma: Float64Array } {
	const { options, count } = document;
	const values = valuesOf(document);
	const { d2, D4 } = rangeConstants(options.d2);
	const inBaseline = new Uint8Array(count);
	for (const { from, baselineTo } of phasesOf(document)) inBaseline.fill(1, from, baselineTo);
	const found = new Map<string, { centre: number; sigma: number }>();
	for (const part of new Set(parts)) {
		const own = values.map((value, i) => (parts[i] === part && inBaseline[i] && !left.has(i) ? value : NaN));
		const ranges = movingRanges(own, { missing: 'break', skipped: left });
		const range = meanRange(ranges, { screen: options.screenMovingRanges, D4 });
		found.set(part, { centre: mean(finiteOnly(own)), sigma: range / d2 });
	}
	const column = (pick: 'centre' | 'sigma') => Float64Array.from(parts, (part) => found.get(part)![pick]);
	return { centre: column('centre'), sigma: column('sigma') };
}
