import { canonicalName, type Stream } from '#contracts/stream.ts';
import { NO_DATA } from './judge.ts';
import { refresh, touch, type PartitionState } from './partition-state.ts';
import { breakRuns, plot } from './plot.ts';
import { LACK, MARK, type Charted } from './table.ts';
import { addToGroup } from './windows.ts';

/** The newest point of its stream is judged, and so is what is derived from it. No object is made for it unless a rule fires. */
export function takePoint(
	state: PartitionState,
	slot: number,
	tMicros: number,
	v: number,
	quality: number,
	flags: number,
	seq: number,
): void {
	judgePoint(state, slot, tMicros, v, quality, flags, seq);
	if (state.table.columns.feeds[slot] !== 0) state.derived.feed(slot, tMicros, v, quality, flags, seq);
}

function judgePoint(
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
	const charted = state.table.at(slot);
	const lack = bad ? LACK.badQuality : isJudged(state, charted, v) ? 0 : LACK.notJudged;
	if (lack !== 0 || columns.lack[slot] !== 0) settleLack(state, charted, tMicros, flags, lack);
	if (lack !== 0) return;
	if (charted.chain.group === undefined) plot(state, charted, tMicros, v, quality, flags, seq);
	else addToGroup(state, charted, tMicros, v, quality, flags, seq);
}

/** Whether the chart can say anything of this value: one that is no count, or of a part without a target, it cannot judge. */
function isJudged(state: PartitionState, { chain, plan, stream, slot }: Charted, v: number): boolean {
	return (
		chain.admits === undefined ||
		chain.admits(slot, v, plan.part === undefined ? NaN : partOf(state, stream, plan.part))
	);
}

/** What the stream that says so says now; NaN where it does not. */
function partOf({ named, table }: PartitionState, { site, labels }: Stream, key: string): number {
	const slot = named.get(canonicalName({ site, key, labels })) ?? named.get(canonicalName({ site, key, labels: {} }));
	return slot === undefined || table.columns.lack[slot] !== 0 ? NaN : table.columns.newestV[slot]!;
}

/** A point came: what was missing is there again, unless there is something about the point itself. */
function settleLack(state: PartitionState, charted: Charted, tMicros: number, flags: number, found: number): void {
	const { lack } = state.table.columns;
	let now = lack[charted.slot]! & ~LACK.gap & ~LACK.badQuality & ~LACK.notJudged;
	// An import does not tell that the source is back.
	if (now & LACK.noData && flags === 0) {
		now &= ~LACK.noData;
		state.judge.end(charted, tMicros, (rule) => rule === NO_DATA);
	}
	if (found === LACK.badQuality) state.counts.badQuality++;
	if (found === LACK.notJudged) state.counts.notJudged++;
	now |= found;
	if (found !== 0) breakRuns(state, charted);
	lack[charted.slot] = now;
	refresh(state, charted);
}
