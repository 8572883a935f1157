import { createColumns, type Stage } from './stage.ts';

export interface Sums {
	/** In control. */
	readonly target: number;
	/** What a sum gives up at every value, and over what it signals; in the unit of the values. */
	readonly slack: number;
	readonly limit: number;
}

export interface SumsStage extends Stage<Sums> {
	/** Of the slot's last answer; not below 0. */
	plus(slot: number): number;
	minus(slot: number): number;
	limit(slot: number): number;
	/** Values since that sum was last 0: the shift began about there. */
	sincePlus(slot: number): number;
	sinceMinus(slot: number): number;
}

const PLUS = 0;
const MINUS = 1;
const SINCE_PLUS = 2;
const SINCE_MINUS = 3;

/**
 * The tabular CUSUM over many streams: the recursion of charts/cusum.ts. It answers the larger of both sums, the lower one as a
 * negative number, so that one line shows both.
 */
export function createSums(capacity: number): SumsStage {
	const columns = createColumns(capacity, 4);
	const settings: Sums[] = [];
	const at = (slot: number, column: number) => {
		const number = columns.at(slot, column);
		return number === number ? number : 0;
	};

	function add(slot: number, step: number, sum: number, since: number): number {
		const now = Math.max(0, at(slot, sum) + step);
		columns.put(slot, since, now > 0 ? at(slot, since) + 1 : 0);
		columns.put(slot, sum, now);
		return now;
	}

	return {
		set(slot, setting) {
			settings[slot] = setting;
			columns.clear(slot);
		},
		push(slot, value) {
			const setting = settings[slot];
			if (setting === undefined) return NaN;
			const plus = add(slot, value - setting.target - setting.slack, PLUS, SINCE_PLUS);
			const minus = add(slot, -(value - setting.target) - setting.slack, MINUS, SINCE_MINUS);
			return plus >= minus ? plus : -minus;
		},
		plus: (slot) => at(slot, PLUS),
		minus: (slot) => at(slot, MINUS),
		limit: (slot) => settings[slot]?.limit ?? NaN,
		sincePlus: (slot) => at(slot, SINCE_PLUS),
		sinceMinus: (slot) => at(slot, SINCE_MINUS),
		reset: (slot) => columns.clear(slot),
		grow: (to) => columns.grow(to),
		snapshot: (slot) => columns.snapshot(slot),
		restore: (slot, state) => columns.restore(slot, state),
	};
}
