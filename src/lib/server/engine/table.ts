import type { Chart } from '#contracts/chart.ts';
import type { Limits } from '#contracts/limits.ts';
import type { Plan } from '#contracts/plan.ts';
import { QUALITY } from '#contracts/point.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Baseline } from '#server/engine/limits/baseline.ts';
import type { Chain, Parameters } from '#server/engine/plans/chain.ts';
import type { Derivation, Feed } from './derived/derivation.ts';
import type { Episodes } from './episodes.ts';
import type { Held } from './hold.ts';
import type { Judging } from './judging.ts';
import type { Ring } from './ring.ts';

/** One chart of one stream. */
export interface ChartState {
	readonly chart: Chart;
	/** Position among the stream's charts. */
	readonly at: number;
	readonly judging: Judging;
	/** Where `judging` keeps this chart. */
	readonly judgingSlot: number;
	limits: Limits | undefined;
	episodes: Episodes;
}

/** A stream with its plan and all that the engine remembers of it, but for the columns below. */
export interface Charted {
	readonly slot: number;
	stream: Stream;
	plan: Plan;
	planRevision: number;
	/** As compiled, or on scores where that was learnt. */
	chain: Chain;
	/** What its stages go by. */
	parameters: Parameters;
	charts: readonly ChartState[];
	/** While the stream learns. */
	baseline: Baseline | undefined;
	/** Sets of limits that the stream has had. */
	ordinal: number;
	ring: Ring;
	/** Points that wait for older ones. */
	held: Held;
	/** How its points are computed, where they are. */
	derivation?: Derivation | undefined;
	/** Where its points go. */
	feeds?: readonly Feed[] | undefined;
}

/** Why a stream's newest moment has no judged value. */
export const LACK = { badQuality: 1, noData: 2, gap: 4, notJudged: 8 } as const;

/** The columns that every point touches, by slot. */
export interface Columns {
	/** NaN until the first point. */
	newestMicros: Float64Array;
	newestV: Float64Array;
	newestQuality: Uint8Array;
	/** Points of a lower quality are not judged. */
	admit: Uint8Array;
	/** How long a point waits for older ones; 0 = it is judged as it comes, below 0 = none is taken: its points are computed. */
	reorderMicros: Float64Array;
	/** Where points wait: up to here all that came has been judged, and what comes now is late; NaN = nothing has. */
	floorMicros: Float64Array;
	/** HOLDING of the stream. */
	holding: Uint8Array;
	/** The observed time by which the newest held point had come. */
	heldSinceMicros: Float64Array;
	/** Bits of LACK. */
	lack: Uint8Array;
	/** Of the last batch: this slot got plotted points. */
	plotted: Uint8Array;
	/** Expected interval; 0 = nothing is expected. */
	expectMicros: Float64Array;
	/** A live point came since the last tick. */
	heard: Uint8Array;
	/** The observed time (absence.ts) by which the newest live point had come; NaN = none yet. */
	seenMicros: Float64Array;
	/** Of an open window: its end in the stream's time; NaN = none is open. */
	windowEndMicros: Float64Array;
	/** Of a window that is over: its end, before which nothing is plotted any more; NaN before the first. */
	closedMicros: Float64Array;
	/** Of the newest value in an open group, NaN = none; the worst quality of its values, and the newest one's flags. */
	groupMicros: Float64Array;
	groupQuality: Uint8Array;
	groupFlags: Uint8Array;
	/** PHASE of the stream. */
	phase: Uint8Array;
	/** 1 = an episode goes on or waits for context, so every point has to be shown to it. */
	unfinished: Uint8Array;
	/** Index in STREAM_STATES of the state last told. */
	shown: Uint8Array;
	/** 1 = other streams are derived from this one. */
	feeds: Uint8Array;
	/** MARK of the next snapshot. */
	mark: Uint8Array;
}

/** Whether points are held, and whether one has come since the last tick. */
export const HOLDING = { nothing: 0, waiting: 1, fresh: 2 } as const;

/** What a plotted point is for. */
export const PHASE = { learning: 0, awaitsGiven: 1, judging: 2, unjudged: 3 } as const;

/** Whether the next snapshot has to take a slot, or the one being taken still has to. */
export const MARK = { clean: 0, dirty: 1, pending: 2 } as const;

export interface StreamTable {
	readonly columns: Columns;
	readonly size: number;
	/** -1 when no command has told of this stream. */
	slotOf(streamId: number): number;
	at(slot: number): Charted;
	find(streamId: number): Charted | undefined;
	/** @param make is told the new slot; the columns have room for it then */
	add(streamId: number, make: (slot: number) => Charted): Charted;
	readonly capacity: number;
}

/** Stream ids come from one counter, so a dense array finds a slot faster than a map would. */
const MAX_STREAM_ID = 2 ** 27;

export function createStreamTable(firstCapacity: number): StreamTable {
	let capacity = firstCapacity;
	let slots = new Int32Array(1024).fill(-1);
	const charted: Charted[] = [];
	const columns = createColumns(capacity);

	function makeRoom(streamId: number): void {
		if (!(streamId >= 0 && streamId < MAX_STREAM_ID))
			throw new RangeError(`cannot chart stream ${streamId}: id too large`);
		if (streamId >= slots.length) {
			const grown = new Int32Array(Math.max(streamId + 1, slots.length * 2)).fill(-1);
			grown.set(slots);
			slots = grown;
		}
		if (charted.length < capacity) return;
		capacity *= 2;
		growColumns(columns, capacity);
	}

	return {
		columns,
		get size() {
			return charted.length;
		},
		get capacity() {
			return capacity;
		},
		slotOf: (streamId) => slots[streamId] ?? -1,
		at: (slot) => charted[slot]!,
		find: (streamId) => charted[slots[streamId] ?? -1],
		add(streamId, make) {
			makeRoom(streamId);
			const slot = charted.length;
			const one = make(slot);
			charted.push(one);
			slots[streamId] = slot;
			return one;
		},
	};
}

function createColumns(capacity: number): Columns {
	return {
		newestMicros: new Float64Array(capacity).fill(NaN),
		newestV: new Float64Array(capacity).fill(NaN),
		newestQuality: new Uint8Array(capacity),
		admit: new Uint8Array(capacity).fill(QUALITY.good),
		reorderMicros: new Float64Array(capacity),
		floorMicros: new Float64Array(capacity).fill(NaN),
		holding: new Uint8Array(capacity),
		heldSinceMicros: new Float64Array(capacity).fill(NaN),
		lack: new Uint8Array(capacity),
		plotted: new Uint8Array(capacity),
		expectMicros: new Float64Array(capacity),
		heard: new Uint8Array(capacity),
		seenMicros: new Float64Array(capacity).fill(NaN),
		windowEndMicros: new Float64Array(capacity).fill(NaN),
		closedMicros: new Float64Array(capacity).fill(NaN),
		groupMicros: new Float64Array(capacity).fill(NaN),
		groupQuality: new Uint8Array(capacity),
		groupFlags: new Uint8Array(capacity),
		phase: new Uint8Array(capacity),
		unfinished: new Uint8Array(capacity),
		shown: new Uint8Array(capacity),
		feeds: new Uint8Array(capacity),
		mark: new Uint8Array(capacity),
	};
}

function growColumns(columns: Columns, capacity: number): void {
	const larger = createColumns(capacity);
	for (const name of Object.keys(columns) as (keyof Columns)[]) larger[name].set(columns[name] as never);
	Object.assign(columns, larger);
}
