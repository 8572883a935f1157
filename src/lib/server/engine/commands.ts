import type { Command } from '#contracts/command.ts';
import type { Plan } from '#contracts/plan.ts';
import { observeTick } from '#contracts/observed-time.ts';
import { QUALITY } from '#contracts/point.ts';
import { canonicalName, type Stream } from '#contracts/stream.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import type { Chain } from '#server/engine/plans/chain.ts';
import { actOnBaseline } from './baseline-acts.ts';
import { decideDue, feedGap } from './derived/feed.ts';
import { linkStream } from './derived/link.ts';
import { setRules } from './derived/rules.ts';
import { createEpisodes } from './episodes.ts';
import { createHeld, isDue, newestOf, raiseFloor, release, releaseAll } from './hold.ts';
import { NO_DATA } from './judge.ts';
import { isMissed } from '#server/engine/limits/observed-time.ts';
import { refresh, touch, type PartitionState } from './partition-state.ts';
import { beginPhase, givesWhatHolds, judgesAlike } from '#server/engine/limits/phases.ts';
import { breakRuns, forget } from './plot.ts';
import { clearRing, createRing, MAX_CHARTS } from './ring.ts';
import { HOLDING, LACK, type Charted, type ChartState } from './table.ts';
import { closeWindow, isWindowOver } from './windows.ts';

type StreamCommand = Extract<Command, { type: 'stream' }>;
type GapCommand = Extract<Command, { type: 'gap' }>;

/** @param seq journal position of the command */
export function obey(state: PartitionState, command: Command, seq: number): void {
	switch (command.type) {
		case 'tick':
			return tick(state, command.tMicros, seq);
		case 'stream':
			return setStream(state, command, seq);
		case 'gap':
			return markGap(state, command, seq);
		case 'derived':
			return setRules(state, command.rules, (charted) => renew(state, charted));
		case 'baseline':
			return actOnBaseline(state, command, (charted) => renew(state, charted));
	}
}

function setStream(state: PartitionState, { stream, plan, planRevision }: StreamCommand, seq: number): void {
	const known = state.table.find(stream.id);
	const { columns } = state.table;
	if (known === undefined) {
		addStream(state, stream, plan, planRevision);
		return;
	}
	touch(state, known.slot);
	// What came before the change is judged by what was in force.
	releaseAll(state, known, seq);
	columns.floorMicros[known.slot] = columns.newestMicros[known.slot]!;
	const sameUnit = known.stream.unit === stream.unit;
	const samePhase = sameUnit && (judgesAlike(known.plan, plan) || givesWhatHolds(known, plan));
	if (plan.expect === undefined) stopExpecting(state, known);
	if (!samePhase) endPhase(state, known);
	// Values of another unit are nothing to draw or to compare with what comes.
	if (!sameUnit) clearRing(known.ring);
	Object.assign(known, { stream, plan, planRevision });
	setColumns(state, known);
	if (!samePhase) {
		rechain(state, known);
		beginPhase(state, known);
	}
	state.changed.add(stream.id);
	refresh(state, known);
}

/** Its points are other ones from here on. */
function renew(state: PartitionState, charted: Charted): void {
	endPhase(state, charted);
	setColumns(state, charted);
	beginPhase(state, charted);
	state.changed.add(charted.stream.id);
	refresh(state, charted);
}

export function addStream(state: PartitionState, stream: Stream, plan: Plan, planRevision: number): Charted {
	const chain = state.chains.compile(plan);
	const charted = state.table.add(stream.id, (slot) => {
		makeRoom(state);
		const ring = createRing(chain.charts.length, state.windowPoints);
		const charts = chartsOf(chain, slot);
		const learnt = { parameters: {}, baseline: undefined, ordinal: 0 };
		return { slot, stream, plan, planRevision, chain, charts, ring, held: createHeld(), ...learnt };
	});
	touch(state, charted.slot);
	state.named.set(canonicalName(stream), charted.slot);
	linkStream(state, charted);
	setColumns(state, charted);
	beginPhase(state, charted);
	state.changed.add(stream.id);
	refresh(state, charted);
	return charted;
}

function makeRoom({ table, bank, chains }: PartitionState): void {
	chains.grow(table.capacity);
	bank.grow(table.capacity * MAX_CHARTS);
}

function chartsOf(chain: Chain, slot: number): readonly ChartState[] {
	return chain.charts.map(({ chart, judging }, at) => ({
		chart,
		at,
		judging,
		judgingSlot: slot * MAX_CHARTS + at,
		limits: undefined,
		episodes: createEpisodes(),
	}));
}

/** Another kind of chart has other statistics; only the episode of absence, which is none's, goes over. */
function rechain(state: PartitionState, charted: Charted): void {
	const chain = state.chains.compile(charted.plan);
	if (chain === charted.chain) return;
	const { episodes } = charted.charts[0]!;
	charted.chain = chain;
	charted.charts = chartsOf(chain, charted.slot);
	charted.charts[0]!.episodes = episodes;
	charted.ring = createRing(chain.charts.length, state.windowPoints);
}

function setColumns(state: PartitionState, { slot, plan, derivation }: Charted): void {
	const { columns } = state.table;
	columns.admit[slot] = plan.admit === 'good' ? QUALITY.good : QUALITY.uncertain;
	// A plan of an older version has a text there, which meant none.
	columns.reorderMicros[slot] = typeof plan.reorder === 'number' ? plan.reorder * MICROS_PER_MS : 0;
	// What is computed is computed in order, and nobody sends it.
	if (derivation !== undefined) columns.reorderMicros[slot] = -1;
	columns.expectMicros[slot] = (plan.expect ?? 0) * MICROS_PER_MS;
}

function endPhase(state: PartitionState, charted: Charted): void {
	// Whether points come has nothing to do with limits: an episode of absence goes on.
	state.judge.close(charted, state.table.columns.newestMicros[charted.slot]!, (rule) => rule !== NO_DATA);
	forget(charted);
}

function stopExpecting(state: PartitionState, charted: Charted): void {
	const { columns } = state.table;
	state.judge.end(charted, columns.newestMicros[charted.slot]!, (rule) => rule === NO_DATA);
	columns.lack[charted.slot]! &= ~LACK.noData;
	columns.seenMicros[charted.slot] = NaN;
}

function markGap(state: PartitionState, { streamId, fromMicros, toMicros }: GapCommand, seq: number): void {
	const charted = state.table.find(streamId);
	if (charted === undefined) return;
	const { columns } = state.table;
	// A gap of the past is late like a point of the past: it never changes what has been judged since.
	if (toMicros <= columns.newestMicros[charted.slot]!) return;
	touch(state, charted.slot);
	const newest = newestOf(state, charted);
	release(state, charted, toMicros, seq);
	raiseFloor(state, charted.slot, Math.min(toMicros, newest));
	breakRuns(state, charted);
	endAt(state, charted, fromMicros);
	columns.lack[charted.slot]! |= LACK.gap;
	refresh(state, charted);
	if (columns.feeds[charted.slot] !== 0) feedGap(state, charted.slot, fromMicros, seq);
}

/** What signals is over where nothing is known; unless what is missing is as if it had not been. */
function endAt(state: PartitionState, charted: Charted, endedMicros: number): void {
	if (charted.plan.missing !== 'skip') state.judge.end(charted, endedMicros, (rule) => rule !== NO_DATA);
}

/** Streams are gone through by id, so that the order of verdicts does not hang on the order of slots. */
function tick(state: PartitionState, tMicros: number, seq: number): void {
	observeTick(state.time, tMicros);
	const { missed, over, due } = hearStreams(state);
	const slots = [...new Set([...missed, ...over, ...due, ...state.busy])];
	const streams = slots.map((slot) => state.table.at(slot)).sort((a, b) => a.stream.id - b.stream.id);
	for (const charted of streams) {
		if (due.has(charted.slot)) releaseAll(state, charted, seq);
		if (over.has(charted.slot)) closeWindow(state, charted, seq);
		if (missed.has(charted.slot)) miss(state, charted);
		if (charted.charts.some(({ episodes }) => episodes.open.some(({ changed }) => changed))) {
			touch(state, charted.slot);
			state.judge.writeChanges(charted);
		}
		if (charted.charts.every(({ episodes }) => episodes.open.length === 0)) state.busy.delete(charted.slot);
	}
	decideDue(state, seq);
}

/**
 * Notes which streams were heard since the last tick.
 *
 * @returns slots that are missed from now on, whose window is over, and whose held points have waited long enough
 */
function hearStreams(state: PartitionState): Record<'missed' | 'over' | 'due', ReadonlySet<number>> {
	const { expectMicros, heard, seenMicros, lack, windowEndMicros, holding } = state.table.columns;
	const missed = new Set<number>();
	const over = new Set<number>();
	const due = new Set<number>();
	for (let slot = 0; slot < state.table.size; slot++) {
		if (isDue(state, slot)) due.add(slot);
		const isOpen = windowEndMicros[slot] === windowEndMicros[slot];
		if (expectMicros[slot] === 0 && !isOpen) continue;
		if (heard[slot] === 1) {
			touch(state, slot);
			heard[slot] = 0;
			seenMicros[slot] = state.time.nowMicros;
			continue;
		}
		if (isOpen && isWindowOver(state, slot)) over.add(slot);
		if (expectMicros[slot] === 0 || (lack[slot]! & LACK.noData) !== 0) continue;
		// What has come and waits is judged first.
		if (holding[slot] !== HOLDING.nothing) continue;
		if (isMissed(state.time, seenMicros[slot]!, expectMicros[slot]!)) missed.add(slot);
	}
	return { missed, over, due };
}

function miss(state: PartitionState, charted: Charted): void {
	const { slot } = charted;
	const { columns } = state.table;
	touch(state, slot);
	// Placed where the first point is missing in the stream's own time: the same, whichever tick noticed.
	const dueMicros = columns.newestMicros[slot]! + columns.expectMicros[slot]!;
	breakRuns(state, charted);
	endAt(state, charted, dueMicros);
	columns.lack[slot]! |= LACK.noData;
	state.judge.openAbsence(charted, dueMicros);
	refresh(state, charted);
}
