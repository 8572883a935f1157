import { touch, type PartitionState } from './partition-state.ts';
import { HOLDING, type Charted } from './table.ts';
import { takePoint } from './take-point.ts';

/** Points of a stream that wait for older ones (`reorder`), by t. */
export interface Held {
	tMicros: number[];
	v: number[];
	quality: number[];
	flags: number[];
}

/** A stream that sends so much within its window is judged sooner than the plan says. */
const MOST_HELD = 4096;

export function createHeld(): Held {
	return { tMicros: [], v: [], quality: [], flags: [] };
}

export function copyHeld({ tMicros, v, quality, flags }: Held): Held {
	return { tMicros: [...tMicros], v: [...v], quality: [...quality], flags: [...flags] };
}

/**
 * Keeps a point until one that is newer by `reorder` has come, or nothing has come for as long (`isDue`, at a tick), and
 * judges what that sets free in the order of t. Both are in the journal, so a replay sets the same free at the same record.
 *
 * @returns whether it was taken: late is what is older by `reorder` than the newest that came, or than what was judged
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
	const latest = charted.held.tMicros.at(-1) ?? newest;
	if (tMicros === newest || charted.held.tMicros[placeOf(charted.held, tMicros) - 1] === tMicros) {
		state.counts.duplicate++;
		return false;
	}
	if (tMicros < newest || tMicros <= latest - columns.reorderMicros[slot]!) {
		state.counts.late++;
		return false;
	}
	touch(state, slot);
	const at = placeOf(charted.held, tMicros);
	charted.held.tMicros.splice(at, 0, tMicros);
	charted.held.v.splice(at, 0, v);
	charted.held.quality.splice(at, 0, quality);
	charted.held.flags.splice(at, 0, flags);
	columns.holding[slot] = HOLDING.fresh;
	const over = charted.held.tMicros[charted.held.tMicros.length - MOST_HELD - 1] ?? -Infinity;
	release(state, charted, Math.max(charted.held.tMicros.at(-1)! - columns.reorderMicros[slot]!, over), seq);
	return true;
}

/** Behind the newest that is not after it: points mostly come in order, so it is looked for from the end. */
function placeOf({ tMicros }: Held, t: number): number {
	let at = tMicros.length;
	while (at > 0 && tMicros[at - 1]! > t) at--;
	return at;
}

/** Judges what is held up to this t, oldest first. */
export function release(state: PartitionState, charted: Charted, upToMicros: number, seq: number): void {
	const { held, slot } = charted;
	const count = placeOf(held, upToMicros);
	if (count === 0) return;
	const [times, values, qualities, flags] = [held.tMicros, held.v, held.quality, held.flags].map((one) =>
		one.splice(0, count),
	) as [number[], number[], number[], number[]];
	if (held.tMicros.length === 0) state.table.columns.holding[slot] = HOLDING.nothing;
	for (let i = 0; i < count; i++) takePoint(state, slot, times[i]!, values[i]!, qualities[i]!, flags[i]!, seq);
}

/** Before anything that the order of points does not decide: another plan, absence. */
export function releaseAll(state: PartitionState, charted: Charted, seq: number): void {
	if (charted.held.tMicros.length === 0) return;
	touch(state, charted.slot);
	release(state, charted, Infinity, seq);
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
