import { createColumns } from './stage.ts';
import type { ClosedGroup, GroupStage, Subgroup } from './subgroup.ts';

/** A sample of counted units: so many points, or those of a time window. */
export type Tally = Subgroup & {
	/** Units that each point tells of. */
	readonly units: number;
	/** Values that a window has at least: one with fewer goes on into the next. */
	readonly atLeast?: number;
	/**
	 * Curtailed sampling: a group that has not got its size yet (of a window: `atLeast`) ends as soon as more than `above` of its units are
	 * counted, or more than `below` are not. With the counts beyond which a full group is out of its limits, it ends early only where
	 * the full one would signal whatever came.
	 */
	readonly above?: number;
	readonly below?: number;
};

const COUNT = 0;
const SUM = 1;
const WINDOW = 2;
const WIDTH = 3;

/**
 * What was counted, summed over samples. It answers the sum, which for whole numbers is exact, and never a mean: how many values it is of
 * stands in `closed.size`.
 */
export function createTally(capacity: number): GroupStage<Tally> {
	const columns = createColumns(capacity, WIDTH);
	const settings: Tally[] = [];
	const closed: ClosedGroup = { size: 0, range: NaN, sd: NaN, hasLast: false };

	const countOf = (slot: number) => columns.at(slot, COUNT) || 0;
	const leastOf = (tally: Tally) => (tally.kind === 'size' ? tally.points : (tally.atLeast ?? 1));

	function add(slot: number, value: number): void {
		const count = countOf(slot);
		columns.put(slot, COUNT, count + 1);
		columns.put(slot, SUM, count === 0 ? value : columns.at(slot, SUM) + value);
	}

	function close(slot: number, hasLast = false): number {
		const sum = columns.at(slot, SUM);
		closed.size = countOf(slot);
		closed.hasLast = hasLast;
		columns.clear(slot);
		return sum;
	}

	function isCertain(slot: number, tally: Tally): boolean {
		const [count, sum] = [countOf(slot), columns.at(slot, SUM)];
		if (count >= leastOf(tally)) return false;
		return sum > (tally.above ?? Infinity) || count * tally.units - sum > (tally.below ?? Infinity);
	}

	/** The window before is over with this point, and has what it wants. */
	function isOver(slot: number, window: number, tally: Tally): boolean {
		return columns.at(slot, WINDOW) < window && countOf(slot) >= leastOf(tally);
	}

	return {
		closed,
		close,
		wantsMore: (slot) => countOf(slot) < leastOf(settings[slot]!),
		set(slot, tally) {
			settings[slot] = tally;
			columns.clear(slot);
		},
		push(slot, value, tMicros) {
			const tally = settings[slot]!;
			if (tally.kind === 'size') {
				add(slot, value);
				return countOf(slot) >= tally.points || isCertain(slot, tally) ? close(slot, true) : NaN;
			}
			const window = Math.floor(tMicros / tally.micros);
			const isNext = isOver(slot, window, tally);
			const sum = isNext ? close(slot) : NaN;
			add(slot, value);
			columns.put(slot, WINDOW, window);
			// One answer at a time: where this value is enough by itself the next one, or a tick, says so.
			return !isNext && isCertain(slot, tally) ? close(slot, true) : sum;
		},
		reset: (slot) => columns.clear(slot),
		grow: (to) => columns.grow(to),
		snapshot: (slot) => columns.snapshot(slot),
		restore: (slot, state) => columns.restore(slot, state),
	};
}
