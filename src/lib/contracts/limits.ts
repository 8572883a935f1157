import type { RecommendedPlan, Sized } from '#rules';
import type { Chart } from './chart.ts';

/** How limits came to be. */
export type LimitsMethod =
	| 'moving-range'
	| 'overall-deviation'
	| 'subgroup-ranges'
	| 'subgroup-deviations'
	/** Counts: the mean says the spread (Poisson for c, geometric for g). */
	| 'counts'
	/** Counts that vary more, or less, than their mean says: by Laney's sigma z. */
	| 'counts-and-ranges'
	/** Hotelling's T2: from the covariance of the streams. */
	| 'covariance'
	/** `chart: auto`: the plan that the baseline recommends. */
	| 'recommended'
	| 'given';

/** What `chart: auto` found, as in the answer of an analysis. */
export type LimitsPlan = Omit<RecommendedPlan, 'parameters' | 'advice'>;

/** Centre and sigma of one chart, in force from a time on; immutable: new ones get a new id. In the stream's unit unless `scale` says otherwise. */
export interface Limits {
	readonly id: string;
	readonly streamId: number;
	readonly chart: Chart;
	/** The first t that is judged by them. */
	readonly fromMicros: number;
	readonly centre: number;
	readonly sigma: number;
	readonly lcl: number;
	readonly ucl: number;
	/** Nelson's rules that judge this chart. */
	readonly rules: readonly number[];
	/** Rules with names of their own that judge this chart besides, in the order of their bits (`ruleOfBit`). */
	readonly named?: readonly string[];
	/** true: judged by its own limits (`limit`), as EWMA and CUSUM are. */
	readonly own?: boolean;
	/**
	 * What the chart plots, where that is not in the stream's unit: `score` in sigmas (0 in the middle), `transformed` in
	 * logarithms or powers of the unit, `share` of inspected units, `rate` per unit.
	 */
	readonly scale?: 'score' | 'transformed' | 'share' | 'rate';
	/**
	 * Where zones begin when they are not symmetric about the centre: a third and two thirds of the way to the lower limit,
	 * then to the upper one: [lower two thirds, lower third, upper third, upper two thirds]. `sigma` is then a sixth of the way from
	 * lcl to ucl.
	 */
	readonly zones?: readonly [number, number, number, number];
	/**
	 * Where every point has limits of its own size (chart `size` has it): what `limitsAtSize` takes. The numbers above are those of the
	 * size that is usual.
	 */
	readonly sized?: Sized;
	/** On chart `i` of a stream on `chart: auto`, which plots values or means of groups; its EWMAs judge. */
	readonly plan?: LimitsPlan;
	/** On chart `t2`: of which streams, and what their distance is measured from and by. */
	readonly together?: {
		readonly streams: readonly string[];
		readonly mean: readonly number[];
		readonly covariance: readonly (readonly number[])[];
	};
	readonly method: LimitsMethod;
	/** The baseline: how many plotted points, over which time, and how many of them were set aside as outliers. */
	readonly baseline: {
		readonly points: number;
		readonly excluded: number;
		readonly fromMicros: number;
		readonly toMicros: number;
	} | null;
	/** What a reader has to know before trusting them, e.g. `provisional: autocorrelated`. */
	readonly notes: readonly string[];
	/** Autocorrelation of neighbours in the baseline, -1 to 1; null when it was not estimated. */
	readonly lag1: number | null;
}
