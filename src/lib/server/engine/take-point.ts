import { NO_DATA } from './judge.ts';
import { refresh, touch, type PartitionState } from './partition-state.ts';
import { breakRuns, plot } from './plot.ts';
import { LACK, MARK, type Charted } from './table.ts';
import { addToGroup } from './windows.ts';

/** The newest point of its stream is judged. No object is made for it unless a rule fires. */
export function takePoint(
	state: PartitionState,
	slot: number,
	tMicros: number,
	v: number,
	quality: number,
	flags: number,
	seq: number,
): void {
	const { columns } = state.table;
	if (columns.mark[slot] !== MARK.dirty) touch(state, slot);
	columns.newestMicros[slot] = tMicros;
	columns.newestV[slot] = v;
	columns.newestQuality[slot] = quality;
	const bad = quality < columns.admit[slot]! || v - v !== 0;
	if (bad || columns.lack[slot] !== 0) settleLack(state, state.table.at(slot), tMicros, flags, bad);
	if (bad) return;
	const charted = state.table.at(slot);
	if (charted.chain.group === undefined) plot(state, charted, tMicros, v, quality, flags, seq);
	else addToGroup(state, charted, tMicros, v, quality, flags, seq);
}

/** A point came: what was missing is there again, unless the point is bad itself. */
function settleLack(state: PartitionState, charted: Charted, tMicros: number, flags: number, bad: boolean): void {
	const { lack } = state.table.columns;
	let now = lack[charted.slot]! & ~LACK.gap & ~LACK.badQuality;
	// An import does not tell that the source is back.
	if (now & LACK.noData && flags === 0) {
		now &= ~LACK.noData;
		state.judge.end(charted, tMicros, (rule) => rule === NO_DATA);
	}
	if (bad) {
		state.counts.badQuality++;
		now |= LACK.badQuality;
		breakRuns(state, charted);
	}
	lack[charted.slot] = now;
	refresh(state, charted);
}
