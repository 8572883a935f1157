import { createColumns, type Stage } from './stage.ts';

/** Means of so many points, or of all points of a time window that is aligned to the epoch. */
export type Subgroup =
	{ readonly kind: 'size'; readonly points: number } | { readonly kind: 'window'; readonly micros: number };

export interface SubgroupStage extends Stage<Subgroup> {
	/**
	 * The window is over (a tick says so): its mean, and the next point begins a new one. @returns NaN when it is empty
	 */
	close(slot: number): number;
}

const COUNT = 0;
const BASE = 1;
const SUM = 2;
const WINDOW = 3;

/**
 * A group of `points` answers at its last point; a window answers when the first point of a later one comes, or at
 * `close`. What is incomplete at a reset is dropped: half a group has another spread.
 */
export function createSubgroup(capacity: number): SubgroupStage {
	const columns = createColumns(capacity, 4);
	const groups: Subgroup[] = [];

	function add(slot: number, value: number): number {
		const before = columns.at(slot, COUNT);
		const count = before > 0 ? before + 1 : 1;
		columns.put(slot, COUNT, count);
		// Distances from the first value: a constant series has exactly that constant as its mean.
		if (count === 1) columns.put(slot, BASE, value);
		columns.put(slot, SUM, count === 1 ? 0 : columns.at(slot, SUM) + (value - columns.at(slot, BASE)));
		return count;
	}

	function close(slot: number): number {
		const mean = columns.at(slot, BASE) + columns.at(slot, SUM) / columns.at(slot, COUNT);
		columns.clear(slot);
		return mean;
	}

	return {
		close,
		set(slot, group) {
			groups[slot] = group;
			columns.clear(slot);
		},
		push(slot, value, tMicros) {
			const group = groups[slot];
			if (group === undefined || (group.kind === 'size' && group.points <= 1)) return value;
			if (group.kind === 'size') return add(slot, value) >= group.points ? close(slot) : NaN;
			const window = Math.floor(tMicros / group.micros);
			const mean = columns.at(slot, WINDOW) < window ? close(slot) : NaN;
			add(slot, value);
			columns.put(slot, WINDOW, window);
			return mean;
		},
		reset: (slot) => columns.clear(slot),
		grow: (to) => columns.grow(to),
		snapshot: (slot) => columns.snapshot(slot),
		restore: (slot, state) => columns.restore(slot, state),
	};
}
