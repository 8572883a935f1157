import { crc32 } from 'node:zlib';

/**
 * Which messages of QoS 1 are in the queue on disk, though the broker may not have heard so, or may have forgotten: it
 * delivers them again, and they must not count twice.
 *
 * After a crash of ours the broker sends again what it has no answer for, with the identifiers of the first time and the
 * mark DUP. The mark alone says nothing (most of what carries it was never seen here) and identifiers are used
 * again, so the content has to be the same too.
 *
 * A broker that was killed comes back as it was when it last wrote its state to disk: mosquitto does so every half an
 * hour, or after so many messages that had to wait, and answers are no reason for it
 * (https://github.com/eclipse-mosquitto/mosquitto/issues/1726). It then repeats all that waited at that time, with the
 * identifiers of then and in their order; what it had not sent yet comes without the mark. So it goes back as far
 * as its queue was long, not by what was under way. Such a repetition is believed at the beginning of a connection and
 * as long as everything is known, and only of a broker that counts its identifiers: with one that takes the lowest free
 * one, two equal values after each other look the same as one that is repeated.
 */
export interface Memory {
	/** A connection begins, with the session of before. */
	resume(): void;
	/** @returns whether this message was taken before; one that was not is remembered from now on */
	take(id: number, sum: number, isMarked: boolean): boolean;
	/** Another session: its identifiers begin anew. */
	clear(): void;
	/** What is new since this was last asked, as notes of the kit; to be copied before anything else is called here. */
	changes(): ReadonlyMap<string, Uint8Array>;
}

export interface MemoryOptions {
	/** What `changes` gave, put together. */
	readonly notes: ReadonlyMap<string, Uint8Array>;
	/** As many as the broker may have under way at once. */
	readonly inFlight: number;
	/** How many messages it goes back at least; below half of the identifiers. */
	readonly capacity?: number;
	/** Messages of one note: the newest one is written with every commit. */
	readonly perNote?: number;
}

export const MEMORY_MESSAGES = 32_000;
const PER_NOTE = 1000;

const MAX_ID = 65_535;
/** Of a note: u32 its number since the session began, u8 1 = identifiers are counted. */
const HEADER_BYTES = 5;
/** Then, the newest last: u16 identifier, u32 sum. */
const ENTRY_BYTES = 6;
const NOTHING = new Uint8Array(0);

export function createMemory({
	notes,
	inFlight,
	capacity = MEMORY_MESSAGES,
	perNote = PER_NOTE,
}: MemoryOptions): Memory {
	/** One more than the capacity needs: beginning a note overwrites the oldest one. */
	const ring = Math.ceil(capacity / perNote) + 1;
	const sums = new Uint32Array(MAX_ID + 1);
	/** As the how manieth an identifier was taken last; 0: never. */
	const takenAs = new Float64Array(MAX_ID + 1);
	let taken = 0;
	let newest = 0;
	/** How many identifiers up to the newest followed each other: more than are ever under way means that they are counted. */
	let run = 0;
	let isCounted = false;
	let isRepeating = false;
	let note = createNote(0);
	const changed = new Set<Note>();
	const forgotten = new Set<string>();

	function createNote(serial: number): Note {
		const bytes = Buffer.alloc(HEADER_BYTES + perNote * ENTRY_BYTES);
		bytes.writeUInt32LE(serial, 0);
		return { name: nameOf(serial % ring), bytes, end: HEADER_BYTES };
	}

	function isAhead(id: number): boolean {
		const steps = (id - newest + MAX_ID) % MAX_ID;
		return steps > 0 && steps < MAX_ID / 2;
	}

	function isKnown(id: number, sum: number, isMarked: boolean): boolean {
		const as = takenAs[id] ?? 0;
		if (as === 0 || as <= taken - capacity || sums[id] !== sum) return false;
		// Of before the broker went back: it has come to this identifier again.
		if (isCounted && isAhead(id)) return false;
		return isMarked || (isRepeating && isCounted);
	}

	function remember(id: number, sum: number): void {
		run = id === after(newest) ? run + 1 : 1;
		newest = id;
		isCounted ||= run > inFlight;
		sums[id] = sum;
		takenAs[id] = ++taken;
	}

	function write(id: number, sum: number): void {
		if (note.end === note.bytes.length) note = createNote(note.bytes.readUInt32LE(0) + 1);
		note.bytes.writeUInt8(isCounted ? 1 : 0, 4);
		note.bytes.writeUInt16LE(id, note.end);
		note.bytes.writeUInt32LE(sum, note.end + 2);
		note.end += ENTRY_BYTES;
		changed.add(note);
	}

	/** Goes on where the newest note ends. */
	function load(): void {
		const ours = [...notes].filter(([name]) => name.startsWith(NAMES));
		const found = ours.map(([, bytes]) => Buffer.from(bytes)).filter(isNote);
		for (const bytes of found.sort((a, b) => a.readUInt32LE(0) - b.readUInt32LE(0))) {
			for (let at = HEADER_BYTES; at < bytes.length; at += ENTRY_BYTES)
				remember(bytes.readUInt16LE(at), bytes.readUInt32LE(at + 2));
			isCounted = bytes.readUInt8(4) === 1;
			note = createNote(bytes.readUInt32LE(0));
			note.end = bytes.copy(note.bytes);
		}
	}

	function isNote(bytes: Buffer): boolean {
		const entries = (bytes.length - HEADER_BYTES) / ENTRY_BYTES;
		return Number.isInteger(entries) && entries >= 1 && entries <= perNote;
	}

	load();
	return {
		resume: () => void (isRepeating = true),
		take(id, sum, isMarked) {
			if (isKnown(id, sum, isMarked)) return true;
			isRepeating = false;
			remember(id, sum);
			write(id, sum);
			return false;
		},
		clear() {
			takenAs.fill(0);
			[taken, newest, run] = [0, 0, 0];
			isCounted = false;
			isRepeating = false;
			note = createNote(0);
			changed.clear();
			for (let i = 0; i < ring; i++) forgotten.add(nameOf(i));
		},
		changes() {
			const given = new Map<string, Uint8Array>();
			for (const name of forgotten) given.set(name, NOTHING);
			for (const { name, bytes, end } of changed) given.set(name, bytes.subarray(0, end));
			forgotten.clear();
			changed.clear();
			return given;
		},
	};
}

interface Note {
	readonly name: string;
	readonly bytes: Buffer;
	end: number;
}

const NAMES = 'recent/';
const nameOf = (place: number) => `${NAMES}${place}`;

/** Identifiers go from 1 to 65,535 and round. */
function after(id: number): number {
	return (id % MAX_ID) + 1;
}

export function sumOf(topic: string, payload: Buffer): number {
	return crc32(payload, crc32(topic));
}
