import { MICROS_PER_SECOND } from '#contracts/time.ts';
import { refresh, touch, type PartitionState } from './partition-state.ts';
import { setGiven } from '#server/engine/limits/phases.ts';
import { plot } from './plot.ts';
import { PHASE, type Charted } from './table.ts';

/**
 * Collectors hand over once a second and ticks are a second apart: what was measured within a window is there by then. Where the
 * next point comes sooner it closes the window, and this is never waited for.
 */
const PATIENCE_MICROS = 2 * MICROS_PER_SECOND;

/** A value goes into its group, which is plotted when it is full, or when a value of a later window comes. */
export function addToGroup(
	state: PartitionState,
	charted: Charted,
	tMicros: number,
	v: number,
	quality: number,
	flags: number,
	seq: number,
): void {
	const { columns } = state.table;
	// What is known holds from the first value on: its group is judged by it, and seen to be.
	if (columns.phase[charted.slot] === PHASE.awaitsGiven) {
		setGiven(state, charted, tMicros);
		state.changed.add(charted.stream.id);
		refresh(state, charted);
	}
	const { slot, chain, parameters } = charted;
	if (tMicros < columns.closedMicros[slot]!) {
		state.counts.afterWindow++;
		return;
	}
	const mean = chain.group!.push(slot, v, tMicros);
	const isFull = mean === mean;
	if (isFull && (parameters.group!.kind === 'size' || chain.group!.closed.hasLast)) {
		noteValue(state, slot, tMicros, quality, flags);
		columns.windowEndMicros[slot] = NaN;
		return plotGroup(state, charted, mean, seq);
	}
	if (isFull) plotGroup(state, charted, mean, seq);
	// Limits that this has led to begin a phase, and the value is the first of its first window.
	if (charted.parameters !== parameters) charted.chain.group!.push(slot, v, tMicros);
	noteValue(state, slot, tMicros, quality, flags);
	columns.windowEndMicros[slot] = endOfWindow(charted, tMicros);
}

function endOfWindow({ parameters: { group } }: Charted, tMicros: number): number {
	return group?.kind === 'window' ? (Math.floor(tMicros / group.micros) + 1) * group.micros : NaN;
}

/**
 * Whether a window is over in the stream's own time: t of its newest point and what has been watched since. By the wall clock a
 * replay of last year would be over at every tick, and a sender's slow clock would cut its windows short. What is imported is
 * not watched, and its windows are closed by its points.
 */
export function isWindowOver(state: PartitionState, slot: number): boolean {
	const { windowEndMicros, newestMicros, seenMicros, groupFlags } = state.table.columns;
	if (groupFlags[slot] !== 0) return false;
	const nowMicros = newestMicros[slot]! + (state.time.nowMicros - seenMicros[slot]!);
	return nowMicros >= windowEndMicros[slot]! + PATIENCE_MICROS;
}

/** At a tick: what the window has is plotted, and nothing more of it. */
export function closeWindow(state: PartitionState, charted: Charted, seq: number): void {
	const { columns } = state.table;
	const { slot, chain } = charted;
	touch(state, slot);
	const endMicros = columns.windowEndMicros[slot]!;
	columns.windowEndMicros[slot] = NaN;
	// It goes on into the window of its next value.
	if (chain.group!.wantsMore(slot)) return;
	columns.closedMicros[slot] = endMicros;
	const mean = chain.group!.close(slot);
	if (mean === mean) plotGroup(state, charted, mean, seq);
}

/** A group stands at its newest value, with the worst of their qualities. */
function plotGroup(state: PartitionState, charted: Charted, mean: number, seq: number): void {
	const { columns } = state.table;
	const { slot } = charted;
	const [tMicros, quality, flags] = [
		columns.groupMicros[slot]!,
		columns.groupQuality[slot]!,
		columns.groupFlags[slot]!,
	];
	columns.groupMicros[slot] = NaN;
	plot(state, charted, tMicros, mean, quality, flags, seq);
}

function noteValue(
	{ table: { columns } }: PartitionState,
	slot: number,
	tMicros: number,
	quality: number,
	flags: number,
) {
	const isFirst = Number.isNaN(columns.groupMicros[slot]!);
	columns.groupQuality[slot] = isFirst ? quality : Math.min(columns.groupQuality[slot]!, quality);
	columns.groupFlags[slot] = flags;
	columns.groupMicros[slot] = tMicros;
}
