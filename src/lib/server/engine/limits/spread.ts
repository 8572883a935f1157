import { createConstants, deviationLimits, rangeLimits } from '#rules';
import type { Parameters } from '#server/engine/plans/chain.ts';

export type Spread = ReturnType<typeof createSpread>;

/** Sigma of single values, by slot: what the limits of groups of any size follow from. */
export function createSpread(capacity: number) {
	let sigmas = new Float64Array(capacity).fill(NaN);
	const constants = createConstants();
	const sigmaOf = (slot: number) => sigmas[slot]!;
	return {
		set(slot: number, { spread = NaN }: Parameters) {
			sigmas[slot] = spread;
		},
		ofMean: (slot: number, size: number) => sigmaOf(slot) / Math.sqrt(size),
		ofRange: (slot: number, size: number) => rangeLimits({ sigma: sigmaOf(slot), size }, {}, constants),
		ofDeviation: (slot: number, size: number) => deviationLimits({ sigma: sigmaOf(slot), size }, {}, constants),
		grow(to: number) {
			if (to <= sigmas.length) return;
			const grown = new Float64Array(to).fill(NaN);
			grown.set(sigmas);
			sigmas = grown;
		},
		reset() {},
		snapshot: () => [],
		restore() {},
	};
}
