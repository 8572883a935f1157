import type { RecommendedPlan } from '../recommend/plan.ts';
import type { Capability } from '../capability/capability.ts';
import type { Advice } from './advice.ts';
import type { ChartSignal } from './signals.ts';

/** Columns as long as the plotted statistic; null where there is no value or too little to estimate from. */
export interface Chart {
	readonly statistic: readonly (number | null)[];
	readonly centre: readonly (number | null)[];
	/** Of the plotted statistic; null where its limits are not symmetric (t, t2). */
	readonly sigma: readonly (number | null)[];
	readonly lcl: readonly (number | null)[];
	readonly ucl: readonly (number | null)[];
}

/** Both sums with their limit. */
export interface CusumChart {
	readonly plus: readonly (number | null)[];
	readonly minus: readonly (number | null)[];
	/** The limit in the unit of the values; of the last phase. */
	readonly h: number | null;
	/** The limit at each point. */
	readonly limit: readonly (number | null)[];
	/** Indices at which a sum is over the limit. */
	readonly out: readonly number[];
}

export type ChartName =
	| 'i'
	| 'mr'
	| 'xbar'
	| 'r'
	| 's'
	| 'ewma'
	| 'ewma-fast'
	| 'p'
	| 'np'
	| 'c'
	| 'u'
	| 'p-prime'
	| 'u-prime'
	| 'g'
	| 't'
	| 't2'
	| 'z';

export type Charts = { readonly [name in ChartName]?: Chart } & { readonly cusum?: CusumChart };

/** What limits rest on, in the unit of the values; of the last phase where there are several; null = too little. */
export interface Estimates {
	readonly mean: number | null;
	/** Of one value; of the plotted statistic on charts of counts, where it is the same everywhere. */
	readonly sigma: number | null;
	readonly meanRange?: number | null;
	readonly meanSd?: number | null;
	readonly movingRangeMean?: number | null;
	/** Sample deviation of all values of the baseline. */
	readonly sd?: number | null;
	/** How much more than their distribution says shares or rates vary (p-prime, u-prime). */
	readonly sigmaZ?: number | null;
}

/** A point that left the estimates because it was beyond its own limits. */
export interface Exclusion {
	readonly index: number;
	readonly chart: ChartName;
	/** 1 = beyond the limits from all points. */
	readonly pass: number;
}

export interface Answer {
	readonly charts: Charts;
	readonly signals: readonly ChartSignal[];
	readonly estimates: Estimates;
	readonly capability?: Capability;
	/** With `baseline.revise`. */
	readonly excluded?: readonly Exclusion[];
	/** With `auto`: how the values were judged, and what that lets expect. */
	readonly plan?: Omit<RecommendedPlan, 'advice'>;
	readonly advice: readonly Advice[];
}
