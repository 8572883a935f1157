import { setImmediate as turn } from 'node:timers/promises';
import { JournalFullError, type Journal } from '#server/journal/port.ts';
import { beginCapture, restoreCapture, returnCapture, type Capture } from './capture.ts';
import type { PartitionState } from './partition-state.ts';

/** The state of a partition in the journal's values: `engine/<partition>/position` and one value per stream. */
export interface Snapshots {
	/** Once, before the first record. @returns the journal position to go on after; 0 = from the beginning */
	restore(): Promise<number>;
	/**
	 * Writes what changed since the last snapshot, as it is now; judging may go on meanwhile.
	 *
	 * @param durable waits until all verdicts up to the position are in the journal, false = they never will be: a
	 * snapshot ahead of them would lose them
	 * @throws SeqConflictError when another process has written a snapshot of this partition
	 */
	take(position: number, durable: () => Promise<boolean>): Promise<void>;
	/** The position of the newest snapshot: records up to it are not needed any more. */
	position(): number;
}

/** At about 10 microseconds each, a turn takes a millisecond. */
const STREAMS_PER_TURN = 100;
const MAX_VALUE_BYTES = 512 * 1024;

export function createSnapshots(parts: {
	readonly journal: Journal;
	readonly partition: number;
	readonly state: PartitionState;
	readonly onTaken: (streams: number, bytes: number) => void;
	readonly onFull: (error: JournalFullError) => void;
}): Snapshots {
	const { journal, state } = parts;
	const prefix = `engine/${parts.partition}/`;
	const headerKey = `${prefix}position`;
	let revision = 0;
	let position = 0;

	/** One transaction, and the header's revision is compared: two owners cannot mix their snapshots. */
	async function write({ header, streams }: Capture): Promise<void> {
		const values = streams.map(({ streamId, bytes }) => ({ key: `${prefix}stream/${streamId}`, value: bytes }));
		for (const { key, value } of values)
			if (value.length > MAX_VALUE_BYTES) throw new RangeError(`cannot keep "${key}": ${value.length} bytes`);
		const revisions = await journal.putAll([{ key: headerKey, value: header, expectRevision: revision }, ...values]);
		revision = revisions[0]!;
	}

	return {
		position: () => position,
		async restore() {
			const kept = await journal.list(prefix);
			const header = kept.find(({ key }) => key === headerKey);
			if (header === undefined) return 0;
			revision = header.revision;
			const streams = kept.filter((value) => value !== header).map(({ value }) => value);
			position = restoreCapture(state, header.value, streams);
			return position;
		},
		async take(at, durable) {
			const capture = beginCapture(state, at);
			while (!capture.step(STREAMS_PER_TURN)) await turn();
			if (!(await durable())) return;
			try {
				await write(capture);
			} catch (error) {
				if (!(error instanceof JournalFullError)) throw error;
				returnCapture(state, capture);
				parts.onFull(error);
				return;
			}
			position = at;
			parts.onTaken(
				capture.streams.length,
				capture.streams.reduce((sum, { bytes }) => sum + bytes.length, 0),
			);
		},
	};
}
