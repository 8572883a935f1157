import type { Chart } from './chart.ts';

/** How limits came to be. */
export type LimitsMethod = 'moving-range' | 'overall-deviation' | 'given';

/** Centre and sigma of one chart, in force from a time on; immutable: new ones get a new id. In the stream's unit. */
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
