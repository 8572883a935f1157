import {
	analyze,
	falseAlarmsPerDay,
	inControlRunLength,
	judgeByPlan,
	NELSON_RULES,
	recommendPlan,
	type Advice,
	type RecommendedPlan,
	WESTERN_ELECTRIC_RULES,
	WESTGARD_RULES,
	AIAG_RULES,
	type Rule,
} from '#rules';
import type { Plan } from '#contracts/plan.ts';

/** The plan in force as far as its charts can be drawn over the same points. */
export interface PlanInForce {
	readonly chart: string;
	/** Values per plotted point; undefined where it is a time, which points alone do not tell. */
	readonly size: number | undefined;
	readonly transform: string;
	/** As the plan or the limits name them. */
	readonly rules: Plan['rules'] | readonly number[];
	/** Of single values; null = learnt from the points themselves. */
	readonly known: { readonly centre: number; readonly sigma: number } | null;
	/** Where limits came with a prediction of their own. */
	readonly predicted: { readonly arl: number | null; readonly falsePerDay: number } | null;
}

export interface Evidence {
	/** Oldest first. NaN in `v` is a break, nothing is looked across. */
	readonly tMicros: Float64Array;
	readonly v: Float64Array;
	readonly intervalMs: number;
	readonly falseAlarmsPerDay: number;
	readonly inForce: PlanInForce;
}

/** What a plan says of the points that were looked at. */
export interface Alarms {
	/** Times of the points that it signals at, integer microseconds. */
	readonly at: readonly number[];
	/** Signals in a row count once: what a person would be called for. */
	readonly alarms: number;
}

export interface Advised {
	readonly plan: Omit<RecommendedPlan, 'advice' | 'parameters'>;
	readonly advice: readonly Advice[];
	/** By what its rules promise for normal, independent values; null where that is not known. */
	readonly current: { readonly predictedArl: number | null; readonly predictedFalsePerDay: number | null };
	readonly preview: { readonly current: Alarms | null; readonly recommended: Alarms };
	/** Points that the recommended plan wants to learn from; null when nothing could be learnt. */
	readonly learnFrom: number | null;
}

/** An hour at one a second and five at one a minute: longer than that nobody waits for a chart. */
const LEAST_LEARNT = 300;
const MOST_LEARNT = 10_000;
/** Plotted points that limits rest on well. */
const PLOTTED = 100;

/** The plan that suits these points, and what both it and the one in force say of them. */
export function advise(evidence: Evidence): Advised {
	const { v, tMicros, intervalMs, inForce } = evidence;
	const { advice, parameters, ...plan } = recommendPlan({
		values: v,
		intervalMs,
		falseAlarmsPerDay: evidence.falseAlarmsPerDay,
	});
	const judged = judgeByPlan({ ...plan, advice, parameters }, v).signals.map(({ index }) => index);
	const now = judgedNow(inForce, v);
	return {
		plan,
		advice,
		current: predictedNow(inForce, intervalMs),
		preview: {
			current: now && alarmsAt(now.indices, { tMicros, every: now.every }),
			recommended: alarmsAt(judged, { tMicros, every: plan.subgroup }),
		},
		learnFrom: parameters.learnt && Math.min(MOST_LEARNT, Math.max(LEAST_LEARNT, plan.subgroup * PLOTTED)),
	};
}

/** @param every values per plotted point: how far apart neighbours are */
function alarmsAt(
	indices: readonly number[],
	{ tMicros, every }: { readonly tMicros: Float64Array; readonly every: number },
): Alarms {
	const points = [...new Set(indices)].sort((a, b) => a - b);
	const alarms = points.filter((index, i) => index - (points[i - 1] ?? -Infinity) > every).length;
	return { at: points.map((index) => tMicros[index]!), alarms };
}

interface Judged {
	readonly indices: readonly number[];
	readonly every: number;
}

/** @returns null for a plan that cannot be drawn over values alone */
function judgedNow({ chart, size, transform, rules, known }: PlanInForce, v: Float64Array): Judged | null {
	if (size === undefined || transform !== 'none') return null;
	const values = [...v].map((value) => (Number.isFinite(value) ? value : null));
	const document = { chart, values, rules, ...(known && { baseline: known }) };
	if (size === 1 && chart === 'i-mr') return { indices: indicesOf(document), every: 1 };
	if (size === 1 && (chart === 'ewma' || chart === 'cusum')) return { indices: indicesOf({ chart, values }), every: 1 };
	if (size === 1 || (chart !== 'xbar-r' && chart !== 'xbar-s')) return null;
	const { subgroups, last } = groupsOf(v, size);
	const indices = subgroups.length < 2 ? [] : indicesOf({ chart, subgroups, rules }).map((index) => last[index]!);
	return { indices, every: size };
}

/** Signals in time; none where there is too little to judge by. */
function indicesOf(document: object): number[] {
	return analyze(document).signals.map(({ index }) => index);
}

/** Whole groups only: a break begins the next one. */
export function groupsOf(v: Float64Array, size: number): { subgroups: number[][]; last: number[] } {
	const subgroups: number[][] = [];
	const last: number[] = [];
	let group: number[] = [];
	v.forEach((value, i) => {
		if (Number.isFinite(value)) group.push(value);
		else group = [];
		if (group.length < size) return;
		subgroups.push(group);
		last.push(i);
		group = [];
	});
	return { subgroups, last };
}

const RULED = ['i-mr', 'xbar-r', 'xbar-s'];

function predictedNow({ chart, size, rules, predicted }: PlanInForce, intervalMs: number): Advised['current'] {
	if (predicted) return { predictedArl: predicted.arl, predictedFalsePerDay: predicted.falsePerDay };
	const judging = rulesOf(rules);
	if (size === undefined || !RULED.includes(chart) || judging.length === 0)
		return { predictedArl: null, predictedFalsePerDay: null };
	return {
		predictedArl: inControlRunLength(judging).points,
		predictedFalsePerDay: falseAlarmsPerDay(judging, intervalMs * size),
	};
}

function rulesOf(rules: PlanInForce['rules']): readonly Rule[] {
	switch (rules) {
		case 'none':
			return [];
		case 'nelson':
			return NELSON_RULES;
		case 'western-electric':
			return WESTERN_ELECTRIC_RULES;
		case 'westgard':
			return WESTGARD_RULES;
		case 'aiag':
			return AIAG_RULES;
		default:
			return NELSON_RULES.filter(({ name }) => rules.some((rule) => rule === name));
	}
}
