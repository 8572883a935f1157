import {
	applyTransform,
	createSubgroup,
	farthestOf,
	individualsLimits,
	limitsAround,
	recommendPlan,
	revertTransform,
	type Learnt,
	type PlanLimits,
} from '#rules';
import type { Plan } from '#contracts/plan.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import type { BaselinePoint } from './baseline.ts';
import { groupOf, groupsOf } from '#server/engine/group.ts';
import { carriedBack, inUnit, type Found, type FoundChart } from './limits.ts';

/**
 * What a baseline recommends, as the charts of a live stream: the values themselves, and both memories of the plan in their own
 * sigmas, which judge.
 *
 * @returns undefined where nothing can be judged by the baseline: fewer than three different values
 */
export function learnAuto({ falseAlarmsPerDay, subgroup }: Plan, points: readonly BaselinePoint[]): Found | undefined {
	const intervalMs = intervalOf(points);
	if (intervalMs === undefined) return undefined;
	const { parameters, advice, ...plan } = recommendPlan({
		values: onGrid(points, intervalMs),
		intervalMs,
		falseAlarmsPerDay,
	});
	const { learnt, limits } = parameters;
	if (learnt === null || limits === null) return undefined;
	const own = groupOf(subgroup);
	const single = own.kind === 'size' && own.points === 1;
	// The library counts time from the first value.
	const originMs = points[0]!.tMicros / MICROS_PER_MS;
	const season = learnt.season && { ...learnt.season, originMs: learnt.season.originMs + originMs };
	const byValue = limits.slow === null && isFunctionOfValue(learnt);
	return {
		charts: chartsOf({ limits, learnt, single: byValue, points }),
		parameters: {
			group: groupsOf(own, plan.subgroup),
			// Groups are made before.
			learnt: { ...learnt, season, subgroup: { kind: 'size', points: 1 } },
			slow: limits.slow && { lambda: limits.slow.lambda, cap: farthestOf(limits) },
			fast: byValue ? null : { lambda: limits.fast.lambda, cap: Infinity },
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
		plan: { ...plan, season, ...(own.kind === 'size' && { subgroup: own.points * plan.subgroup }) },
		...(!single && { regroup: plan.subgroup }),
	};
}

interface Learning {
	readonly limits: PlanLimits;
	readonly learnt: Learnt;
	/** Single values are judged, by limits on the values. */
	readonly single: boolean;
	readonly points: readonly BaselinePoint[];
}

function chartsOf(learning: Learning): readonly FoundChart[] {
	const { limits, learnt, single, points } = learning;
	const far = farthestOf(limits);
	const leading: FoundChart = {
		chart: 'i',
		...(isFunctionOfValue(learnt) ? linesOfScores(far, learnt) : linesOfValues(points, learnt)),
		by: { centre: 0, sigma: 1, limitsSigma: far, rules: single ? [1] : [] },
	};
	const slow = limits.slow === null ? [] : [memory('ewma', limits.slow.width)];
	return [leading, ...slow, ...(single ? [] : [memory('ewma-fast', limits.fast.width)])];
}

function memory(chart: 'ewma' | 'ewma-fast', width: number): FoundChart {
	const lines = limitsAround(0, 1, { limitsSigma: width });
	return { chart, lines, own: true, scale: 'score', by: { centre: 0, sigma: 1, limitsSigma: width, rules: [1] } };
}

function isFunctionOfValue({ season, residual }: Learnt): boolean {
	return season === null && residual.kind === 'none';
}

/** The limits that a single value can pass by itself, carried back to its unit. */
function linesOfScores(far: number, { scale, shape }: Learnt): Pick<FoundChart, 'lines' | 'zones'> {
	const lines = individualsLimits(0, 1, { limitsSigma: far });
	return carriedBack(lines, (score) => revertTransform(scale, revertTransform({ kind: 'score', shape }, score)));
}

/**
 * Where the judged score depends on the time or the values before, no line on the values says what is judged: three sigmas of all
 * that the baseline plots say where values are when nothing happens.
 */
function linesOfValues(
	points: readonly BaselinePoint[],
	{ scale, subgroup }: Learnt,
): Pick<FoundChart, 'lines' | 'zones'> {
	const stage = createSubgroup(1);
	stage.set(0, subgroup);
	const plotted = points.flatMap(({ v, tMicros, broken }) => {
		if (broken) stage.reset(0);
		const mean = stage.push(0, v, tMicros);
		return Number.isNaN(mean) ? [] : [applyTransform(scale, mean)];
	});
	const { mean, sd } = momentsOf(plotted);
	return inUnit(individualsLimits(mean, sd), scale);
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly sd: number } {
	const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
	const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
	return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
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
