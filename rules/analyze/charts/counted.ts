import { cLimits } from '../../charts/c.ts';
import { laneySigmaZ, pPrimeLimits, uPrimeLimits } from '../../charts/laney.ts';
import { limitsAround, type ChartLimits } from '../../charts/limits.ts';
import { npLimits } from '../../charts/np.ts';
import { pLimits, pooledShare } from '../../charts/p.ts';
import { uLimits } from '../../charts/u.ts';
import { baselineOf, eachPoint, linesOf, orNull, phasesOf, single, type Built, type Phase } from '../build.ts';
import type { ChartName } from '../answer.ts';
import type { Document } from '../document.ts';
import { countsOf } from './values.ts';

type Counted = 'p' | 'np' | 'c' | 'u' | 'p-prime' | 'u-prime';

/** How a chart of counts plots them and what its distribution says of a point; `rate` is per unit inspected. */
interface Kind {
	readonly plotsCounts: boolean;
	readonly most: (size: number) => number;
	readonly limits: (rate: number, size: number, sigmaZ: number, options: Document['options']) => ChartLimits;
}

const shares = { plotsCounts: false, most: () => 1 };
const rates = { plotsCounts: false, most: () => Infinity };
const KINDS: Readonly<Record<Counted, Kind>> = {
	p: { ...shares, limits: (p, size, _, options) => pLimits(p, size, options) },
	np: { plotsCounts: true, most: (size) => size, limits: (p, size, _, options) => npLimits(p, size, options) },
	c: { plotsCounts: true, most: () => Infinity, limits: (u, size, _, options) => cLimits(u * size, options) },
	u: { ...rates, limits: (u, size, _, options) => uLimits(u, size, options) },
	'p-prime': {
		...shares,
		limits: (centre, size, sigmaZ, options) => pPrimeLimits({ centre, sigmaZ, size }, options),
	},
	'u-prime': {
		...rates,
		limits: (centre, size, sigmaZ, options) => uPrimeLimits({ centre, sigmaZ, size }, options),
	},
};

/** p, np, c, u and Laney's p' and u': one statistic, limits by its distribution at each point's size. */
export function buildCounted(document: Document, left: ReadonlySet<number>): Built {
	const { baseline, options, count } = document;
	const name = document.chart as Counted & ChartName;
	const kind = KINDS[name];
	const { counts, sizes } = countsOf(document);
	const phases = phasesOf(document);
	const statistic = kind.plotsCounts
		? counts.map((value, i) => (sizes[i]! > 0 ? value : NaN))
		: counts.map((value, i) => value / sizes[i]!);
	const pooled = phases.map((phase) => pooledShare(baselineOf(counts, phase, left), baselineOf(sizes, phase, left)));
	// A known centre is in the unit of the plotted statistic.
	const given = eachPoint(document, baseline.centre, phases, () => NaN);
	const estimated = eachPoint(document, undefined, phases, (i) => pooled[i]!);
	const rate = baseline.centre === undefined ? estimated : given.map((c, i) => (kind.plotsCounts ? c / sizes[i]! : c));
	const laney = name === 'p-prime' || name === 'u-prime';
	const plain = rate.map((r, i) => (laney ? kind.limits(r, sizes[i]!, 1, options).sigma : NaN));
	const sigmaZ = phases.map((phase) => (laney ? sigmaZOf(document, { statistic, rate, plain, phase }, left) : 1));
	const z = eachPoint(document, undefined, phases, (i) => sigmaZ[i]!);
	const known = baseline.sigma === undefined ? undefined : eachPoint(document, baseline.sigma, phases, () => NaN);
	const lines = linesOf(count, (i) => {
		const limits = kind.limits(rate[i]!, sizes[i]!, z[i]!, options);
		const bounds = { limitsSigma: options.limitsSigma, least: 0, most: kind.most(sizes[i]!) };
		return known === undefined ? limits : limitsAround(limits.centre, known[i]!, bounds);
	});
	const last = phases[phases.length - 1]!;
	// Advice compares points of any size: in sigmas of each point's own.
	const scaled = statistic.map((x, i) => (x - lines.centre[i]!) / lines.sigma[i]!);
	return {
		plotted: [{ name, rules: 'location', statistic, lines }],
		estimates: {
			mean: orNull(single(lines.centre.subarray(last.from, last.to))),
			sigma: orNull(single(lines.sigma.subarray(last.from, last.to))),
			...(laney ? { sigmaZ: orNull(sigmaZ[sigmaZ.length - 1]!) } : {}),
		},
		rested: phases.map((phase) => ({
			from: phase.from,
			values: baselineOf(scaled, phase, left),
			centre: 0,
			sigma: lines.sigma[phase.from]! > 0 ? 1 : lines.sigma[phase.from]!,
			known: baseline.centre !== undefined,
			series: true,
		})),
	};
}

/** Of a phase's baseline; what is left out is stepped over by the moving ranges. */
function sigmaZOf(
	{ options }: Document,
	{ statistic, rate, plain, phase }: Readonly<Record<'statistic' | 'rate' | 'plain', Float64Array>> & { phase: Phase },
	left: ReadonlySet<number>,
): number {
	const { from, baselineTo } = phase;
	const centre = rate[from]!;
	const sigma = plain.subarray(from, baselineTo);
	return laneySigmaZ(
		{ statistic: statistic.subarray(from, baselineTo), centre, sigma },
		{
			d2: options.d2,
			screen: options.screenMovingRanges,
			missing: options.missing,
			skipped: new Set(Array.from(left, (index) => index - from)),
		},
	);
}
