import type { Chart } from '#contracts/chart.ts';
import type { Limits } from '#contracts/limits.ts';
import * as m from '#messages';

const CHARTS: Readonly<Record<Chart, () => string>> = {
	i: m.format_chart_i,
	mr: m.format_chart_mr,
	xbar: m.format_chart_xbar,
	r: m.format_chart_r,
	s: m.format_chart_s,
	ewma: m.format_chart_ewma,
	'ewma-fast': m.format_chart_ewma_fast,
	cusum: m.format_chart_cusum,
	p: m.format_chart_p,
	np: m.format_chart_np,
	c: m.format_chart_c,
	u: m.format_chart_u,
	'p-prime': m.format_chart_p_prime,
	'u-prime': m.format_chart_u_prime,
	g: m.format_chart_g,
	t: m.format_chart_t,
	t2: m.format_chart_t2,
	z: m.format_chart_z,
	size: m.format_chart_size,
};

export function chartWords(chart: Chart): string {
	return CHARTS[chart]();
}

/** What a chart plots: how many values make a point, and on which scale. */
export interface Plotted {
	readonly chart: Chart;
	/** Values per point, or the time that a point stands for in words; 1 = each by itself. */
	readonly group: number | string;
	readonly scale: Limits['scale'] | undefined;
}

/** Charts of what was counted in samples. */
const SAMPLED: readonly Chart[] = ['p', 'np', 'c', 'u', 'p-prime', 'u-prime'];

/** @returns a chart's heading: `Mean of 30 values`, `EWMA, means of 1m`, `Score` */
export function chartTitle({ chart, group, scale }: Plotted): string {
	const of = group === 1 ? '' : typeof group === 'number' ? m.format_values({ count: group }) : group;
	const name = chart === 'i' && scale === 'score' ? m.format_chart_score() : chartWords(chart);
	if (of === '') return name;
	if (chart === 'i' && scale === undefined) return m.format_mean_of({ group: of });
	if (chart === 'xbar' || chart === 'r' || chart === 's') return m.format_chart_of({ chart: name, group: of });
	if (SAMPLED.includes(chart)) return m.format_chart_samples({ chart: name, group: of });
	return m.format_chart_means({ chart: name, group: of });
}

/** @param unit of the stream */
export function unitWords(scale: Limits['scale'] | undefined, unit: string): string {
	switch (scale) {
		case 'score':
			return 'σ';
		case 'transformed':
			return unit === '' ? m.format_transformed() : m.format_transformed_unit({ unit });
		case 'share':
			return '';
		case 'rate':
			return m.format_per_unit();
		case undefined:
			return unit;
	}
}

const METHODS: Readonly<Record<string, () => string>> = {
	'moving-range': m.format_method_moving_range,
	'overall-deviation': m.format_method_overall,
	'subgroup-ranges': m.format_method_ranges,
	'subgroup-deviations': m.format_method_deviations,
	counts: m.format_method_counts,
	'counts-and-ranges': m.format_method_laney,
	covariance: m.format_method_covariance,
	recommended: m.format_method_recommended,
	given: m.format_method_given,
};

/** @returns how limits were obtained */
export function methodWords(method: string): string {
	return (Object.hasOwn(METHODS, method) ? METHODS[method]?.() : undefined) ?? method;
}
