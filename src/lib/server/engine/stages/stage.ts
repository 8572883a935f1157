/**
 * One link of a plan's chain: subgroup -> transform -> residual -> statistic(s), each in a file of its own.
 *
 * A stage keeps the state of many streams, by slot. What it answers depends on what was pushed into the slot and on
 * nothing else: no clock, no randomness, so that a replay and a restored slot give the same plotted values.
 */
export interface Stage {
	/** @returns what goes on to the next stage; NaN = nothing to plot yet */
	push(slot: number, value: number): number;
	/** What came before is not to be looked across: a gap, a bad point, no data, a new phase. */
	reset(slot: number): void;
	/** Makes room for more slots. */
	grow(capacity: number): void;
	/** Exact: a restored slot continues as if never stopped. */
	snapshot(slot: number): readonly number[];
	restore(slot: number, state: readonly number[]): void;
}
