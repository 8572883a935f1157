import { FLAG } from '#contracts/point.ts';
import {
	readRowsHeader,
	ROW_BYTES,
	rowMicros,
	rowQuality,
	ROWS_HEADER_BYTES,
	rowStream,
	rowValue,
	viewOf,
	type RowsHeader,
} from '#contracts/rows.ts';
import { NO_DATA } from './judge.ts';
import { refresh, touch, type PartitionState } from './partition-state.ts';
import { breakRuns, plot } from './plot.ts';
import { LACK, MARK, type Charted } from './table.ts';
import { addToGroup } from './windows.ts';

/** A record of topic `points`, its bytes where they lie. */
export interface RowsRecord extends RowsHeader {
	readonly view: DataView;
}

/** @throws RangeError when the bytes are no such record */
export function openRows(bytes: Uint8Array): RowsRecord {
	const view = viewOf(bytes);
	return { view, ...readRowsHeader(view) };
}

/**
 * Judges rows in their order. No object is made for a point unless a rule fires at it.
 *
 * @param seq journal position of the record
 */
export function judgeRows(state: PartitionState, { view, count, historical }: RowsRecord, seq: number): void {
	const flags = historical ? FLAG.historical : 0;
	const end = ROWS_HEADER_BYTES + count * ROW_BYTES;
	const { table, counts } = state;
	for (let at = ROWS_HEADER_BYTES; at < end; at += ROW_BYTES) {
		const slot = table.slotOf(rowStream(view, at));
		if (slot < 0) counts.unknown++;
		else judgeRow(state, slot, view, at, flags, seq);
	}
}

function judgeRow(state: PartitionState, slot: number, view: DataView, at: number, flags: number, seq: number): void {
	const { columns } = state.table;
	const tMicros = rowMicros(view, at);
	const newest = columns.newestMicros[slot]!;
	if (tMicros <= newest) {
		if (tMicros === newest) state.counts.duplicate++;
		else state.counts.late++;
		return;
	}
	if (columns.mark[slot] !== MARK.dirty) touch(state, slot);
	const v = rowValue(view, at);
	const quality = rowQuality(view, at);
	columns.newestMicros[slot] = tMicros;
	columns.newestV[slot] = v;
	columns.newestQuality[slot] = quality;
	if (flags === 0) columns.heard[slot] = 1;
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
