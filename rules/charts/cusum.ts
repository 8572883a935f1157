/** The two sums, all that a chart remembers. */
export interface CusumState {
	readonly plus: number;
	readonly minus: number;
	/** Points since each sum was last 0: the shift began about there. */
	readonly sincePlus: number;
	readonly sinceMinus: number;
}

export interface Cusum {
	/**
	 * @param target in control; @param sigma of one value: slack and limit are counted in it
	 * @returns both sums after this value, in its unit; a missing value changes nothing
	 */
	push(value: number, target: number, sigma: number): CusumState;
	/** Both sums begin anew at 0. */
	reset(): void;
	snapshot(): CusumState;
	restore(state: CusumState): void;
}

const START: CusumState = { plus: 0, minus: 0, sincePlus: 0, sinceMinus: 0 };

/**
 * Tabular CUSUM: plus = max(0, plus + x - target - k sigma), minus = max(0, minus - x + target - k sigma); out when over h sigma
 * (Page 1954; Montgomery, Introduction to SQC, 9.1).
 *
 * @param k slack in sigmas, half the shift to be found
 */
export function createCusum({ k }: { k: number }): Cusum {
	let state = START;
	return {
		push(value, target, sigma) {
			if (!Number.isFinite(value)) return state;
			const plus = Math.max(0, state.plus + (value - target) - k * sigma);
			const minus = Math.max(0, state.minus - (value - target) - k * sigma);
			state = {
				plus,
				minus,
				sincePlus: plus > 0 ? state.sincePlus + 1 : 0,
				sinceMinus: minus > 0 ? state.sinceMinus + 1 : 0,
			};
			return state;
		},
		reset() {
			state = START;
		},
		snapshot: () => state,
		restore(to) {
			state = to;
		},
	};
}
