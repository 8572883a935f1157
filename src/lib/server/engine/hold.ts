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
	if (tMicros === newest || charted.held.tMicros[placeOf(charted.held, tMicros) - 1] === tMicros) {
		state.counts.duplicate++;
		return false;
	}
	const isJudged = tMicros < newest || tMicros <= columns.floorMicros[slot]!;
	if (isJudged || tMicros <= latest - columns.reorderMicros[slot]!) {
		state.counts.late++;
		return false;
	}
	touch(state, slot);
	const at = placeOf(charted.held, tMicros);
	charted.held.tMicros.splice(at, 0, tMicros);
	charted.held.v.splice(at, 0, v);
	charted.held.quality.splice(at, 0, quality);
	charted.held.flags.splice(at, 0, flags);
	// Older ones do not make the others wait any longer.
	if (!(tMicros <= latest)) columns.holding[slot] = HOLDING.fresh;
	const over = charted.held.tMicros[charted.held.tMicros.length - MOST_HELD - 1] ?? -Infinity;
	release(state, charted, Math.max(charted.held.tMicros.at(-1)! - columns.reorderMicros[slot]!, over), seq);
	return true;
}

/** @returns t of the newest point that came, held or judged; NaN when none has */
export function newestOf({ table: { columns } }: PartitionState, { held, slot }: Charted): number {
	return held.tMicros.at(-1) ?? columns.newestMicros[slot]!;
}

export function raiseFloor({ table: { columns } }: PartitionState, slot: number, micros: number): void {
	if (!(columns.floorMicros[slot]! >= micros)) columns.floorMicros[slot] = micros;
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
