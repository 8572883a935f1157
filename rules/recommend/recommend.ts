import type { Advice } from '../analyze/advice.ts';
import { parametersOf, type Shape } from '../shape/families.ts';
import { deviation, finiteOnly, mean } from '../statistics/moments.ts';
import { countedOf } from './counted.ts';
import { findingsOf } from './findings.ts';
import type { Dependence } from '../shape/dependence.ts';
import type { Learnt } from '../stages/chain.ts';
import { inflationOf, learnModel, scoresOf, type Model } from './learn.ts';
import type { RecommendedPlan } from './plan.ts';
import { adviceOn, reasonsOf } from './reasons.ts';
import { designPair, designSingle, farthestOf } from './run-length.ts';
import { groupMeans, paceOf } from './subgroup.ts';
import { unitsOf } from './units.ts';
import { widened, type Footing } from './widen.ts';

export interface RecommendInput {
	/** A baseline, oldest first, in the stream's unit; what is not finite is missing. */
	readonly values: Float64Array;
	/** Between values. */
	readonly intervalMs: number;
	/** The budget of false alarms. */
	readonly falseAlarmsPerDay: number;
}

/**
 * The chart, transform, subgroup and limits that suit a baseline, with the false alarms to expect.
 *
 * @throws RangeError for an interval or a budget that is not above 0
 */
export function recommendPlan({ values, intervalMs, falseAlarmsPerDay }: RecommendInput): RecommendedPlan {
	for (const [name, number] of Object.entries({ intervalMs, falseAlarmsPerDay }))
		if (!(number > 0 && number < Infinity)) throw new RangeError(`${name} must be above 0, not ${number}`);
	const given = values.map((v) => (Number.isFinite(v) ? v : NaN));
	if (!varies(given)) return nothingToJudgeBy(intervalMs, given);
	const pace = paceOf(given, intervalMs, falseAlarmsPerDay);
	const points = groupMeans(given, pace.size);
	const model = learnModel(points, intervalMs * pace.size);
	const scores = scoresOf(model);
	const phi = model.residual.kind === 'ar1' ? model.residual.phi : 0;
	const lambdas = memoriesFor(model.residual);
	const footing: Footing = {
		count: finiteOnly(model.rest).length,
		parameters: parametersOf(model.described.shape),
		waves: model.season?.waves.length ?? 0,
		phi,
		inflation: inflationOf(scores, lambdas.slow),
	};
	const designed = tooFew(footing.count) ? designSingle(pace.arl) : designPair(lambdas, pace.arl);
	const limits = widened(designed, footing);
	const findings = findingsOf({ points, rest: model.rest, scores, far: farthestOf(limits) });
	const grounds = { model, pace, footing, findings, designed, limits, intervalMs, counted: countedOf(given) };
	return {
		chart: limits.slow ? 'ewma' : 'i-mr',
		transform: transformOf(model.described.shape, model),
		subgroup: pace.size,
		residual: model.residual.kind,
		season: model.season,
		rules: [1],
		limitsSigma: (limits.slow ?? limits.fast).width,
		predictedArl: pace.arl,
		predictedFalsePerDay: DAY_MS / intervalMs / pace.size / pace.arl,
		reasons: reasonsOf(grounds),
		advice: adviceOn(grounds),
		parameters: { intervalMs, learnt: learntOf(model, pace.size), limits },
	};
}

const DAY_MS = 86_400_000;

/** An EWMA's limits would be wider by a third than known ones. */
export function tooFew(count: number): boolean {
	return count < 30;
}

/**
 * Three different values at the least, more than the noise of a double's last bits between them, and fourth powers
 * that a double holds.
 */
function varies(values: Float64Array): boolean {
	const there = finiteOnly(values);
	const different = new Set(there).size;
	const sigma = deviation(there);
	return different >= 3 && sigma > Math.max(1e-70, 1e-12 * Math.abs(mean(there))) && sigma < 1e70;
}

function nothingToJudgeBy(intervalMs: number, values: Float64Array): RecommendedPlan {
	const { reason, advice } = whyNothing(values);
	return {
		chart: 'i-mr',
		transform: 'none',
		subgroup: 1,
		residual: 'none',
		season: null,
		rules: [],
		limitsSigma: 3,
		predictedArl: null,
		predictedFalsePerDay: 0,
		reasons: [reason],
		advice: [advice],
		parameters: { intervalMs, learnt: null, limits: null },
	};
}

function whyNothing(values: Float64Array): { readonly reason: string; readonly advice: Advice } {
	const count = finiteOnly(values).length;
	const units = unitsOf(values);
	if (units !== undefined) {
		const detail = `${count} values that are 0 or 1, ${Number((100 * units.share).toPrecision(2))} % of them 1`;
		const suggestion = `judge the share of each sample: chart p, samples of ${units.sample}, so that five of the rarer kind are expected in each`;
		return {
			reason: `nothing can be judged by a single 0 or 1: ${suggestion}`,
			advice: { code: 'discrete', detail, suggestion },
		};
	}
	const detail = `${count} values, fewer than three of them different`;
	const suggestion = 'check resolution and liveness of the measurement, or wait for more values';
	const code = count < 20 ? 'too-few-points' : 'degenerate';
	return { reason: `nothing can be judged by ${detail}`, advice: { code, detail, suggestion } };
}

/**
 * A compromise over shifts of 0.5 to 3 sigma, found by simulation. Of a shift of the level the first residual has
 * all, the later ones
 * 1 - phi: so the long memory is the longer, and the short one the shorter, the more neighbours are alike.
 */
function memoriesFor(residual: Dependence): { slow: number; fast: number } {
	if (residual.kind !== 'ar1') return { slow: SLOW, fast: residual.kind === 'ewma' ? 1 : FAST };
	const { phi } = residual;
	return {
		slow: Math.min(2 * SLOW, SLOW * Math.sqrt((1 - phi) / (1 + phi))),
		fast: FAST + (1 - FAST) * Math.max(0, phi),
	};
}

const SLOW = 0.075;
const FAST = 0.4;

function transformOf(shape: Shape, { scale }: Model): RecommendedPlan['transform'] {
	switch (shape.family) {
		case 'normal':
			return scale.kind === 'log' ? 'log' : 'none';
		case 'log-normal':
			return 'log';
		case 'box-cox':
			return 'box-cox';
		default:
			return 'percentile';
	}
}

function learntOf({ scale, season, residual, described }: Model, size: number): Learnt {
	return { subgroup: { kind: 'size', points: size }, scale, season, residual, shape: described.shape };
}
