import type { JournalRecord, ReadRange } from '../port.ts';
import type { Signal } from './signal.ts';
import type { Found, Tail } from './tail.ts';

const BATCH = { maxRecords: 256, maxBytes: 4 * 1024 * 1024 };

export interface Reading {
	readonly range: ReadRange;
	readonly tail: Tail;
	/** Raised after every commit. */
	readonly grown: Signal;
	/** Reads the file, for what is older than the tail. */
	readonly fetch: (range: ReadRange, batch: typeof BATCH) => Promise<Found>;
}

/** Batches in order without end: from the file until the tail is reached, from the tail from then on. */
export async function* readRecords({ range, tail, grown, fetch }: Reading): AsyncIterable<readonly JournalRecord[]> {
	const topics = new Set(range.topics);
	const { signal, partition } = range;
	let fromSeq = Math.max(1, range.fromSeq);
	while (!signal.aborted && !grown.ended()) {
		if (fromSeq > tail.lastSeq()) {
			await grown.wait(signal);
			continue;
		}
		const kept = tail.find({ topics, partition, fromSeq, ...BATCH });
		const { records, nextSeq } = kept ?? (await fetch({ ...range, fromSeq }, BATCH));
		fromSeq = nextSeq;
		if (records.length > 0 && !signal.aborted) yield records;
	}
}
