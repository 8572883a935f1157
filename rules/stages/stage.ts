/**
 * One link of a plan's chain over many streams: subgroup -> log -> season -> residual -> score -> statistic.
 *
 * What it answers depends on what was pushed into the slot since the last `reset` and on the slot's parameters, and on
 * nothing else: no clock, no randomness. Parameters are plain JSON; they are learnt from a baseline, set at the
 * beginning
 * of a phase and belong to the limits in force.
 */
export interface Stage<Parameters> {
	/** Puts parameters in force and forgets the slot's past: a new phase. */
	set(slot: number, parameters: Parameters): void;
	/**
	 * @param tMicros when the value was; only season and time subgroups look at it
	 * @returns what goes on to the next link; NaN = nothing to plot yet
	 */
	push(slot: number, value: number, tMicros: number): number;
	/** What came before is not to be looked across: a gap, a bad point, no data. Parameters stay. */
	reset(slot: number): void;
	/** Makes room for more slots; never takes room away. */
	grow(capacity: number): void;
	/** Exact: a slot with the same parameters that is restored continues as if never stopped. NaN stands for "none". */
	snapshot(slot: number): readonly number[];
	restore(slot: number, state: readonly number[]): void;
}

/** Per-slot numbers of a stage, all NaN at a start. */
export interface Columns {
	at(slot: number, column: number): number;
	put(slot: number, column: number, value: number): void;
	clear(slot: number): void;
	grow(capacity: number): void;
	snapshot(slot: number): number[];
	restore(slot: number, state: readonly number[]): void;
}

export function createColumns(capacity: number, width: number): Columns {
	let cells = new Float64Array(capacity * width).fill(NaN);
	return {
		at: (slot, column) => cells[slot * width + column]!,
		put(slot, column, value) {
			cells[slot * width + column] = value;
		},
		clear: (slot) => void cells.fill(NaN, slot * width, (slot + 1) * width),
		grow(to) {
			if (to * width <= cells.length) return;
			const grown = new Float64Array(to * width).fill(NaN);
			grown.set(cells);
			cells = grown;
		},
		snapshot: (slot) => Array.from(cells.subarray(slot * width, (slot + 1) * width)),
		restore(slot, state) {
			if (state.length !== width)
				throw new RangeError(`a slot of this stage holds ${width} numbers, not ${state.length}`);
			cells.set(state, slot * width);
		},
	};
}
