import { deserialize, serialize } from 'node:v8';
import type { Limits } from '#contracts/limits.ts';
import type { Plan } from '#contracts/plan.ts';
import type { Stream } from '#contracts/stream.ts';
import { copyBaseline, type Baseline } from '#server/engine/limits/baseline.ts';
import type { Parameters } from '#server/engine/plans/chain.ts';
import { addStream } from './commands.ts';
import { keepDerivation, restoreDerivation, type KeptDerivation } from './derived/derivation.ts';
import type { DerivedRule } from '#contracts/derived.ts';
import type { Episodes } from './episodes.ts';
import { copyHeld, type Held } from './hold.ts';
import type { ObservedTime } from '#contracts/observed-time.ts';
import { refresh, type PartitionState } from './partition-state.ts';
import { tailOf, type Ring } from './ring.ts';
import { MARK, type Charted } from './table.ts';

/** Plotted points of each stream in a snapshot: enough for every rule's span and every context. */
const TAIL_POINTS = 50;
const VERSION = 2;
/** Columns of the table that a snapshot has; the others follow from the plan or are about screens. */
const KEPT_COLUMNS = [
	'newestMicros',
	'newestV',
	'newestQuality',
	'lack',
	'heard',
	'seenMicros',
	'windowEndMicros',
	'closedMicros',
	'groupMicros',
	'groupQuality',
	'groupFlags',
	'holding',
	'heldSinceMicros',
	'floorMicros',
] as const;

/** One stream, written with v8.serialize: exact for every double, NaN and typed array. */
interface KeptStream {
	readonly version: typeof VERSION;
	readonly slot: number;
	readonly stream: Stream;
	readonly plan: Plan;
	readonly planRevision: number;
	readonly ordinal: number;
	readonly columns: readonly number[];
	/** Of the stages: what they go by, and what they remember. */
	readonly parameters: Parameters;
	readonly stages: readonly (readonly number[])[];
	readonly charts: readonly {
		readonly limits: Limits | undefined;
		readonly judging: unknown;
		readonly episodes: Episodes;
	}[];
	readonly baseline: Baseline | undefined;
	readonly ring: Ring;
	/** Absent in one of an older version. */
	readonly held?: Held;
	readonly derivation?: KeptDerivation | undefined;
}

interface KeptHeader {
	readonly version: typeof VERSION;
	readonly position: number;
	readonly time: ObservedTime;
	readonly streams: number;
	/** Absent in one of an older version. */
	readonly rules?: readonly DerivedRule[];
}

export interface CapturedStream {
	readonly streamId: number;
	readonly slot: number;
	readonly bytes: Uint8Array;
}

/** The state at one position, taken bit by bit while judging goes on. */
export interface Capture {
	readonly position: number;
	readonly header: Uint8Array;
	/** Complete once `step` has said so. */
	readonly streams: readonly CapturedStream[];
	/** Takes up to `count` more streams. @returns whether all are taken */
	step(count: number): boolean;
}

/**
 * Begins a capture of what changed since the last one. A stream that changes before its turn is taken just before it
 * does (`touch`), so all are as they were at `position` although nobody waited.
 */
export function beginCapture(state: PartitionState, position: number): Capture {
	const { mark } = state.table.columns;
	const slots = state.dirty;
	const streams: CapturedStream[] = [];
	for (const slot of slots) mark[slot] = MARK.pending;
	state.dirty = [];
	state.onPending = (slot) => {
		const charted = state.table.at(slot);
		streams.push({ streamId: charted.stream.id, slot, bytes: serialize(keep(state, charted)) });
	};
	let next = 0;
	return {
		position,
		header: serialize({
			version: VERSION,
			position,
			time: state.time,
			streams: state.table.size,
			rules: state.derived.rules,
		} satisfies KeptHeader),
		streams,
		step(count) {
			const { mark: marks } = state.table.columns;
			for (let left = count; left > 0 && next < slots.length; next++) {
				const slot = slots[next]!;
				if (marks[slot] !== MARK.pending) continue;
				state.onPending(slot);
				marks[slot] = MARK.clean;
				left--;
			}
			return next === slots.length;
		},
	};
}

/** What was captured could not be written: the next capture has to have it. */
export function returnCapture(state: PartitionState, { streams }: Capture): void {
	const { mark } = state.table.columns;
	for (const { slot } of streams) {
		if (mark[slot] === MARK.dirty) continue;
		mark[slot] = MARK.dirty;
		state.dirty.push(slot);
	}
}

/**
 * Fills a new partition state with what captures have kept: the newest header and the newest bytes of each stream.
 *
 * @returns the position that it stands at
 * @throws RangeError when the bytes are of another version, or streams are missing
 */
export function restoreCapture(state: PartitionState, header: Uint8Array, streams: readonly Uint8Array[]): number {
	const kept = deserialize(header) as KeptHeader;
	if (kept.version !== VERSION) throw new RangeError(`cannot restore engine state of version ${String(kept.version)}`);
	const all = streams.map((bytes) => deserialize(bytes) as KeptStream).sort((a, b) => a.slot - b.slot);
	if (all.length !== kept.streams)
		throw new RangeError(`cannot restore engine state: ${all.length} streams instead of ${kept.streams}`);
	Object.assign(state.time, kept.time);
	state.derived.rules = kept.rules ?? [];
	for (const one of all) restoreStream(state, one);
	state.dirty = [];
	return kept.position;
}

function keep(state: PartitionState, charted: Charted): KeptStream {
	const { slot, chain } = charted;
	return {
		version: VERSION,
		slot,
		stream: charted.stream,
		plan: charted.plan,
		planRevision: charted.planRevision,
		ordinal: charted.ordinal,
		columns: KEPT_COLUMNS.map((name) => state.table.columns[name][slot]!),
		parameters: charted.parameters,
		stages: chain.snapshot(slot),
		charts: charted.charts.map(({ limits, judging, judgingSlot, episodes }) => ({
			limits,
			judging: judging.snapshot(judgingSlot),
			episodes,
		})),
		baseline: charted.baseline && copyBaseline(charted.baseline),
		ring: tailOf(charted.ring, TAIL_POINTS),
		held: copyHeld(charted.held),
		derivation: charted.derivation && keepDerivation(charted.derivation),
	};
}

function restoreStream(state: PartitionState, kept: KeptStream): void {
	if (kept.version !== VERSION) throw new RangeError(`cannot restore a stream of version ${String(kept.version)}`);
	const { slot } = kept;
	const charted = addStream(state, kept.stream, kept.plan, kept.planRevision);
	if (charted.slot !== slot) throw new RangeError(`cannot restore stream ${kept.stream.id}: slot ${slot} is taken`);
	charted.ordinal = kept.ordinal;
	KEPT_COLUMNS.forEach((name, i) => {
		// A snapshot of an older version has fewer.
		state.table.columns[name][slot] = kept.columns[i] ?? 0;
	});
	charted.parameters = kept.parameters;
	charted.chain.set(slot, kept.parameters);
	charted.chain.restore(slot, kept.stages);
	charted.charts.forEach((chart, i) => {
		// A snapshot of an older version may have had fewer.
		if (kept.charts[i] === undefined) return;
		const { limits, judging, episodes } = kept.charts[i];
		chart.limits = limits;
		chart.judging.restore(chart.judgingSlot, judging);
		chart.episodes = episodes;
	});
	// Copies: what deserialize gives may lie in the one buffer of all streams and would keep it alive.
	charted.baseline = kept.baseline && copyBaseline(kept.baseline);
	if (kept.held !== undefined) charted.held = copyHeld(kept.held);
	if (charted.derivation && kept.derivation) restoreDerivation(charted.derivation, kept.derivation);
	if (charted.derivation !== undefined) state.derived.waiting.add(slot);
	if (kept.ring.charts === charted.charts.length)
		charted.ring = tailOf(kept.ring, kept.ring.length, state.windowPoints);
	refresh(state, charted);
	state.table.columns.mark[slot] = MARK.clean;
}
