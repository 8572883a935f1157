import type { Journal } from '#server/journal/port.ts';

/** What the writer notes in the journal before an insert, and again once it is known to be stored. */
export interface Bounds {
	/** Seqs of the first and the last record of the insert. */
	readonly first: number;
	readonly last: number;
	readonly token: string;
	/** false: sent or about to be; whether it is stored is unknown. */
	readonly stored: boolean;
	/**
	 * Newest t of each stream of the insert as it was before it; -Infinity for one that had none. The same records then
	 * give the same rows again, also when the store already has them.
	 */
	readonly before: ReadonlyMap<number, number>;
}

/** Streams of one insert; what is noted of them has to stay below 512 kB. */
export const MAX_STREAMS_PER_INSERT = 25_000;
const ENTRY_BYTES = 12;

export function tokenOf(part: { generation: string; partition: number; first: number; last: number }): string {
	return `${part.generation}:${part.partition}:${part.first}-${part.last}`;
}

export function encodeBounds(bounds: Bounds): Uint8Array {
	const before = Buffer.alloc(bounds.before.size * ENTRY_BYTES);
	let at = 0;
	for (const [stream, t] of bounds.before) {
		before.writeUInt32LE(stream, at);
		before.writeDoubleLE(t, at + 4);
		at += ENTRY_BYTES;
	}
	return Buffer.from(JSON.stringify({ ...bounds, before: before.toString('base64') }));
}

export function parseBounds(bytes: Uint8Array): Bounds {
	const { first, last, token, stored, before } = JSON.parse(Buffer.from(bytes).toString('utf8')) as StoredBounds;
	const entries = Buffer.from(before, 'base64');
	const times = new Map<number, number>();
	for (let at = 0; at < entries.length; at += ENTRY_BYTES)
		times.set(entries.readUInt32LE(at), entries.readDoubleLE(at + 4));
	return { first, last, token, stored, before: times };
}

interface StoredBounds extends Omit<Bounds, 'before'> {
	readonly before: string;
}

/** The bounds of one partition in the journal's keyed values; a second writer of the partition fails at its next note. */
export interface BoundsFile {
	read(): Promise<Bounds | undefined>;
	/** @param more values that belong to it, in one transaction. @throws SeqConflictError when another writer noted something since */
	write(bounds: Bounds, more?: readonly { readonly key: string; readonly value: Uint8Array }[]): Promise<void>;
}

export const keyOf = (partition: number) => `writer/${partition}`;

export function createBoundsFile(journal: Journal, partition: number): BoundsFile {
	const key = keyOf(partition);
	let revision = 0;
	return {
		async read() {
			const entry = await journal.get(key);
			revision = entry?.revision ?? 0;
			return entry ? parseBounds(entry.value) : undefined;
		},
		async write(bounds, more = []) {
			const noted = { key, value: encodeBounds(bounds), expectRevision: revision };
			[revision = 0] = await journal.putAll([noted, ...more]);
		},
	};
}
