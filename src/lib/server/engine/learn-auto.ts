import {
	farthestOf,
	individualsLimits,
	limitsAround,
	recommendPlan,
	revertTransform,
	type ChartLimits,
	type Learnt,
	type PlanLimits,
} from '#rules';
import type { Plan } from '#contracts/plan.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import type { BaselinePoint } from './baseline.ts';
import { carriedBack, type Found, type FoundChart } from './limits.ts';

/**
 * What a baseline recommends, as the charts of a live stream: values with the limits that one of them alone can pass, and both
 * memories of the plan in their own sigmas.
 *
 * @returns undefined where nothing can be judged by the baseline: fewer than three different values
 */
export function learnAuto({ falseAlarmsPerDay }: Plan, points: readonly BaselinePoint[]): Found | undefined {
	const intervalMs = intervalOf(points);
	if (intervalMs === undefined) return undefined;
	const originMs = points[0]!.tMicros / MICROS_PER_MS;
	const recommended = recommendPlan({ values: onGrid(points, intervalMs), intervalMs, falseAlarmsPerDay });
	const {
		parameters: { learnt, limits },
		advice,
		...plan
	} = recommended;
	if (learnt === null || limits === null) return undefined;
	// The library counts time from the first value.
	const season = learnt.season && { ...learnt.season, originMs: learnt.season.originMs + originMs };
	return {
		charts: chartsOf({ ...learnt, season }, limits),
		parameters: {
			group: learnt.subgroup,
			// Groups are made before.
			learnt: { ...learnt, season, subgroup: { kind: 'size', points: 1 } },
			slow: limits.slow && { lambda: limits.slow.lambda, cap: farthestOf(limits) },
			fast: limits.slow && { lambda: limits.fast.lambda, cap: Infinity },
		},
		method: 'recommended',
		baseline: {
			points: points.length,
			excluded: 0,
			fromMicros: points[0]!.tMicros,
			toMicros: points[points.length - 1]!.tMicros,
		},
		notes: advice.map(({ code, detail }) => `${code}: ${detail}`),
		lag1: null,
		plan: season === null ? plan : { ...plan, season },
	};
}

function chartsOf(learnt: Learnt, limits: PlanLimits): readonly FoundChart[] {
	const { slow, fast } = limits;
	const far = farthestOf(limits);
	const alone = slow === null;
	const leading: FoundChart = {
		chart: 'i',
		...drawn(individualsLimits(0, 1, { limitsSigma: far }), learnt),
		by: { centre: 0, sigma: 1, limitsSigma: far, rules: alone ? [1] : [] },
	};
	if (alone) return [leading];
	return [leading, memory('ewma', slow.width), memory('ewma-fast', fast.width)];
}

function memory(chart: 'ewma' | 'ewma-fast', width: number): FoundChart {
	const lines = limitsAround(0, 1, { limitsSigma: width });
	return { chart, lines, own: true, scale: 'score', by: { centre: 0, sigma: 1, limitsSigma: width, rules: [1] } };
}

/** Limits of scores in the unit of the values, unless what is judged is no function of the value alone. */
function drawn(lines: ChartLimits, learnt: Learnt): Pick<FoundChart, 'lines' | 'zones' | 'scale'> {
	if (!isFunctionOfValue(learnt)) return { lines, scale: 'score' };
	const value = (score: number) =>
		revertTransform(learnt.scale, revertTransform({ kind: 'score', shape: learnt.shape }, score));
	const carried = carriedBack(lines, value);
	return learnt.shape.family === 'normal' && learnt.scale.kind === 'none' ? { lines: carried.lines } : carried;
}

function isFunctionOfValue({ season, residual }: Learnt): boolean {
	return season === null && residual.kind === 'none';
}

/** The median step: a few pauses or bursts do not move it. */
function intervalOf(points: readonly BaselinePoint[]): number | undefined {
	const steps = points.flatMap(({ tMicros, broken }, i) =>
		i === 0 || broken ? [] : [tMicros - points[i - 1]!.tMicros],
	);
	const sorted = Float64Array.from(steps).sort();
	const median = sorted[Math.floor(sorted.length / 2)];
	return median === undefined ? undefined : median / MICROS_PER_MS;
}

/** Values one interval apart, with NaN where points are missing and where nothing is to be looked across. */
function onGrid(points: readonly BaselinePoint[], intervalMs: number): Float64Array {
	const values: number[] = [];
	const step = intervalMs * MICROS_PER_MS;
	// A pause of years would fill the memory; the pattern of a day cannot be told from so little.
	const most = points.length * 3;
	points.forEach(({ tMicros, v, broken }, i) => {
		const place = Math.round((tMicros - points[0]!.tMicros) / step);
		if (i > 0 && broken) values.push(NaN);
		while (broken && values.length < Math.min(place, most)) values.push(NaN);
		values.push(v);
	});
	return Float64Array.from(values);
}
