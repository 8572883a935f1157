import type { JournalRecord, Topic } from '../port.ts';

export interface TailRange {
	readonly topics: ReadonlySet<Topic>;
	readonly partition: number;
	readonly fromSeq: number;
	readonly maxRecords: number;
	readonly maxBytes: number;
}

export interface Found {
	readonly records: readonly JournalRecord[];
	/** Everything below has been looked at. */
	readonly nextSeq: number;
}

/** The newest records in memory: readers that keep up get theirs from here, right after the commit. */
export interface Tail {
	/** Only committed records, each with the seq after the one before. */
	push(record: JournalRecord): void;
	lastSeq(): number;
	/** @returns undefined when the range begins before what is kept here */
	find(range: TailRange): Found | undefined;
}

export function createTail(bounds: {
	readonly lastSeq: number;
	readonly maxRecords: number;
	readonly maxBytes: number;
}): Tail {
	let records: (JournalRecord | undefined)[] = [];
	// What is before this index has left; cut off in large pieces, since each cut copies the rest.
	let start = 0;
	let bytes = 0;
	let lastSeq = bounds.lastSeq;

	function shrink(): void {
		while (records.length - start > bounds.maxRecords || (bytes > bounds.maxBytes && start < records.length)) {
			bytes -= records[start]?.bytes.length ?? 0;
			records[start] = undefined;
			start += 1;
		}
		if (start > 1024 && start > records.length / 2) {
			records = records.slice(start);
			start = 0;
		}
	}

	return {
		push(record) {
			records.push(record);
			bytes += record.bytes.length;
			lastSeq = record.seq;
			shrink();
		},
		lastSeq: () => lastSeq,
		find(range) {
			const firstSeq = lastSeq - (records.length - start) + 1;
			if (range.fromSeq < firstSeq) return undefined;
			return collect(records, start + (range.fromSeq - firstSeq), range, lastSeq);
		},
	};
}

function collect(kept: readonly (JournalRecord | undefined)[], from: number, range: TailRange, lastSeq: number): Found {
	const records: JournalRecord[] = [];
	let size = 0;
	for (let i = from; i < kept.length; i += 1) {
		const record = kept[i];
		if (!record || record.partition !== range.partition || !range.topics.has(record.topic)) continue;
		size += record.bytes.length;
		if (records.length >= range.maxRecords || (records.length > 0 && size > range.maxBytes))
			return { records, nextSeq: record.seq };
		records.push(record);
	}
	return { records, nextSeq: lastSeq + 1 };
}
