import type { Advice } from '../analyze/advice.ts';
import type { Season } from '../shape/season.ts';
import type { Learnt } from '../stages/chain.ts';
import type { PlanLimits } from './run-length.ts';

/** How a stream is best judged, learnt from a baseline. Plain JSON. */
export interface RecommendedPlan {
	/**
	 * `ewma`: a long memory for small shifts and beside it a short one for large ones. `i-mr`: single points, where a
	 * baseline is too short for an average.
	 */
	readonly chart: 'ewma' | 'i-mr';
	readonly transform: 'none' | 'log' | 'box-cox' | 'percentile';
	/** Values per plotted point. */
	readonly subgroup: number;
	readonly residual: 'none' | 'ar1' | 'ewma';
	readonly season: Season | null;
	/** Both charts have limits and no run rules: memory is theirs. */
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
	readonly limits: PlanLimits | null;
}
