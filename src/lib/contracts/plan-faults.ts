import type { Plan } from './plan.ts';

type Kind = Plan['chart'];

/** Values of one group: sampling constants of larger ones are no better than those of two groups. */
export const MAX_GROUP = 100;

const GROUPED: readonly Kind[] = ['xbar-r', 'xbar-s'];
const GROUPABLE: readonly Kind[] = [...GROUPED, 'i-mr', 'ewma', 'cusum', 'auto'];
const TRANSFORMED: readonly Kind[] = ['i-mr', 'ewma', 'cusum'];
const BY_OWN_LIMITS: readonly Kind[] = ['ewma', 'cusum', 'auto'];

type Found = readonly [keyof Plan, string];

/** What in a plan does not go together: the field to mend, and how. */
export function faultsOfPlan(plan: Plan): readonly Found[] {
	return [...ofSubgroup(plan), ...ofTransform(plan), ...ofBaseline(plan), ...ofLimits(plan), ...ofRules(plan)];
}

function ofSubgroup({ chart, subgroup }: Plan): Found[] {
	const single = 'size' in subgroup && subgroup.size === 1;
	if (single === !GROUPED.includes(chart) || (!single && GROUPABLE.includes(chart))) return [];
	if (single) return [['subgroup', `${chart} needs groups: {size: 2} to {size: ${MAX_GROUP}}, or {window: 1m}`]];
	return [['subgroup', `${chart} judges single values: leave subgroup out`]];
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
	const learnt = transform === 'box-cox' || transform === 'percentile';
	return learnt ? [['baseline', `${transform} is learnt from values: {points: 100}`]] : [];
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

function ofRules({ chart, rules }: Plan): Found[] {
	const unsaid = String(rules) === '1,2,5,6' || rules === 'none';
	if (unsaid || !BY_OWN_LIMITS.includes(chart)) return [];
	return [['rules', `${chart} is judged by its own limits: leave rules out`]];
}
