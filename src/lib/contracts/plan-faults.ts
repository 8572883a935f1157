import type { Plan } from './plan.ts';

type Kind = Plan['chart'];

/** Values of one group: sampling constants of larger ones are no better than those of two groups. */
export const MAX_GROUP = 100;
/** Values of one sample on a chart of counts: a share of one in a thousand takes thousands. */
export const MAX_SAMPLE = 100_000;

/** What stands in a plan without a baseline, until it is known for which chart. */
export const UNSAID = Object.freeze({ points: 100 });

const GROUPED: readonly Kind[] = ['xbar-r', 'xbar-s'];
/** Units are inspected, and some are bad: a value is how many of its units are. */
const OF_SHARES: readonly Kind[] = ['p', 'np', 'p-prime'];
/** Samples of any size; the limits of each point follow from it. */
const OF_SAMPLES: readonly Kind[] = ['p', 'p-prime', 'u', 'u-prime'];
const COUNTED: readonly Kind[] = [...OF_SAMPLES, 'np', 'c'];
const GROUPABLE: readonly Kind[] = [...GROUPED, ...COUNTED, 'i-mr', 'ewma', 'cusum', 'auto'];
const TRANSFORMED: readonly Kind[] = ['i-mr', 'ewma', 'cusum'];
const BY_OWN_LIMITS: readonly Kind[] = ['ewma', 'cusum', 'auto'];

/** The field to mend, as a path with dots, and how. */
/** Of several streams each: they have to fit into one value of the journal. */
export const MAX_T2_POINTS = 2000;

type Found = readonly [path: string, message: string];

/** What in a plan does not go together. */
export function faultsOfPlan(plan: Plan): readonly Found[] {
	return [
		...ofSubgroup(plan),
		...ofCounts(plan),
		...ofT2(plan),
		...ofParts(plan),
		...ofTransform(plan),
		...ofBaseline(plan),
		...ofLimits(plan),
		...ofRules(plan),
		...ofSeverities(plan),
	];
}

/** Rules by number, and what is judged without one. */
const GRAVE = /^([1-8]|limit|no-data|out-of-spec)$/;

function ofSeverities({ severities = {}, rules }: Plan): Found[] {
	const named = Array.isArray(rules) ? rules.map((rule) => (typeof rule === 'object' ? rule.name : '')) : [];
	return Object.keys(severities)
		.filter((rule) => !GRAVE.test(rule) && !named.includes(rule))
		.map((rule) => [
			`severities.${rule}`,
			'is no rule: 1 to 8, limit, no-data, out-of-spec, or the name of one in rules',
		]);
}

function ofSubgroup({ chart, subgroup, unitsPerPoint = 1 }: Plan): Found[] {
	const single = 'size' in subgroup && subgroup.size === 1;
	if (OF_SHARES.includes(chart) && single && unitsPerPoint === 1)
		return [
			['subgroup', `${chart} needs samples: {size: 50}, {window: 1m}, or unitsPerPoint where a value is of many units`],
		];
	if ((chart === 'np' || chart === 'c') && 'window' in subgroup)
		return [
			['subgroup', `${chart} needs samples of one size: {size: 50}; for windows use ${chart === 'np' ? 'p' : 'u'}`],
		];
	if ('size' in subgroup && subgroup.size > MAX_GROUP && !COUNTED.includes(chart))
		return [['subgroup.size', `must be ${MAX_GROUP} at most on ${chart}`]];
	if (single === !GROUPED.includes(chart) || (!single && GROUPABLE.includes(chart))) return [];
	if (single) return [['subgroup', `${chart} needs groups: {size: 2} to {size: ${MAX_GROUP}}, or {window: 1m}`]];
	return [['subgroup', `${chart} judges single values: leave subgroup out`]];
}

function ofCounts({ chart, subgroup, unitsPerPoint }: Plan): Found[] {
	const found: Found[] = [];
	const only = `belongs to ${OF_SAMPLES.join(', ')}, not to ${chart}`;
	if (unitsPerPoint !== undefined && (!COUNTED.includes(chart) || chart === 'c'))
		found.push(['unitsPerPoint', `belongs to ${[...OF_SAMPLES, 'np'].join(', ')}, not to ${chart}`]);
	else if (OF_SHARES.includes(chart) && !Number.isInteger(unitsPerPoint ?? 1))
		found.push(['unitsPerPoint', 'must be whole: units are good or bad']);
	if (subgroup.curtailed !== undefined && !OF_SAMPLES.includes(chart)) found.push(['subgroup.curtailed', only]);
	if ('size' in subgroup) return found;
	if (subgroup.atLeast !== undefined && !OF_SAMPLES.includes(chart)) found.push(['subgroup.atLeast', only]);
	if (subgroup.curtailed === true && subgroup.atLeast === undefined)
		found.push(['subgroup.curtailed', 'needs atLeast: nothing is sure of a window of any size before it is over']);
	return found;
}

function ofT2({ chart, baseline, rules, limitsSigma }: Plan): Found[] {
	if (chart !== 't2') return [];
	const found: Found[] = [];
	if ('centre' in baseline) found.push(['baseline', 't2 learns how its streams go together: {points: 100}']);
	if ('points' in baseline && baseline.points > MAX_T2_POINTS)
		found.push(['baseline.points', `must be ${MAX_T2_POINTS} at most on t2`]);
	if (String(rules) !== '1,2,5,6' && String(rules) !== '1' && rules !== 'none')
		found.push(['rules', 't2 has one limit: leave rules out']);
	if (limitsSigma !== undefined) found.push(['limitsSigma', 't2 has its limit from its distribution: leave it out']);
	return found;
}

function ofParts({ chart, part, targets, baseline }: Plan): Found[] {
	const found: Found[] = [];
	if (chart !== 'z-mr') {
		if (part !== undefined) found.push(['part', `belongs to z-mr, not to ${chart}`]);
		if (targets !== undefined) found.push(['targets', `belong to z-mr, not to ${chart}`]);
		return found;
	}
	if (part === undefined) found.push(['part', 'is missing: the key of the stream that says which part is made']);
	if (targets === undefined || Object.keys(targets).length === 0)
		found.push(['targets', 'are missing: {"17": {centre: 10, sigma: 0.1}} for part 17']);
	const isInSigmas = 'centre' in baseline && baseline.centre === 0 && baseline.sigma === 1;
	if (!isInSigmas && baseline !== UNSAID) found.push(['baseline', 'z-mr is judged by its targets: leave it out']);
	return found;
}

function ofTransform({ chart, transform }: Plan): Found[] {
	if (transform === 'none' || TRANSFORMED.includes(chart)) return [];
	if (chart === 'auto') return [['transform', 'auto finds the transform itself: leave it out']];
	return [['transform', `${transform} does not go with ${chart}; it goes with ${TRANSFORMED.join(', ')}`]];
}

function ofBaseline({ chart, transform, baseline }: Plan): Found[] {
	if (!('centre' in baseline)) return [];
	if (chart === 'auto')
		return [['baseline', 'auto needs values to learn from: {points: 300}; with a known centre and sigma use ewma']];
	if (COUNTED.includes(chart)) return ofGivenCounts(chart, baseline);
	if (baseline.sigma === undefined && chart !== 'g') return [['baseline.sigma', 'is missing']];
	const learnt = transform === 'box-cox' || transform === 'percentile';
	return learnt ? [['baseline', `${transform} is learnt from values: {points: 100}`]] : [];
}

function ofGivenCounts(
	chart: Kind,
	{ centre, sigma }: { readonly centre: number; readonly sigma?: number | undefined },
): Found[] {
	if (chart === 'p-prime' || chart === 'u-prime')
		return [['baseline', `how much more than counts ${chart} varies is learnt from values: {points: 100}`]];
	const most = chart === 'p' ? 1 : Infinity;
	if (!(centre > 0 && centre < most))
		return [
			['baseline.centre', `must be over 0${chart === 'p' ? ' and below 1' : ''}: what is expected of a ${chart} chart`],
		];
	if (sigma !== undefined && chart !== 'c')
		return [['baseline.sigma', `follows from the centre on ${chart}: leave it out`]];
	return [];
}

function ofLimits({ chart, limitsSigma, lambda, k, h }: Plan): Found[] {
	const found: Found[] = [];
	if (limitsSigma !== undefined && chart === 'auto')
		found.push(['limitsSigma', 'auto finds its limits itself, for falseAlarmsPerDay']);
	if (limitsSigma !== undefined && chart === 'cusum') found.push(['limitsSigma', 'cusum has h in its place']);
	if (lambda !== undefined && chart !== 'ewma') found.push(['lambda', `belongs to ewma, not to ${chart}`]);
	if (k !== undefined && chart !== 'cusum') found.push(['k', `belongs to cusum, not to ${chart}`]);
	if (h !== undefined && chart !== 'cusum') found.push(['h', `belongs to cusum, not to ${chart}`]);
	return found;
}

function ofRules({ chart, rules, rule8, startup }: Plan): Found[] {
	if (!BY_OWN_LIMITS.includes(chart)) return [];
	const found: Found[] = [];
	if (String(rules) !== '1,2,5,6' && rules !== 'none')
		found.push(['rules', `${chart} is judged by its own limits: leave rules out`]);
	if (rule8 !== undefined) found.push(['rule8', `${chart} is judged by its own limits: leave it out`]);
	if (startup !== undefined) found.push(['startup', `${chart} is judged by its own limits: leave it out`]);
	return found;
}
