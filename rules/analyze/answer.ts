import type { Advice } from './advice.ts';
import type { ChartSignal } from './signals.ts';

/** Columns as long as the plotted statistic; null where there is no value or too little to estimate from. */
export interface Chart {
	readonly statistic: readonly (number | null)[];
	readonly centre: readonly (number | null)[];
	/** Of the plotted statistic. */
	readonly sigma: readonly (number | null)[];
	readonly lcl: readonly (number | null)[];
	readonly ucl: readonly (number | null)[];
}

/** Of single values, in their unit; of the last phase where there are several. */
export interface Estimates {
	readonly mean: number | null;
	readonly sigma: number | null;
	readonly movingRangeMean: number | null;
	readonly sd: number | null;
}

export interface Answer {
	readonly charts: Readonly<Record<string, Chart>>;
	readonly signals: readonly ChartSignal[];
	readonly estimates: Estimates;
	readonly advice: readonly Advice[];
}
