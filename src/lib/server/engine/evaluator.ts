import { parseCommand } from '#contracts/command.ts';
import type { Verdict } from '#contracts/verdict.ts';
import type { JournalRecord } from '#server/journal/port.ts';
import { obey } from './commands.ts';
import { feedPoint } from './derived/feed.ts';
import { createPartitionState, type PartitionState } from './partition-state.ts';
import { judgeRows, openRows } from './points.ts';
import type { EngineChange } from './port.ts';

/**
 * A pure state machine over the records of a partition: what it answers depends on the records so far and on nothing
 * else, so a replay gives byte-equal verdicts with the same ids.
 */
export interface Evaluator {
	readonly state: PartitionState;
	/** @returns what the record led to; nothing when it cannot be read, which is counted */
	evaluate(record: Pick<JournalRecord, 'topic' | 'seq' | 'bytes'>): readonly Verdict[];
	/** What changed since the last call. */
	takeChange(seq: number): EngineChange;
}

const WINDOW_POINTS = 2000;
const NOTHING: readonly Verdict[] = [];

type Step = (state: PartitionState) => void;

/**
 * Reads the whole record before anything is judged by it, so that one that cannot be read changes nothing.
 * It would be met again at every replay, and must not keep the engine from those after it.
 */
function parse(record: Pick<JournalRecord, 'topic' | 'seq' | 'bytes'>): Step | undefined {
	try {
		if (record.topic === 'points') {
			const rows = openRows(record.bytes);
			return (state) => {
				judgeRows(state, rows, record.seq);
				tellDerived(state, rows.receivedMicros);
			};
		}
		const command = parseCommand(record.bytes);
		return (state) => {
			obey(state, command, record.seq);
			tellDerived(state, state.time.tickMicros);
		};
	} catch {
		return undefined;
	}
}

/** What was computed is to be stored, as if it had come with what led to it. */
function tellDerived(state: PartitionState, receivedMicros: number): void {
	const { points } = state.derived;
	if (points.length === 0) return;
	state.derived.points = [];
	const first = points[0]!.tMicros;
	// Before the first tick nobody has said what time it is.
	state.emit({ type: 'points', points, receivedMicros: Number.isNaN(receivedMicros) ? first : receivedMicros });
}

export function createEvaluator({ windowPoints = WINDOW_POINTS }: { windowPoints?: number } = {}): Evaluator {
	const state = createPartitionState(windowPoints);
	state.derived.feed = (...point) => feedPoint(state, ...point);
	return {
		state,
		evaluate(record) {
			const step = parse(record);
			if (step === undefined) state.counts.unreadable++;
			else step(state);
			if (state.verdicts.length === 0) return NOTHING;
			const { verdicts } = state;
			state.verdicts = [];
			return verdicts;
		},
		takeChange(seq) {
			const { plotted, changed, table } = state;
			for (const streamId of plotted) table.columns.plotted[table.slotOf(streamId)] = 0;
			state.plotted = [];
			state.changed = new Set();
			return { seq, plotted: new Set(plotted), changed };
		},
	};
}
