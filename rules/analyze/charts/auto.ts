import { judgeByPlan } from '../../recommend/judge.ts';
import type { RecommendedPlan } from '../../recommend/plan.ts';
import { recommendPlan } from '../../recommend/recommend.ts';
import type { Shape } from '../../shape/families.ts';
import { deviation, finiteOnly, mean } from '../../statistics/moments.ts';
import type { Answer, Chart, Charts } from '../answer.ts';
import { baselineOf, chartOf, orNull, phasesOf, type Lines, type Phase } from '../build.ts';
import type { Document } from '../document.ts';
import type { ChartSignal } from '../signals.ts';
import { valuesOf } from './values.ts';

/** A value a minute and a false alarm a day, unless the document says otherwise. */
const INTERVAL_MS = 60_000;
const FALSE_ALARMS_PER_DAY = 1;

/** Each phase by the plan that its own baseline recommends; the plan of the last phase is the answer's. */
export function analyzeAuto(document: Document): Answer {
	const judged = phasesOf(document).map((phase) => judgePhase(document, phase));
	const last = judged[judged.length - 1]!;
	const { advice, ...plan } = last.plan;
	const sd = orNull(deviation(last.baseline));
	return {
		charts: chartsOf(document, judged),
		signals: judged.flatMap(({ signals }) => signals),
		estimates: { mean: orNull(mean(last.baseline)), sigma: sd, sd },
		plan,
		advice,
	};
}

interface JudgedPhase {
	readonly phase: Phase;
	readonly plan: RecommendedPlan;
	readonly baseline: Float64Array;
	readonly signals: readonly ChartSignal[];
	readonly slow: Float64Array;
	readonly fast: Float64Array;
}

function judgePhase(document: Document, phase: Phase): JudgedPhase {
	const { baseline, options } = document;
	const left = valuesOf(document).map((v, i) => (baseline.exclude.has(i) ? NaN : v));
	const learnt = baselineOf(left, phase, baseline.exclude);
	const plan = recommendPlan({
		values: learnt,
		intervalMs: options.intervalMs ?? INTERVAL_MS,
		falseAlarmsPerDay: options.falseAlarmsPerDay ?? FALSE_ALARMS_PER_DAY,
	});
	const judged = judgeByPlan(plan, left.subarray(phase.from, phase.to), { missing: options.missing });
	return {
		phase,
		plan,
		baseline: finiteOnly(learnt),
		...judged,
		signals: judged.signals.map(({ span: [first, last], index, ...signal }) => ({
			...signal,
			index: index + phase.from,
			span: [first + phase.from, last + phase.from],
		})),
	};
}

/** The short memory is the chart of single points where the plan judges by these. */
function chartsOf({ count }: Document, judged: readonly JudgedPhase[]): Charts {
	const remembers = judged.some(({ plan }) => plan.chart === 'ewma');
	const single = judged.some(({ plan }) => plan.chart === 'i-mr');
	return {
		...(remembers ? { ewma: columns(count, judged, 'slow'), 'ewma-fast': columns(count, judged, 'fast') } : {}),
		...(single ? { i: columns(count, judged, 'single') } : {}),
	};
}

/** Scores back in the unit that the plan plots: that of the values, their logarithms or powers, or the score itself. */
function columns(count: number, judged: readonly JudgedPhase[], what: 'slow' | 'fast' | 'single'): Chart {
	const statistic = new Float64Array(count).fill(NaN);
	const lines: Lines = {
		centre: statistic.slice(),
		sigma: statistic.slice(),
		lcl: statistic.slice(),
		ucl: statistic.slice(),
	};
	for (const { phase, plan, slow, fast } of judged) {
		const { limits } = plan.parameters;
		const memory = what === 'slow' ? limits?.slow : limits?.fast;
		if (!memory || (plan.chart === 'i-mr') !== (what === 'single')) continue;
		const { centre, sigma: one } = scaleOf(plan);
		const sigma = one * Math.sqrt(memory.lambda / (2 - memory.lambda));
		(what === 'slow' ? slow : fast).forEach((z, i) => (statistic[phase.from + i] = centre + sigma * z));
		lines.centre.fill(centre, phase.from, phase.to);
		lines.sigma.fill(sigma, phase.from, phase.to);
		lines.lcl.fill(centre - memory.width * sigma, phase.from, phase.to);
		lines.ucl.fill(centre + memory.width * sigma, phase.from, phase.to);
	}
	return chartOf({ name: 'i', rules: 'own', statistic, lines });
}

function scaleOf({ parameters }: RecommendedPlan): { centre: number; sigma: number } {
	const shape: Shape | undefined = parameters.learnt?.shape;
	const linear = shape?.family === 'normal' || shape?.family === 'log-normal' || shape?.family === 'box-cox';
	return linear ? { centre: shape.mean, sigma: shape.sigma } : { centre: 0, sigma: 1 };
}
