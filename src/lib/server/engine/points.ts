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
import { breakBaseline, collect } from './baseline.ts';
import { NO_DATA } from './judge.ts';
import { forget } from './phases.ts';
import { refresh, touch, type PartitionState } from './partition-state.ts';
import { appendPoint, MAX_CHARTS, microsBack, plotAt } from './ring.ts';
import { LACK, MARK, PHASE, type Charted, type ChartState } from './table.ts';

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
	if (!bad) plot(state, state.table.at(slot), tMicros, v, quality, flags, seq);
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

/** Nothing is looked across from here on: no run, no range. */
export function breakRuns(state: PartitionState, charted: Charted): void {
	forget(state.bank, charted);
	if (charted.baseline !== undefined) breakBaseline(charted.baseline);
}

function plot(
	state: PartitionState,
	charted: Charted,
	tMicros: number,
	v: number,
	quality: number,
	flags: number,
	seq: number,
): void {
	const { slot, chain, ring } = charted;
	let x = v;
	for (const stage of chain.before) x = stage.push(slot, x);
	if (x !== x) return;
	state.counts.plotted++;
	if (state.table.columns.plotted[slot] === 0) {
		state.table.columns.plotted[slot] = 1;
		state.plotted.push(charted.stream.id);
	}
	const at = appendPoint(ring, tMicros, seq, quality, flags);
	const phase = state.table.columns.phase[slot];
	if (phase === PHASE.judging) return judge(state, charted, tMicros, x, flags, at);
	if (phase === PHASE.learning) return learn(state, charted, tMicros, x, at);
	state.phases.setGiven(charted, tMicros);
	state.changed.add(charted.stream.id);
	refresh(state, charted);
	judge(state, charted, tMicros, x, flags, at);
}

/** While nothing happens it reads no more of the stream than its ring: what is far away in memory is what takes long. */
function judge(state: PartitionState, charted: Charted, tMicros: number, x: number, flags: number, at: number): void {
	const { slot, chain, ring } = charted;
	const { charts } = chain;
	for (let c = 0; c < charts.length; c++) {
		const v = charts[c]!.statistic.push(slot, x);
		if (v - v !== 0) {
			plotAt(ring, at, c, NaN, 0);
			continue;
		}
		const bits = state.bank.push(slot * MAX_CHARTS + c, v);
		plotAt(ring, at, c, v, bits);
		if (bits !== 0 || state.table.columns.unfinished[slot] === 1)
			follow(state, charted, charted.charts[c]!, tMicros, v, bits, flags);
	}
}

function follow(
	state: PartitionState,
	charted: Charted,
	chart: ChartState,
	tMicros: number,
	v: number,
	bits: number,
	flags: number,
): void {
	const spanFrom = (rule: number) => microsBack(charted.ring, chart.at, state.bank.span(chart.bankSlot, rule));
	state.judge.follow(charted, chart, { tMicros, v, bits, flags, spanFrom });
	refresh(state, charted);
}

function learn(state: PartitionState, charted: Charted, tMicros: number, x: number, at: number): void {
	const { slot, charts, ring } = charted;
	const baseline = charted.baseline!;
	for (const chart of charts) {
		const v = chart.statistic.push(slot, x);
		plotAt(ring, at, chart.at, v - v === 0 ? v : NaN, 0);
	}
	if (!collect(baseline, tMicros, x)) return;
	if (!state.phases.learnFrom(charted, baseline)) return;
	state.changed.add(charted.stream.id);
	refresh(state, charted);
}
