import type { Advice } from '../analyze/advice.ts';
import type { Season } from '../shape/season.ts';
import type { Learnt } from '../stages/chain.ts';
import type { Combined } from './run-length.ts';

/** How a stream is best judged, learnt from a baseline. Plain JSON. */
export interface RecommendedPlan {
	/** `ewma`: an EWMA for small shifts and limits on single points (rule 1) for large ones. `i-mr`: the single points only. */
	readonly chart: 'ewma' | 'i-mr';
	readonly transform: 'none' | 'log' | 'box-cox' | 'percentile';
	/** Values per plotted point. */
	readonly subgroup: number;
	readonly residual: 'none' | 'ar1' | 'ewma';
	readonly season: Season | null;
	/** Of the chart of single points. */
	readonly rules: readonly number[];
	/** Half width of the leading chart's limits, in sigmas of what it plots. */
	readonly limitsSigma: number;
	/** Plotted points per false alarm, in control, over baselines like this one; null = nothing is judged. */
	readonly predictedArl: number | null;
	/** At the interval: plotted points a day / predictedArl. Points in a row beyond the limits are one alarm. */
	readonly predictedFalsePerDay: number;
	/** In words, for an engineer. */
	readonly reasons: readonly string[];
	readonly advice: readonly Advice[];
	/** All that judging needs beside the fields above. */
	readonly parameters: PlanParameters;
}

export interface PlanParameters {
	readonly intervalMs: number;
	/** null = nothing could be learnt. */
	readonly learnt: Learnt | null;
	/** In sigmas of a normal score and of the EWMA of scores. */
	readonly limits: Combined | null;
}
