import {
	countsWithin,
	falseSignalsOfCounts,
	laneySigmaZ,
	limitsAtSize,
	normalCdf,
	npLimits,
	pLimits,
	pooledShare,
	uLimits,
	type ChartLimits,
	type Sized,
	type Tally,
} from '#rules';
import type { Plan } from '#contracts/plan.ts';
import { columnOf, type BaselinePoint } from './baseline.ts';
import { tallyOf } from '#server/engine/group.ts';
import type { Found, FoundChart } from './limits.ts';
import { rulesOfPlan } from '#server/engine/plans/plan-rules.ts';
import type { Counted, CountedChart } from './rates.ts';

type CountedPlan = Plan & { readonly chart: CountedChart };

/** What is known of a rate and of the samples that it is seen in. */
interface Known {
	/** Defectives or defects per unit. */
	readonly rate: number;
	readonly sigmaZ: number;
	/** Units of the sample that is usual. */
	readonly units: number;
	readonly notes: readonly string[];
	readonly baseline: Found['baseline'];
}

const ofShares = (chart: CountedChart) => chart === 'p' || chart === 'np' || chart === 'p-prime';

/** What values are, before anything is learnt. */
export function countedOf({ chart, unitsPerPoint: units = 1 }: CountedPlan): Counted {
	return { units, most: ofShares(chart) ? units : Infinity };
}

/** @returns undefined where Laney's sigma z cannot be told: no two neighbours */
export function learnCounted(plan: CountedPlan, points: readonly BaselinePoint[]): Found | undefined {
	const { units } = countedOf(plan);
	const counts = columnOf(points, ({ v }) => v);
	const sizes = columnOf(points, ({ size }) => size * units);
	const inspected = points.reduce((sum, { size }) => sum + size * units, 0);
	const { rate, notes } = seenIn(plan.chart, pooledShare(counts, sizes), inspected);
	const sigmaZ = sigmaZOf(plan.chart, { counts, sizes, rate });
	if (!Number.isFinite(sigmaZ)) return undefined;
	return foundOf(plan, {
		rate,
		sigmaZ,
		units: inspected / points.length,
		notes: sigmaZ === 0 ? [...notes, 'degenerate: no variation in the baseline'] : notes,
		baseline: {
			points: points.length,
			excluded: 0,
			fromMicros: points[0]!.tMicros,
			toMicros: points[points.length - 1]!.tMicros,
		},
	});
}

/** Limits around a rate (of np: a number of defectives) that somebody knows. */
export function givenCounted(plan: CountedPlan, centre: number): Found {
	const units = usualUnits(plan);
	const rate = plan.chart === 'np' ? centre / units : centre;
	return foundOf(plan, { rate, sigmaZ: 1, units, notes: [], baseline: null });
}

/** The parameters of a phase before its first limits; a given rate already says when a sample is sure to be beyond them. */
export function countedParameters(plan: CountedPlan): Found['parameters'] {
	const { baseline } = plan;
	if ('centre' in baseline) return givenCounted(plan, baseline.centre).parameters;
	return { group: tallyOf(plan), counted: countedOf(plan) };
}

/** A sample as large as the plan says, or the least that is taken of a window. */
function usualUnits({ subgroup, unitsPerPoint = 1 }: Plan): number {
	return unitsPerPoint * ('size' in subgroup ? subgroup.size : (subgroup.atLeast ?? 1));
}

/**
 * None at all says only that it is rare. Half a count in its place leaves limits that a first one need not pass, where a spread of zero
 * would leave no limits (the mean of Jeffreys' prior, as near as matters).
 */
function seenIn(chart: CountedChart, share: number, units: number): Pick<Known, 'rate' | 'notes'> {
	const half = 0.5 / units;
	if (share === 0) return { rate: half, notes: [`no count among ${units} units: limits as for half of one`] };
	if (ofShares(chart) && share === 1)
		return { rate: 1 - half, notes: [`all of ${units} units counted: limits as for all but half of one`] };
	return { rate: share, notes: [] };
}

function sigmaZOf(
	chart: CountedChart,
	{ counts, sizes, rate }: { readonly counts: Float64Array; readonly sizes: Float64Array; readonly rate: number },
): number {
	if (chart !== 'p-prime' && chart !== 'u-prime') return 1;
	const statistic = counts.map((count, i) => count / sizes[i]!);
	const plain = chart === 'p-prime' ? pLimits : uLimits;
	return laneySigmaZ({ statistic, centre: rate, sigma: sizes.map((size) => plain(rate, size).sigma) });
}

function foundOf(plan: CountedPlan, { rate, sigmaZ, units, notes, baseline }: Known): Found {
	const { chart, limitsSigma = 3 } = plan;
	const { numbers, named } = rulesOfPlan(plan);
	const lines = chart === 'np' ? npLimits(rate, units, { limitsSigma }) : undefined;
	const sized: Sized | undefined = lines ? undefined : { centre: rate, spread: sigmaZ, limitsSigma };
	const drawn = lines ?? linesAt(chart, units, sized!);
	const rules = numbers.filter((rule) => sigmaZ > 0 || (rule >= 2 && rule <= 4));
	const leading: FoundChart = {
		chart,
		lines: drawn,
		by: { centre: drawn.centre, sigma: drawn.sigma, limitsSigma, rules },
		named,
		...(sized && { sized, scale: ofShares(chart) ? 'share' : 'rate' }),
	};
	return {
		charts: [leading],
		parameters: {
			group: { ...tallyOf(plan), ...(sized && plan.subgroup.curtailed ? certain(plan, sized) : {}) },
			counted: { ...countedOf(plan), ...(sized && { sized }) },
		},
		method: baseline === null ? 'given' : sigmaZ === 1 ? 'counts' : 'counts-and-ranges',
		baseline,
		notes: [...notes, ...(rules.includes(1) && sigmaZ === 1 ? chanceNotes(plan, { rate, units }, drawn) : [])],
		lag1: null,
	};
}

function linesAt(chart: CountedChart, units: number, sized: Sized): ChartLimits {
	return limitsAtSize(chart === 'np' ? 'p' : chart, units, sized);
}

/** The counts beyond which a sample that has all its values is out of its limits, whatever the values to come. */
function certain(plan: CountedPlan, sized: Sized): Pick<Tally, 'above' | 'below'> {
	const units = usualUnits(plan);
	const { lcl, ucl } = linesAt(plan.chart, units, sized);
	const above = countsWithin(ucl, units);
	if (!ofShares(plan.chart)) return { above };
	const least = -countsWithin(-lcl, units);
	return { above, ...(least > 0 && { below: units - least }) };
}

/** Twice as often as a normal distribution would: worth a word. */
const OFTEN = 2;

function chanceNotes(
	{ chart, limitsSigma = 3 }: CountedPlan,
	{ rate, units }: Pick<Known, 'rate' | 'units'>,
	{ lcl, ucl }: ChartLimits,
): readonly string[] {
	const whole = Math.max(1, Math.round(units));
	const scale = chart === 'np' ? whole : 1;
	const kind = ofShares(chart) ? 'share' : 'rate';
	const chance = falseSignalsOfCounts(kind, { rate, units: whole }, { lcl: lcl / scale, ucl: ucl / scale });
	if (chance <= OFTEN * 2 * normalCdf(-limitsSigma)) return [];
	const [every, few] = [Math.round(1 / chance), Number((rate * whole).toPrecision(2))];
	return [`few counts in a sample (${few} of ${whole}): by chance one in ${every} is beyond the limits`];
}
