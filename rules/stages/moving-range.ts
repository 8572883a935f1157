import { createColumns, type Stage } from './stage.ts';

/** |x[i] - x[i-1]|; the first value after a reset has no predecessor: NaN. */
export function createMovingRange(capacity: number): Stage<null> {
	const previous = createColumns(capacity, 1);
	return {
		set: (slot) => previous.clear(slot),
		push(slot, value) {
			const range = Math.abs(value - previous.at(slot, 0));
			previous.put(slot, 0, value);
			return range;
		},
		reset: (slot) => previous.clear(slot),
		grow: (to) => previous.grow(to),
		snapshot: (slot) => previous.snapshot(slot),
		restore: (slot, state) => previous.restore(slot, state),
	};
}
