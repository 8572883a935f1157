import { createBank, type Bank } from '#rules';
import type { DerivedRule } from '#contracts/derived.ts';
import { STREAM_STATES, type StreamState } from '#contracts/stream.ts';
import type { DerivedPoint, Verdict } from '#contracts/verdict.ts';
import { createChains, type Chains } from '#server/engine/plans/chains.ts';
import { createZones, type Zones } from './derived/bounds.ts';
import { createJudge, type Judge } from './judge.ts';
import { createObservedTime, type ObservedTime } from '#contracts/observed-time.ts';
import { MAX_CHARTS } from './ring.ts';
import { createStreamTable, LACK, MARK, PHASE, type Charted, type StreamTable } from './table.ts';

/** What is counted for the operator; nothing is judged by it, so no snapshot has it. */
export interface Counts {
	plotted: number;
	late: number;
	duplicate: number;
	badQuality: number;
	/** Points of a stream that no command has told of. */
	unknown: number;
	/** Points of a window that was over when they came. */
	afterWindow: number;
	/** Points that are no count, or of a part without a target. */
	notJudged: number;
	/** Points computed from others, and times at which there was nothing to compute one from. */
	derived: number;
	underivable: number;
	/** Records that are none of ours. */
	unreadable: number;
}

/** All that the engine of a partition remembers, and what the last records led to. */
export interface PartitionState {
	readonly table: StreamTable;
	readonly bank: Bank;
	readonly chains: Chains;
	readonly judge: Judge;
	readonly emit: (verdict: Verdict) => void;
	readonly time: ObservedTime;
	readonly counts: Counts;
	/** What the record being judged led to, so far. */
	verdicts: Verdict[];
	/** Streams with plotted points, and with another state or limits, since somebody asked last. */
	plotted: number[];
	changed: Set<number>;
	/** Slots by the names of their streams, for those that look at another one. */
	readonly named: Map<string, number>;
	readonly derived: DerivedState;
	/** Slots with an episode going on; ticks write what changed in them. */
	readonly busy: Set<number>;
	/** Slots that changed since the last snapshot began. */
	dirty: number[];
	/** Called with a slot that the snapshot being taken still needs, before it changes. */
	onPending: (slot: number) => void;
	/** Points kept per chart for screens. */
	readonly windowPoints: number;
}

/** Of streams whose points are computed from those of others (derived/). */
export interface DerivedState {
	rules: readonly DerivedRule[];
	/** What the record being judged led to, so far. */
	points: DerivedPoint[];
	/** Clocks that windows go by. */
	readonly zones: Zones;
	/** Slots with points that wait for other inputs. */
	readonly waiting: Set<number>;
	/** Takes a judged point of a stream that others are derived from. */
	feed: (slot: number, tMicros: number, v: number, quality: number, flags: number, seq: number) => void;
}

const FIRST_CAPACITY = 64;

export function createPartitionState(windowPoints: number): PartitionState {
	const bank = createBank({ capacity: FIRST_CAPACITY * MAX_CHARTS });
	const emit = (verdict: Verdict) => {
		state.verdicts.push(verdict);
	};
	const judge = createJudge({ emit });
	const state: PartitionState = {
		table: createStreamTable(FIRST_CAPACITY),
		bank,
		chains: createChains(FIRST_CAPACITY, bank),
		judge,
		emit,
		time: createObservedTime(),
		counts: {
			plotted: 0,
			late: 0,
			duplicate: 0,
			badQuality: 0,
			unknown: 0,
			afterWindow: 0,
			notJudged: 0,
			derived: 0,
			underivable: 0,
			unreadable: 0,
		},
		verdicts: [],
		plotted: [],
		changed: new Set(),
		named: new Map(),
		derived: { rules: [], points: [], waiting: new Set(), zones: createZones(), feed() {} },
		busy: new Set(),
		dirty: [],
		onPending() {},
		windowPoints,
	};
	return state;
}

/** Before a slot changes: the next snapshot has to have it, and the one being taken gets it as it still is. */
export function touch(state: PartitionState, slot: number): void {
	const { mark } = state.table.columns;
	if (mark[slot] === MARK.dirty) return;
	if (mark[slot] === MARK.pending) state.onPending(slot);
	mark[slot] = MARK.dirty;
	state.dirty.push(slot);
}

/** After anything but the hot columns of a slot changed: the columns that follow from it, and whether its state did. */
export function refresh(state: PartitionState, charted: Charted): void {
	const { slot, charts } = charted;
	const { columns } = state.table;
	const goesOn = charts.some(({ episodes }) => episodes.open.length > 0);
	const waits = charts.some(({ episodes }) => episodes.waiting.length > 0);
	columns.unfinished[slot] = goesOn || waits ? 1 : 0;
	if (goesOn) state.busy.add(slot);
	columns.phase[slot] = phaseOf(charted);
	const shown = STREAM_STATES.indexOf(stateOf(state, charted));
	if (columns.shown[slot] === shown) return;
	columns.shown[slot] = shown;
	state.changed.add(charted.stream.id);
}

function phaseOf({ baseline, charts, plan }: Charted): number {
	if (baseline !== undefined) return PHASE.learning;
	if (charts[0]!.limits !== undefined) return PHASE.judging;
	return 'centre' in plan.baseline ? PHASE.awaitsGiven : PHASE.unjudged;
}

export function stateOf(state: PartitionState, charted: Charted): StreamState {
	const lack = state.table.columns.lack[charted.slot]!;
	if (lack & (LACK.noData | LACK.gap)) return 'no-data';
	if (lack & LACK.badQuality) return 'bad-quality';
	if (lack & LACK.notJudged) return 'not-judged';
	if (charted.plan.rules === 'none') return 'not-judged';
	if (charted.charts[0]!.limits === undefined) return 'learning';
	return charted.charts.some(({ episodes }) => episodes.open.length > 0) ? 'violating' : 'in-control';
}
