/** The running mean of a chart, all that it remembers. */
export interface EwmaState {
	/** Weighted mean of what came, minus that of the targets; 0 at the start. */
	readonly deviation: number;
	/** Of the deviation, in control. */
	readonly variance: number;
}

export interface EwmaPoint {
	/** The plotted mean; NaN for a missing value. */
	readonly value: number;
	/** Of the plotted mean. */
	readonly sigma: number;
}

export interface Ewma {
	/** @param target in control; @param sigma of one value */
	push(value: number, target: number, sigma: number): EwmaPoint;
	/** Begins anew at the target. */
	reset(): void;
	snapshot(): EwmaState;
	restore(state: EwmaState): void;
}

/**
 * Exponentially weighted moving average: z = lambda x + (1 - lambda) z, from the target on (Roberts 1959; Montgomery,
 * Introduction to SQC, 9.2). Its variance follows the same recursion, var = lambda^2 s^2 + (1 - lambda)^2 var: the published
 * s^2 lambda/(2 - lambda) (1 - (1 - lambda)^2i) where s is always the same, and right too where it is not.
 *
 * @param lambda weight of the newest value, in (0, 1]
 * @param asymptotic the limits that a long series would have, from the first point on
 */
export function createEwma({ lambda, asymptotic = false }: { lambda: number; asymptotic?: boolean }): Ewma {
	let deviation = 0;
	let variance = 0;
	const keep = 1 - lambda;
	return {
		push(value, target, sigma) {
			if (!Number.isFinite(value)) return { value: NaN, sigma: NaN };
			deviation = lambda * (value - target) + keep * deviation;
			variance = lambda * lambda * sigma * sigma + keep * keep * variance;
			const long = sigma * Math.sqrt(lambda / (2 - lambda));
			return { value: target + deviation, sigma: asymptotic ? long : Math.sqrt(variance) };
		},
		reset() {
			deviation = 0;
			variance = 0;
		},
		snapshot: () => ({ deviation, variance }),
		restore(state) {
			deviation = state.deviation;
			variance = state.variance;
		},
	};
}
