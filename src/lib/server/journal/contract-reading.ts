import type { Journal, JournalRecord, Topic } from './port.ts';

export function toBytes(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}

export function textOf(record: JournalRecord | undefined): string {
	return new TextDecoder().decode(record?.bytes);
}

export interface Some {
	readonly topics: readonly Topic[];
	readonly partition: number;
	readonly fromSeq: number;
	readonly count: number;
}

/** Reads until there are `count` records, or the journal closes. */
export async function readSome(journal: Journal, { count, ...range }: Some): Promise<JournalRecord[]> {
	const stop = new AbortController();
	const records: JournalRecord[] = [];
	if (count === 0) return records;
	for await (const batch of journal.read({ ...range, signal: stop.signal })) {
		if (batch.length === 0 || batch.length > 256) throw new Error(`a batch has ${batch.length} records`);
		records.push(...batch);
		if (records.length >= count) stop.abort();
	}
	return records;
}
