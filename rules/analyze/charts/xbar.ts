import { createConstants } from '../../charts/constants.ts';
import { grandMean, type Subgroups } from '../../charts/subgroups.ts';
import { rangeLimits, sigmaFromRanges, xbarLimits } from '../../charts/xbar-r.ts';
import { deviationLimits, sigmaFromDeviations } from '../../charts/xbar-s.ts';
import { deviation, finiteOnly, mean } from '../../statistics/moments.ts';
import { baselineOf, eachPoint, linesOf, orNull, phasesOf, type Built, type Phase } from '../build.ts';
import type { Document } from '../document.ts';
import { groupsOf } from './values.ts';

/** Means with ranges (xbar-r) or deviations (xbar-s) of subgroups, whose sizes may differ. */
export function buildXbar(document: Document, left: ReadonlySet<number>): Built {
	const { baseline, options, count, chart } = document;
	const groups = groupsOf(document);
	const phases = phasesOf(document);
	const constants = createConstants(options.d2);
	const ranges = chart === 'xbar-r';
	const used = phases.map((phase) => groupsIn(groups, phase, left));
	const means = used.map(grandMean);
	const sigmas = used.map((part) => (ranges ? sigmaFromRanges(part, constants) : sigmaFromDeviations(part, constants)));
	const centre = eachPoint(document, baseline.centre, phases, (i) => means[i]!);
	const sigma = eachPoint(document, baseline.sigma, phases, (i) => sigmas[i]!);
	const at = (i: number) => ({ centre: centre[i]!, sigma: sigma[i]!, size: groups.size[i]! });
	const spread = ranges ? rangeLimits : deviationLimits;
	const last = used[used.length - 1]!;
	return {
		plotted: [
			{
				name: 'xbar',
				rules: 'location',
				statistic: groups.mean,
				lines: linesOf(count, (i) => xbarLimits(at(i), options)),
			},
			{
				name: ranges ? 'r' : 's',
				rules: 'spread',
				statistic: ranges ? groups.range : groups.sd,
				lines: linesOf(count, (i) => spread(at(i), options, constants)),
			},
		],
		estimates: {
			mean: orNull(means[means.length - 1]!),
			sigma: orNull(typeof baseline.sigma === 'number' ? baseline.sigma : sigmas[sigmas.length - 1]!),
			meanRange: orNull(mean(finiteOnly(last.range))),
			meanSd: orNull(mean(finiteOnly(last.sd))),
			sd: orNull(deviation(itemsIn(document, phases[phases.length - 1]!, left))),
		},
		rested: phases.map((phase, i) => ({
			from: phase.from,
			values: used[i]!.mean,
			centre: centre[phase.from]!,
			sigma: (baseline.sigma === undefined ? sigmas[i]! : sigma[phase.from]!) / Math.sqrt(typicalSize(used[i]!)),
			known: baseline.sigma !== undefined,
			series: true,
		})),
	};
}

function groupsIn(groups: Subgroups, phase: Phase, left: ReadonlySet<number>): Subgroups {
	const part = (column: Float64Array) => baselineOf(column, phase, left);
	return { mean: part(groups.mean), range: part(groups.range), sd: part(groups.sd), size: part(groups.size) };
}

/** All single values of a phase's baseline; none where only summaries were given. */
export function itemsIn({ input }: Document, { from, baselineTo }: Phase, left: ReadonlySet<number>): Float64Array {
	if (input.kind !== 'subgroups' || input.items === undefined) return new Float64Array(0);
	const kept = input.items.slice(from, baselineTo).filter((_, i) => !left.has(from + i));
	const all = new Float64Array(kept.reduce((sum, group) => sum + group.length, 0));
	let at = 0;
	for (const group of kept) {
		all.set(group, at);
		at += group.length;
	}
	return finiteOnly(all);
}

function typicalSize({ size }: Subgroups): number {
	return mean(finiteOnly(size));
}
