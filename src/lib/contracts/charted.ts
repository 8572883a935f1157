import type { Chart } from './chart.ts';

/** What of a plan says which charts it draws and of what. */
export interface ChartedPlan {
	readonly chart?: string | undefined;
	readonly subgroup?: object | undefined;
}

const CHARTS_OF: Readonly<Record<string, readonly Chart[]>> = {
	'i-mr': ['i', 'mr'],
	'xbar-r': ['xbar', 'r'],
	'xbar-s': ['xbar', 's'],
	ewma: ['ewma', 'i'],
	cusum: ['cusum', 'i'],
	auto: ['i', 'ewma-fast', 'ewma'],
	p: ['p'],
	np: ['np'],
	c: ['c'],
	u: ['u'],
	'p-prime': ['p-prime'],
	'u-prime': ['u-prime'],
	g: ['g'],
	t: ['t'],
	t2: ['t2'],
	'z-mr': ['z', 'mr'],
};

/** Charts that may be the first of a stream, those of plain values before those that remember. */
export const LEADING: readonly Chart[] = [
	'i',
	'xbar',
	'p',
	'np',
	'c',
	'u',
	'p-prime',
	'u-prime',
	'g',
	't',
	't2',
	'z',
	'ewma-fast',
	'ewma',
	'cusum',
];

/** What an overview draws from: limits may follow the size of a point. */
export const OVERVIEW_CHARTS: readonly Chart[] = [...LEADING, 'size'];

/** @returns what a plan may plot, the chart that is read first to begin with */
export function chartsOf({ chart = 'i-mr' }: ChartedPlan): readonly Chart[] {
	return Object.hasOwn(CHARTS_OF, chart) ? (CHARTS_OF[chart] ?? []) : [];
}

/** true when chart `i` plots every value as it was measured, so that stored points are its points. */
export function plotsValues({ chart = 'i-mr', subgroup }: ChartedPlan): boolean {
	if (!['i-mr', 'ewma', 'cusum'].includes(chart)) return false;
	return subgroup === undefined || ('size' in subgroup && subgroup.size === 1);
}
