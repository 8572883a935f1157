import { createColumns, type Stage } from './stage.ts';

export interface Ewma {
	readonly lambda: number;
	/**
	 * A single value counts for no more than this, either way: the limits on single values have caught it, and it must
	 * not
	 * carry the average over its limits for many points more. Infinity = as it is.
	 */
	readonly cap: number;
}

/** EWMA of standard normal scores from a start at 0, in its own asymptotic sigmas sqrt(lambda / (2 - lambda)). `null` = none: NaN. */
export function createEwma(capacity: number): Stage<Ewma | null> {
	const columns = createColumns(capacity, 1);
	const settings: (Ewma | null)[] = [];
	return {
		set(slot, setting) {
			settings[slot] = setting;
			columns.clear(slot);
		},
		push(slot, value) {
			const setting = settings[slot];
			if (!setting) return NaN;
			const { lambda, cap } = setting;
			const before = columns.at(slot, 0);
			const taken = value > cap ? cap : value < -cap ? -cap : value;
			const now = (before === before ? before : 0) * (1 - lambda) + lambda * taken;
			columns.put(slot, 0, now);
			return now * Math.sqrt((2 - lambda) / lambda);
		},
		reset: (slot) => columns.clear(slot),
		grow: (to) => columns.grow(to),
		snapshot: (slot) => columns.snapshot(slot),
		restore: (slot, state) => columns.restore(slot, state),
	};
}
