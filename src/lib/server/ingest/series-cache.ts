import { BYTE, type Cursor } from './line-cursor.ts';

/** Raw bytes of series and field key -> stream id, so that a known series is found without making a string of it. */
export interface SeriesCache {
	/** @returns the id for the series and field key where the cursor stands; 0 when it is not known */
	find(cursor: Cursor): number;
	/** For one that `find` does not know. */
	put(cursor: Cursor, streamId: number): void;
	/**
	 * Senders name their series in the same order again and again. Where the cursor stands at the beginning of a line and the
	 * one that followed last time stands there again, it is taken without a look at anything else: the cursor is behind its
	 * `=` afterwards.
	 *
	 * @returns its id; 0 when something else stands there, and then nothing has changed
	 */
	guessFirst(cursor: Cursor): number;
	/** The same for a further field of the line. */
	guessNext(cursor: Cursor): number;
}

/** Over this much text the cache begins anew: senders that invent series must not own the memory. */
const MAX_TEXT_BYTES = 32 * 1024 * 1024;

/** An open-addressing table of entries in typed arrays; at most half full. */
export function createSeriesCache(): SeriesCache {
	let table = new Uint32Array(1024);
	let hashes = new Int32Array(512);
	let ids = new Uint32Array(512);
	let offsets = new Uint32Array(512);
	let lengths = new Uint32Array(512);
	let seriesLengths = new Uint32Array(512);
	let seriesHashes = new Int32Array(512);
	/** The entry that came after this one, the last time. */
	let followers = new Uint32Array(512);
	let latest = 0;
	let text = new Uint8Array(64 * 1024);
	let count = 0;
	let used = 0;

	const isEntry = (entry: number, cursor: Cursor): boolean => {
		const { bytes, seriesFrom, seriesEnd, keyFrom, keyEnd } = cursor;
		const seriesLength = seriesEnd - seriesFrom;
		if (hashes[entry] !== cursor.hash || lengths[entry] !== seriesLength + 1 + keyEnd - keyFrom) return false;
		let at = offsets[entry]!;
		for (let i = seriesFrom; i < seriesEnd; i++, at++) if (text[at] !== bytes[i]) return false;
		// The byte between them is never part of a series as written, so no two different pairs look the same.
		if (text[at++] !== 0) return false;
		for (let i = keyFrom; i < keyEnd; i++, at++) if (text[at] !== bytes[i]) return false;
		return true;
	};

	function add(entry: number): void {
		const mask = table.length - 1;
		let slot = spread(hashes[entry]!) & mask;
		while (table[slot] !== 0) slot = (slot + 1) & mask;
		table[slot] = entry + 1;
	}

	function grow(): void {
		const capacity = hashes.length * 2;
		hashes = grown(hashes, new Int32Array(capacity));
		ids = grown(ids, new Uint32Array(capacity));
		offsets = grown(offsets, new Uint32Array(capacity));
		lengths = grown(lengths, new Uint32Array(capacity));
		seriesLengths = grown(seriesLengths, new Uint32Array(capacity));
		seriesHashes = grown(seriesHashes, new Int32Array(capacity));
		followers = grown(followers, new Uint32Array(capacity));
		table = new Uint32Array(capacity * 2);
		for (let entry = 0; entry < count; entry++) add(entry);
	}

	function clear(): void {
		table.fill(0);
		followers.fill(0);
		latest = 0;
		count = 0;
		used = 0;
	}

	function follow(entry: number): void {
		followers[latest] = entry;
		latest = entry;
	}

	/** Takes the follower of the latest entry where its series stands at `seriesFrom`, and its key and an `=` at `keyFrom`. */
	function take(cursor: Cursor, entry: number, seriesFrom: number, keyFrom: number): number {
		const { bytes } = cursor;
		const seriesEnd = seriesFrom + seriesLengths[entry]!;
		const keyEnd = keyFrom + lengths[entry]! - seriesLengths[entry]! - 1;
		if (bytes[keyEnd] !== BYTE.equals) return 0;
		let at = offsets[entry]!;
		for (let i = seriesFrom; i < seriesEnd; i++, at++) if (text[at] !== bytes[i]) return 0;
		at++;
		for (let i = keyFrom; i < keyEnd; i++, at++) if (text[at] !== bytes[i]) return 0;
		cursor.seriesFrom = seriesFrom;
		cursor.seriesEnd = seriesEnd;
		cursor.seriesHash = seriesHashes[entry]!;
		cursor.keyFrom = keyFrom;
		cursor.keyEnd = keyEnd;
		cursor.hash = hashes[entry]!;
		cursor.at = keyEnd + 1;
		latest = entry;
		return ids[entry]!;
	}

	return {
		guessFirst(cursor) {
			const entry = followers[latest]!;
			if (entry >= count) return 0;
			const seriesEnd = cursor.at + seriesLengths[entry]!;
			return cursor.bytes[seriesEnd] === BYTE.space ? take(cursor, entry, cursor.at, seriesEnd + 1) : 0;
		},
		guessNext(cursor) {
			const entry = followers[latest]!;
			if (entry >= count || seriesLengths[entry] !== cursor.seriesEnd - cursor.seriesFrom) return 0;
			return take(cursor, entry, cursor.seriesFrom, cursor.at);
		},
		find(cursor) {
			const mask = table.length - 1;
			for (let slot = spread(cursor.hash) & mask; ; slot = (slot + 1) & mask) {
				const entry = table[slot]! - 1;
				if (entry < 0) return 0;
				if (!isEntry(entry, cursor)) continue;
				follow(entry);
				return ids[entry]!;
			}
		},
		put(cursor, streamId) {
			const { bytes, seriesFrom, seriesEnd, keyFrom, keyEnd } = cursor;
			const length = seriesEnd - seriesFrom + 1 + keyEnd - keyFrom;
			if (used + length > MAX_TEXT_BYTES) clear();
			if (count === hashes.length) grow();
			while (used + length > text.length) text = grown(text, new Uint8Array(text.length * 2));
			text.set(bytes.subarray(seriesFrom, seriesEnd), used);
			text[used + seriesEnd - seriesFrom] = 0;
			text.set(bytes.subarray(keyFrom, keyEnd), used + seriesEnd - seriesFrom + 1);
			hashes[count] = cursor.hash;
			ids[count] = streamId;
			offsets[count] = used;
			lengths[count] = length;
			seriesLengths[count] = seriesEnd - seriesFrom;
			seriesHashes[count] = cursor.seriesHash;
			used += length;
			follow(count);
			add(count++);
		},
	};
}

/** FNV's low bits alone collide on names that end alike. */
function spread(hash: number): number {
	return (hash ^ (hash >>> 15)) >>> 0;
}

function grown<T extends Int32Array | Uint32Array | Uint8Array>(from: T, to: T): T {
	to.set(from);
	return to;
}
