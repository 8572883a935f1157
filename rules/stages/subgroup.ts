import { createColumns, type Stage } from './stage.ts';

/** Means of so many points, or of all points of a time window that is aligned to the epoch. */
export type Subgroup =
	{ readonly kind: 'size'; readonly points: number } | { readonly kind: 'window'; readonly micros: number };

/** What makes one point of several values. */
export interface GroupStage<P> extends Stage<P> {
	/**
	 * The window is over (a tick says so): its mean, and the next point begins a new one. @returns NaN when it is empty
	 */
	close(slot: number): number;
	/** The open group is too small to be closed, whatever the time. */
	wantsMore(slot: number): boolean;
	/** Of the group that answered last, in whichever slot: what charts of the spread plot. */
	readonly closed: ClosedGroup;
}

export type SubgroupStage = GroupStage<Subgroup>;

export interface ClosedGroup {
	/** Values. */
	size: number;
	/** Largest minus smallest; NaN of one value. */
	range: number;
	/** Sample deviation (n - 1); NaN of one value. */
	sd: number;
	/** The value that was pushed last belongs to it, and not to the group after it. */
	hasLast: boolean;
}

const COUNT = 0;
const BASE = 1;
const SUM = 2;
const WINDOW = 3;
const SQUARES = 4;
const LOW = 5;
const HIGH = 6;
const WIDTH = 7;

/**
 * A group of `points` answers at its last point; a window answers when the first point of a later one comes, or at
 * `close`. What is incomplete at a reset is dropped: half a group has another spread.
 */
export function createSubgroup(capacity: number): SubgroupStage {
	const columns = createColumns(capacity, WIDTH);
	const groups: Subgroup[] = [];
	const closed: ClosedGroup = { size: 0, range: NaN, sd: NaN, hasLast: false };

	function add(slot: number, value: number): number {
		const before = columns.at(slot, COUNT);
		const first = !(before > 0);
		const count = first ? 1 : before + 1;
		columns.put(slot, COUNT, count);
		// Distances from the first value: a constant series has exactly that constant as its mean.
		if (first) columns.put(slot, BASE, value);
		const distance = value - columns.at(slot, BASE);
		columns.put(slot, SUM, first ? 0 : columns.at(slot, SUM) + distance);
		columns.put(slot, SQUARES, first ? 0 : columns.at(slot, SQUARES) + distance * distance);
		columns.put(slot, LOW, first ? value : Math.min(columns.at(slot, LOW), value));
		columns.put(slot, HIGH, first ? value : Math.max(columns.at(slot, HIGH), value));
		return count;
	}

	function close(slot: number, hasLast = false): number {
		const [count, sum] = [columns.at(slot, COUNT), columns.at(slot, SUM)];
		const mean = columns.at(slot, BASE) + sum / count;
		closed.size = count;
		closed.hasLast = hasLast;
		closed.range = count > 1 ? columns.at(slot, HIGH) - columns.at(slot, LOW) : NaN;
		const squares = Math.max(0, columns.at(slot, SQUARES) - (sum * sum) / count);
		closed.sd = count > 1 ? Math.sqrt(squares / (count - 1)) : NaN;
		columns.clear(slot);
		return mean;
	}

	return {
		closed,
		close,
		wantsMore: () => false,
		set(slot, group) {
			groups[slot] = group;
			columns.clear(slot);
		},
		push(slot, value, tMicros) {
			const group = groups[slot];
			if (group === undefined || (group.kind === 'size' && group.points <= 1)) return value;
			if (group.kind === 'size') return add(slot, value) >= group.points ? close(slot, true) : NaN;
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
