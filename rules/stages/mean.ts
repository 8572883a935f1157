import { createColumns, type Stage } from './stage.ts';

export interface Mean {
	/** Weight of the newest value. */
	readonly lambda: number;
	/** Of single values, in control. */
	readonly target: number;
	readonly sigma: number;
}

export interface MeanStage extends Stage<Mean> {
	/** Of the slot's last answer: it grows from a start at the target to what a long series has. */
	sigma(slot: number): number;
}

const DEVIATION = 0;
const VARIANCE = 1;

/** The EWMA chart over many streams: the recursion of charts/ewma.ts, in the unit of the values. */
export function createMean(capacity: number): MeanStage {
	const columns = createColumns(capacity, 2);
	const settings: Mean[] = [];
	return {
		set(slot, setting) {
			settings[slot] = setting;
			columns.clear(slot);
		},
		push(slot, value) {
			const setting = settings[slot];
			if (setting === undefined) return NaN;
			const { lambda, target, sigma } = setting;
			const keep = 1 - lambda;
			const before = columns.at(slot, DEVIATION);
			const started = before === before;
			const deviation = lambda * (value - target) + keep * (started ? before : 0);
			columns.put(slot, DEVIATION, deviation);
			const variance = started ? columns.at(slot, VARIANCE) : 0;
			columns.put(slot, VARIANCE, lambda * lambda * sigma * sigma + keep * keep * variance);
			return target + deviation;
		},
		sigma: (slot) => Math.sqrt(columns.at(slot, VARIANCE)),
		reset: (slot) => columns.clear(slot),
		grow: (to) => columns.grow(to),
		snapshot: (slot) => columns.snapshot(slot),
		restore: (slot, state) => columns.restore(slot, state),
	};
}
