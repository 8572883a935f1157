import type { Stage } from './stage.ts';

/** |x[i] - x[i-1]|, in the stream's unit; the first value after a reset has no predecessor and is not plotted. */
export function createMovingRange(capacity: number): Stage {
	let previous = new Float64Array(capacity).fill(NaN);
	return {
		push(slot, value) {
			const range = Math.abs(value - previous[slot]!);
			previous[slot] = value;
			return range;
		},
		reset(slot) {
			previous[slot] = NaN;
		},
		grow(to) {
			if (to <= previous.length) return;
			const grown = new Float64Array(to).fill(NaN);
			grown.set(previous);
			previous = grown;
		},
		snapshot: (slot) => [previous[slot]!],
		restore(slot, state) {
			previous[slot] = state[0] ?? NaN;
		},
	};
}
