import { touch, type PartitionState } from './partition-state.ts';
import { HOLDING, type Charted } from './table.ts';
import { takePoint } from './take-point.ts';

/** Points of a stream that wait for older ones (`reorder`), by t. */
export interface Held {
	tMicros: number[];
	v: number[];
	quality: number[];
	flags: number[];
	/** So many at the front have been judged already: taking them out one by one would move all others each time. */
	gone: number;
}

/** A stream that sends so much within its window is judged sooner than the plan says. */
const MOST_HELD = 4096;
const MOST_GONE = 1024;

export function createHeld(): Held {
	return { tMicros: [], v: [], quality: [], flags: [], gone: 0 };
}

export function countHeld({ tMicros, gone }: Held): number {
	return tMicros.length - gone;
}

export function copyHeld({ tMicros, v, quality, flags, gone }: Held): Held {
	const still = (column: readonly number[]) => column.slice(gone);
	return { tMicros: still(tMicros), v: still(v), quality: still(quality), flags: still(flags), gone: 0 };
}

/**
 * Keeps a point until one that is newer by `reorder` has come, or nothing has come for as long (`isDue`, at a tick), and
 * judges what that sets free in the order of t. Both are in the journal, so a replay sets the same free at the same record.
 *
 * The store writer goes by the same rule (store/writer/waiting.ts), so that what is not judged is flagged as late.
 *
 * @returns whether it was taken: late is what is older by `reorder` than the newest that came, and what is not after what has been
 * judged without it: at a tick, at a gap, under another plan
 */
export function hold(
	state: PartitionState,
	slot: number,
	tMicros: number,
	v: number,
	quality: number,
	flags: number,
	seq: number,
): boolean {
	const { columns } = state.table;
	const charted = state.table.at(slot);
	const newest = columns.newestMicros[slot]!;
	const latest = newestOf(state, charted);
	const { held } = charted;
	const at = placeOf(held, tMicros);
	if (tMicros === newest || (at > held.gone && held.tMicros[at - 1] === tMicros)) {
		state.counts.duplicate++;
		return false;
	}
	const isJudged = tMicros < newest || tMicros <= columns.floorMicros[slot]!;
	if (isJudged || tMicros <= latest - columns.reorderMicros[slot]!) {
		state.counts.late++;
		return false;
	}
	touch(state, slot);
	held.tMicros.splice(at, 0, tMicros);
	held.v.splice(at, 0, v);
	held.quality.splice(at, 0, quality);
	held.flags.splice(at, 0, flags);
	// Older ones do not make the others wait any longer.
	if (!(tMicros <= latest)) columns.holding[slot] = HOLDING.fresh;
	const over = held.tMicros[held.tMicros.length - MOST_HELD - 1] ?? -Infinity;
	release(state, charted, Math.max(held.tMicros.at(-1)! - columns.reorderMicros[slot]!, over), seq);
	return true;
}

/** @returns t of the newest point that came, held or judged; NaN when none has */
export function newestOf({ table: { columns } }: PartitionState, { held, slot }: Charted): number {
	return held.tMicros.at(-1) ?? columns.newestMicros[slot]!;
}

export function raiseFloor({ table: { columns } }: PartitionState, slot: number, micros: number): void {
	if (!(columns.floorMicros[slot]! >= micros)) columns.floorMicros[slot] = micros;
}

/** Behind the newest that is not after it: at the end for points in order, else found by halving. */
function placeOf({ tMicros, gone }: Held, t: number): number {
	let [low, high] = [gone, tMicros.length];
	if (low === high || tMicros[high - 1]! <= t) return high;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (tMicros[middle]! <= t) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Judges what is held up to this t, oldest first. */
export function release(state: PartitionState, charted: Charted, upToMicros: number, seq: number): void {
	const { held, slot } = charted;
	const to = placeOf(held, upToMicros);
	for (let i = held.gone; i < to; i++)
		takePoint(state, slot, held.tMicros[i]!, held.v[i]!, held.quality[i]!, held.flags[i]!, seq);
	held.gone = to;
	if (to === held.tMicros.length) state.table.columns.holding[slot] = HOLDING.nothing;
	if (to === held.tMicros.length || to > MOST_GONE) forgetGone(held);
}

function forgetGone(held: Held): void {
	for (const one of [held.tMicros, held.v, held.quality, held.flags]) one.splice(0, held.gone);
	held.gone = 0;
}

/** Before anything that the order of points does not decide: another plan, absence. */
export function releaseAll(state: PartitionState, charted: Charted, seq: number): void {
	if (charted.held.tMicros.length === 0) return;
	touch(state, charted.slot);
	const newest = newestOf(state, charted);
	release(state, charted, Infinity, seq);
	raiseFloor(state, charted.slot, newest);
}

/** At a tick. @returns whether nothing has come for as long as points are held, in observed time */
export function isDue(state: PartitionState, slot: number): boolean {
	const { holding, heldSinceMicros, reorderMicros } = state.table.columns;
	if (holding[slot] === HOLDING.nothing) return false;
	if (holding[slot] === HOLDING.fresh) {
		touch(state, slot);
		holding[slot] = HOLDING.waiting;
		heldSinceMicros[slot] = state.time.nowMicros;
		return false;
	}
	return state.time.nowMicros - heldSinceMicros[slot]! >= reorderMicros[slot]!;
}
