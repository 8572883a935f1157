import { touch, type PartitionState } from '../partition-state.ts';
import { breakRuns } from '../plot.ts';
import { takePoint } from '../take-point.ts';
import type { Derivation } from './derivation.ts';

/** A missing value is no point; what came before it is not looked across. */
export function lack(state: PartitionState, derivation: Derivation): void {
	state.counts.underivable++;
	if (derivation.broken) return;
	derivation.broken = true;
	touch(state, derivation.slot);
	breakRuns(state, state.table.at(derivation.slot));
}

/** A derived point: judged, and to be stored. */
export function put(
	state: PartitionState,
	derivation: Derivation,
	tMicros: number,
	v: number,
	quality: number,
	flags: number,
	seq: number,
): void {
	const { slot, streamId } = derivation;
	const { columns } = state.table;
	// It had points before it was derived, or another formula.
	if (tMicros <= columns.newestMicros[slot]!) return void state.counts.late++;
	derivation.broken = false;
	if (flags === 0) columns.heard[slot] = 1;
	state.counts.derived++;
	state.derived.points.push({ streamId, tMicros, v, quality, flags });
	takePoint(state, slot, tMicros, v, quality, flags, seq);
}
