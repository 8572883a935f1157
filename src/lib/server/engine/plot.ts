import { createSubgroup, type ClosedGroup } from '#rules';
import { breakBaseline, collect, pointAt, type Baseline, type BaselinePoint } from '#server/engine/limits/baseline.ts';
import { FLAG } from '#contracts/point.ts';
import { refresh, type PartitionState } from './partition-state.ts';
import { learnFrom, setGiven } from '#server/engine/limits/phases.ts';
import { appendPoint, MAX_CHARTS, microsBack, plotAt } from './ring.ts';
import { PHASE, type Charted, type ChartState } from './table.ts';

/**
 * The next plotted point of a stream is drawn, and learnt from or judged. No object is made unless a rule fires.
 *
 * @param x the value, or the mean of the group that has just been closed
 * @param seq journal position of the record that led to it
 */
export function plot(
	state: PartitionState,
	charted: Charted,
	tMicros: number,
	x: number,
	quality: number,
	flags: number,
	seq: number,
): void {
	const { slot, ring } = charted;
	const { columns } = state.table;
	state.counts.plotted++;
	if (columns.plotted[slot] === 0) {
		columns.plotted[slot] = 1;
		state.plotted.push(charted.stream.id);
	}
	const at = appendPoint(ring, tMicros, seq, quality, flags);
	const phase = columns.phase[slot]!;
	if (phase === PHASE.judging) return judge(state, charted, tMicros, x, flags, at, phase);
	if (phase === PHASE.learning) return collectPoint(state, charted, tMicros, x, quality, flags, seq, at);
	if (phase === PHASE.unjudged) return drawEarly(charted, tMicros, x, at);
	setGiven(state, charted, tMicros);
	state.changed.add(charted.stream.id);
	refresh(state, charted);
	judge(state, charted, tMicros, x, flags, at, PHASE.judging);
}

/** While nothing happens it reads no more of the stream than its ring: what is far away in memory is what takes long. */
function judge(
	state: PartitionState,
	charted: Charted,
	tMicros: number,
	x: number,
	flags: number,
	at: number,
	phase: number,
): void {
	const { slot, chain, ring } = charted;
	const { charts, shared, group } = chain;
	const y = shared === undefined ? x : shared.push(slot, x, tMicros);
	for (let c = 0; c < charts.length; c++) {
		const { takes, statistic, plots, judging, varying } = charts[c]!;
		const taken = takes === 'value' ? y : group!.closed[takes];
		const v = statistic === undefined ? taken : statistic.push(slot, taken, tMicros);
		if (v - v !== 0) {
			plotAt(ring, at, c, plots === 'value' ? x : NaN, 0);
			continue;
		}
		const bits =
			varying === undefined
				? judging.push(slot * MAX_CHARTS + c, v)
				: judging.push(slot * MAX_CHARTS + c, v, varying.centre(slot), varying.sigma(slot));
		const drawn = plots === 'value' ? x : v;
		plotAt(ring, at, c, drawn, bits);
		if (bits !== 0 || state.table.columns.unfinished[slot] === 1)
			follow(state, charted, charted.charts[c]!, tMicros, drawn, bits, flags, phase);
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
	phase: number,
): void {
	const { judging, judgingSlot, at, episodes } = chart;
	// By far the most frequent: the ten points after an episode, and points of the other chart meanwhile.
	if (bits === 0 && phase === PHASE.judging && episodes.open.length === 0) {
		if (state.judge.addContext(charted, chart, tMicros, v)) refresh(state, charted);
		return;
	}
	const spanFrom = (bit: number) => microsBack(charted.ring, at, judging.span(judgingSlot, bit));
	const judged = { tMicros, v, bits, flags, spanFrom };
	if (phase === PHASE.learning) return state.judge.followBaseline(charted, chart, judged);
	state.judge.follow(charted, chart, judged);
	refresh(state, charted);
}

/** Draws what can be drawn before anything is learnt, and learns when the baseline is complete. */
function collectPoint(
	state: PartitionState,
	charted: Charted,
	tMicros: number,
	x: number,
	quality: number,
	flags: number,
	seq: number,
	at: number,
): void {
	drawEarly(charted, tMicros, x, at);
	const baseline = charted.baseline!;
	const { group, charts } = charted.chain;
	const spread = spreadOf(charts, group?.closed);
	const size = group === undefined ? 1 : group.closed.size;
	if (!collect(baseline, { tMicros, v: x, spread, size, seq, quality, flags })) return;
	if (!learnFrom(state, charted, baseline)) return;
	state.changed.add(charted.stream.id);
	refresh(state, charted);
}

/** Range or deviation of the group that was closed last, whichever is charted. */
function spreadOf(charts: Charted['chain']['charts'], closed: ClosedGroup | undefined): number {
	for (const { takes } of charts) if (takes === 'range' || takes === 'sd') return closed?.[takes] ?? NaN;
	return NaN;
}

function drawEarly({ slot, chain, ring }: Charted, tMicros: number, x: number, at: number): void {
	const { charts, shared, group } = chain;
	charts.forEach(({ takes, statistic, plots, early }, c) => {
		if (!early) return plotAt(ring, at, c, NaN, 0);
		if (plots === 'value') return plotAt(ring, at, c, x, 0);
		const y = takes !== 'value' ? group!.closed[takes] : shared === undefined ? x : shared.push(slot, x, tMicros);
		const v = statistic === undefined ? y : statistic.push(slot, y, tMicros);
		plotAt(ring, at, c, v - v === 0 ? v : NaN, 0);
	});
}

/** Draws and judges a baseline by what was learnt from it: its signals are told, and that is all. */
export function judgeAgain(state: PartitionState, charted: Charted, baseline: Baseline, regroup?: number): void {
	const { slot, chain, ring } = charted;
	const { group } = chain;
	const regroups = charted.plan.chart === 'auto';
	// Groups of groups: the slot's own stage takes values.
	const groups = regroup === undefined ? undefined : createSubgroup(1);
	groups?.set(0, { kind: 'size', points: regroup ?? 1 });
	for (let i = 0; i < baseline.points; i++) {
		const point = pointAt(baseline, i);
		if (point.broken) forget(charted);
		if (point.broken) groups?.reset(0);
		if ((point.flags & FLAG.excluded) !== 0) {
			drawOnly(charted, point);
			continue;
		}
		const x = regroups ? (groups ? groups.push(0, point.v, 0) : group!.push(slot, point.v, point.tMicros)) : point.v;
		if (x !== x) continue;
		if (group !== undefined && !regroups)
			Object.assign(group.closed, { size: point.size, range: point.spread, sd: point.spread });
		const at = appendPoint(ring, point.tMicros, point.seq, point.quality, point.flags);
		judge(state, charted, point.tMicros, x, point.flags, at, PHASE.learning);
	}
	if (baseline.broken) forget(charted);
}

/** Taken out by somebody: it stands where it was measured, and is as if it had never been to all else. */
function drawOnly({ ring, chain }: Charted, { tMicros, v, seq, quality, flags }: BaselinePoint): void {
	const at = appendPoint(ring, tMicros, seq, quality, flags);
	chain.charts.forEach(({ takes, statistic }, c) =>
		plotAt(ring, at, c, takes === 'value' && statistic === undefined ? v : NaN, 0),
	);
}

/** Nothing is looked across from here on: no run, no range, no group; unless the plan says that what is missing never was. */
export function breakRuns(state: PartitionState, charted: Charted): void {
	if (charted.plan.missing === 'skip') return;
	forget(charted);
	const { columns } = state.table;
	columns.groupMicros[charted.slot] = NaN;
	columns.windowEndMicros[charted.slot] = NaN;
	if (charted.baseline !== undefined) breakBaseline(charted.baseline);
}

/** What stages and judgings look back on is dropped; limits stay. */
export function forget({ slot, chain, charts }: Charted): void {
	chain.reset(slot);
	for (const { judging, judgingSlot } of charts) judging.push(judgingSlot, NaN);
}
