import {
	applyTransform,
	cLimits,
	deviationLimits,
	gLimits,
	grandMean,
	imrLimits,
	individualsLimits,
	learnImr,
	learnTransform,
	limitsAround,
	rangeLimits,
	sigmaFromDeviations,
	sigmaFromRanges,
	SPREAD_RULES,
	tTime,
	tTransform,
	xbarLimits,
	zRangeLimits,
	type ChartLimits,
	type LearntImr,
	type Transform,
} from '#rules';
import type { LimitsMethod } from '#contracts/limits.ts';
import type { Plan } from '#contracts/plan.ts';
import { columnOf, pointsOf, type Baseline, type BaselinePoint } from './baseline.ts';
import { groupOf, tallyOf } from '#server/engine/group.ts';
import { learnAuto } from './learn-auto.ts';
import { countedParameters, givenCounted, learnCounted } from './learn-counted.ts';
import { carriedBack, inUnit, isUsable, scaleOf, type Found, type FoundChart } from './limits.ts';
import { rulesOfPlan } from '#server/engine/plans/plan-rules.ts';
import { isCounted, type CountedChart } from './rates.ts';

/** What is known of single values (of groups: of their means) on the scale that is judged. */
interface Known {
	readonly centre: number;
	readonly sigma: number;
	readonly transform: Transform;
	readonly method: LimitsMethod;
	readonly baseline: Found['baseline'];
	readonly notes: readonly string[];
	readonly lag1: number | null;
	/** Those that these limits can carry. */
	readonly carries: (rules: readonly number[]) => readonly number[];
	/** Of moving ranges, where it was measured and does not follow from sigma. */
	readonly ranges?: ChartLimits;
	/** Values in a group, on average. */
	readonly size: number;
}

/** @returns undefined when the baseline cannot tell: no two neighbours without a gap between, or numbers past a double */
export function learn(plan: Plan, baseline: Baseline): Found | undefined {
	const points = pointsOf(baseline);
	const found = learnBy(plan, points);
	return found !== undefined && isUsable(found) ? found : undefined;
}

function learnBy(plan: Plan, points: readonly BaselinePoint[]): Found | undefined {
	if (plan.chart === 'auto') {
		const found = learnAuto(plan, points);
		return found && plan.rules === 'none' ? { ...found, charts: found.charts.map(withoutRules) } : found;
	}
	// From several streams (derived/t2.ts); one alone tells nothing of them.
	if (plan.chart === 't2') return undefined;
	if (isOfCounts(plan)) return learnCounted(plan, points);
	const known = estimate(plan, points);
	return known && chartsOf(plan, known);
}

function isOfCounts(plan: Plan): plan is Plan & { readonly chart: CountedChart } {
	return isCounted(plan.chart);
}

/** What the stages of a new phase go by until its first limits. */
export function firstParameters(plan: Plan): Found['parameters'] {
	if (isOfCounts(plan)) return countedParameters(plan);
	const { transform, targets } = plan;
	return {
		group: plan.chart === 'c' ? tallyOf(plan) : groupOf(plan.subgroup),
		transform: transform === 'log' ? { kind: 'log' } : { kind: 'none' },
		...(targets && { targets }),
	};
}

/** Limits from what somebody knows: centre and sigma of single values; of counts the centre says the rest. */
export function given(plan: Plan, known: { readonly centre: number; readonly sigma?: number | undefined }): Found {
	if (isOfCounts(plan)) return givenCounted(plan, known.centre);
	const { centre, sigma = sigmaOfCounts(plan.chart, known.centre) } = known;
	const size = 'size' in plan.subgroup ? plan.subgroup.size : 1;
	const scale = givenOn(plan, { centre, sigma });
	return chartsOf(plan, {
		...scale,
		method: 'given',
		baseline: null,
		notes: [],
		lag1: null,
		carries: (rules) => rules,
		size,
	});
}

function sigmaOfCounts(chart: Plan['chart'], centre: number): number {
	return (chart === 'g' ? gLimits : cLimits)(centre).sigma;
}

/** Centre and sigma in the stream's unit, on the scale that is judged: logarithms by the delta method. */
function givenOn({ chart, transform }: Plan, { centre, sigma }: { centre: number; sigma: number }) {
	if (transform === 'log')
		return { centre: Math.log(centre), sigma: sigma / centre, transform: { kind: 'log' } } as const;
	const none = { kind: 'none' } as const;
	if (chart === 't') return { centre: tTransform(centre), sigma: slopeOfT(centre) * sigma, transform: none };
	return { centre, sigma, transform: none };
}

function slopeOfT(time: number): number {
	return tTransform(time) / time / 3.6;
}

function estimate(plan: Plan, points: readonly BaselinePoint[]): Known | undefined {
	const values = columnOf(points, ({ v }) => v);
	const measured = {
		transform: { kind: 'none' },
		baseline: {
			points: points.length,
			excluded: 0,
			fromMicros: points[0]!.tMicros,
			toMicros: points[points.length - 1]!.tMicros,
		},
		notes: [],
		lag1: null,
		carries: (rules) => rules,
		size: 1,
	} as const satisfies Partial<Known>;
	switch (plan.chart) {
		case 'xbar-r':
		case 'xbar-s':
			return fromGroups(plan.chart, points, measured);
		case 'c':
		case 'g': {
			const centre = grandMean({ mean: values, size: values.map(() => 1) });
			const { sigma } = plan.chart === 'c' ? cLimits(centre) : gLimits(centre);
			return { ...measured, centre, sigma, method: 'counts', carries: carriedBy(sigma) };
		}
		case 't':
			return fromSingles(plan, values.map(tTransform), measured);
		default: {
			const transform = learnTransform(plan.transform, values);
			if (transform === undefined) return undefined;
			return fromSingles(plan, changedBy(transform, values), { ...measured, transform });
		}
	}
}

type Measured = Omit<Known, 'centre' | 'sigma' | 'method'>;

function fromGroups(chart: 'xbar-r' | 'xbar-s', points: readonly BaselinePoint[], measured: Measured): Known {
	const column = (of: (point: BaselinePoint) => number) => Float64Array.from(points, of);
	const [mean, spread, size] = [column(({ v }) => v), column((p) => p.spread), column((p) => p.size)];
	const ranges = chart === 'xbar-r';
	const sigma = ranges ? sigmaFromRanges({ range: spread, size }) : sigmaFromDeviations({ sd: spread, size });
	return {
		...measured,
		centre: grandMean({ mean, size }),
		sigma,
		method: ranges ? 'subgroup-ranges' : 'subgroup-deviations',
		notes: sigma === 0 ? ['degenerate: no variation in the baseline'] : [],
		carries: carriedBy(sigma),
		size: Math.max(2, Math.round(size.reduce((sum, n) => sum + n, 0) / size.length)),
	};
}

/** Without variation only rules that need no sigma mean something. */
function carriedBy(sigma: number): Known['carries'] {
	return (rules) => rules.filter((rule) => sigma > 0 || (rule >= 2 && rule <= 4));
}

function fromSingles(plan: Plan, values: Float64Array, measured: Measured): Known | undefined {
	const { numbers } = rulesOfPlan(plan);
	const learnt: LearntImr | undefined = learnImr({ values, rules: numbers, options: widthOf(plan) });
	if (learnt === undefined) return undefined;
	const { i, mr, method, excluded, notes, lag1, rules } = learnt;
	return {
		...measured,
		centre: i.centre,
		sigma: i.sigma,
		method,
		baseline: measured.baseline && { ...measured.baseline, excluded: excluded.length },
		notes,
		lag1,
		carries: () => rules,
		ranges: mr,
	};
}

function changedBy(transform: Transform, values: Float64Array): Float64Array {
	return transform.kind === 'none' ? values : values.map((v) => (v === v ? applyTransform(transform, v) : v));
}

const widthOf = ({ limitsSigma }: Plan) => (limitsSigma === undefined ? {} : { limitsSigma });

function chartsOf(plan: Plan, known: Known): Found {
	const { transform, method, baseline, notes, lag1 } = known;
	const { group, targets } = firstParameters(plan);
	const { charts: ruled, parameters } = linesOf(plan, known);
	const charts = plan.rules === 'none' ? ruled.map(withoutRules) : ruled;
	const kept = { ...(group && { group }), ...(targets && { targets }) };
	return { charts, parameters: { ...kept, transform, ...parameters }, method, baseline, notes, lag1 };
}

const LAMBDA = 0.2;
const [SLACK, LIMIT] = [0.5, 5];

function linesOf(plan: Plan, known: Known): Pick<Found, 'charts' | 'parameters'> {
	const { centre, sigma, transform, size } = known;
	const { limitsSigma = 3 } = plan;
	const { numbers, named } = rulesOfPlan(plan);
	const rules = known.carries(numbers);
	const single = individualsLimits(centre, sigma, { limitsSigma });
	const by = { centre, sigma, limitsSigma, rules };
	const ruled = { by, named };
	const seen: FoundChart = { chart: 'i', ...inUnit(single, transform), by: { ...by, rules: [] } };
	switch (plan.chart) {
		case 'i-mr': {
			const ranges = known.ranges ?? imrLimits({ centre, sigma }, { limitsSigma }).mr;
			return {
				charts: [
					{ chart: 'i', ...inUnit(single, transform), ...ruled },
					{ chart: 'mr', lines: ranges, by: byLines(ranges, limitsSigma), ...scaleOf(transform) },
				],
				parameters: {},
			};
		}
		case 'xbar-r':
		case 'xbar-s': {
			const means = xbarLimits({ centre, sigma, size }, { limitsSigma });
			const ranges = plan.chart === 'xbar-r';
			const sized = 'size' in plan.subgroup ? {} : { sized: { centre, spread: sigma, limitsSigma } };
			const spreads = (ranges ? rangeLimits : deviationLimits)({ sigma, size }, { limitsSigma });
			return {
				charts: [
					{ chart: 'xbar', lines: means, ...ruled, by: { ...by, sigma: means.sigma }, ...sized },
					{ chart: ranges ? 'r' : 's', lines: spreads, by: byLines(spreads, limitsSigma), ...sized },
				],
				parameters: { spread: sigma },
			};
		}
		case 'ewma': {
			const { lambda = LAMBDA } = plan;
			const long = limitsAround(centre, sigma * Math.sqrt(lambda / (2 - lambda)), { limitsSigma });
			return {
				charts: [
					{ chart: 'ewma', lines: long, own: true, by: byLines(long, limitsSigma), ...scaleOf(transform) },
					seen,
				],
				parameters: { mean: { lambda, target: centre, sigma } },
			};
		}
		case 'cusum': {
			const { k = SLACK, h = LIMIT } = plan;
			const lines = limitsAround(0, (h * sigma) / 3);
			return {
				charts: [{ chart: 'cusum', lines, own: true, by: byLines(lines, 3), ...scaleOf(transform) }, seen],
				parameters: { sums: { target: centre, slack: k * sigma, limit: h * sigma } },
			};
		}
		case 'c':
		case 'g':
			return {
				charts: [{ chart: plan.chart, lines: limitsAround(centre, sigma, { limitsSigma, least: 0 }), ...ruled }],
				parameters: {},
			};
		case 't':
			return { charts: [{ chart: 't', ...carriedBack(single, tTime), ...ruled }], parameters: {} };
		case 'z-mr': {
			const ranges = zRangeLimits({ limitsSigma });
			return {
				charts: [
					{ chart: 'z', lines: single, ...ruled, scale: 'score' },
					{ chart: 'mr', lines: ranges, by: byLines(ranges, limitsSigma), scale: 'score' },
				],
				parameters: {},
			};
		}
		default:
			throw new RangeError(`limits of ${plan.chart} are not found like this`);
	}
}

/** Drawn, and judged by nothing. */
function withoutRules({ own: _, by, ...chart }: FoundChart): FoundChart {
	return { ...chart, by: { ...by, rules: [] } };
}

/** Spreads are judged by rule 1 alone. */
function byLines({ centre, sigma }: ChartLimits, limitsSigma: number): FoundChart['by'] {
	return { centre, sigma, limitsSigma, rules: SPREAD_RULES };
}
