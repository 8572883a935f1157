import { crc32 } from 'node:zlib';

/**
 * Which messages of QoS 1 are in the queue on disk, though the broker may not have heard so: it delivers them again
 * after a crash, and they must not count twice.
 *
 * After a crash of ours the broker sends again what it has no answer for, with the identifiers of the first time and the
 * mark DUP. The mark alone says nothing (most of what carries it was never seen here) and identifiers are used
 * again, so the content has to be the same too.
 *
 * A broker that was killed may also have forgotten answers of long ago, and whether it had sent a message at all: it
 * then repeats messages from some point on, in their order, part of them without the mark (seen with mosquitto 2.0.11,
 * whose answers reach the disk with the next message only). Such a repetition is believed at the beginning of a
 * connection and as long as everything is known, and only of a broker that counts its identifiers: with one that
 * takes the lowest free one, two equal values after each other look the same as one that is repeated.
 */
export interface Memory {
	/** A connection begins, with the session of before. */
	resume(): void;
	/** @returns whether this message was taken before; one that was not is remembered from now on */
	take(id: number, sum: number, isMarked: boolean): boolean;
	clear(): void;
	/** For the cursor. */
	encode(): string;
}

export interface MemoryOptions {
	/** What `encode` gave. */
	readonly encoded: string;
	/** As many as the broker may have under way at once. */
	readonly inFlight: number;
	/** How many messages it goes back, at least `inFlight`. */
	readonly capacity: number;
}

const MAX_ID = 65_535;
/** Of what is encoded: u16 newest identifier, u32 length of the run that it ends. */
const HEADER_BYTES = 6;
/** u16 first identifier, u16 how many follow each other, then a u32 sum of each. */
const GROUP_BYTES = 4;
const SUM_BYTES = 4;

export function createMemory({ encoded, inFlight, capacity }: MemoryOptions): Memory {
	/** Sums by identifier, the newest last. */
	const sums = new Map<number, number>();
	let newest = 0;
	/** How many identifiers up to the newest followed each other: more than are ever under way means that they are counted. */
	let run = 0;
	let isRepeating = false;

	function isAhead(id: number): boolean {
		const steps = (id - newest + MAX_ID) % MAX_ID;
		return steps > 0 && steps < MAX_ID / 2;
	}

	function isKnown(id: number, sum: number, isMarked: boolean): boolean {
		if (sums.get(id) !== sum) return false;
		const isCounted = run > inFlight;
		// Its identifier has come round: equal content of 65,535 messages ago.
		if (isCounted && isAhead(id)) return false;
		return isMarked || (isRepeating && isCounted);
	}

	function remember(id: number, sum: number): void {
		sums.delete(id);
		sums.set(id, sum);
		if (sums.size <= capacity) return;
		const oldest = sums.keys().next();
		if (!oldest.done) sums.delete(oldest.value);
	}

	function decode(bytes: Buffer): void {
		if (bytes.length < HEADER_BYTES) return;
		newest = bytes.readUInt16LE(0);
		run = bytes.readUInt32LE(2);
		for (let at = HEADER_BYTES; at + GROUP_BYTES <= bytes.length;) {
			const [first, count] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
			at += GROUP_BYTES;
			for (let i = 0; i < count && at + SUM_BYTES <= bytes.length; i++, at += SUM_BYTES)
				sums.set(after(first, i), bytes.readUInt32LE(at));
		}
	}

	decode(Buffer.from(encoded, 'base64'));
	return {
		resume: () => void (isRepeating = true),
		take(id, sum, isMarked) {
			if (isKnown(id, sum, isMarked)) return true;
			isRepeating = false;
			run = id === after(newest, 1) ? Math.min(run + 1, 0xffff_ffff) : 1;
			newest = id;
			remember(id, sum);
			return false;
		},
		clear() {
			sums.clear();
			run = 0;
			isRepeating = false;
		},
		encode: () => encodeSums(sums, newest, run).toString('base64'),
	};
}

/** Identifiers go from 1 to 65,535 and round. */
function after(id: number, steps: number): number {
	return ((id - 1 + steps + MAX_ID) % MAX_ID) + 1;
}

function encodeSums(sums: ReadonlyMap<number, number>, newest: number, run: number): Buffer {
	const bytes = Buffer.allocUnsafe(HEADER_BYTES + sums.size * (GROUP_BYTES + SUM_BYTES));
	bytes.writeUInt16LE(newest, 0);
	bytes.writeUInt32LE(run, 2);
	let end = HEADER_BYTES;
	let groupAt = 0;
	let count = 0;
	let next = 0;
	for (const [id, sum] of sums) {
		if (count === 0 || id !== next || count === MAX_ID) {
			groupAt = end;
			count = 0;
			bytes.writeUInt16LE(id, groupAt);
			end += GROUP_BYTES;
		}
		bytes.writeUInt16LE(++count, groupAt + 2);
		bytes.writeUInt32LE(sum, end);
		end += SUM_BYTES;
		next = after(id, 1);
	}
	return bytes.subarray(0, end);
}

export function sumOf(topic: string, payload: Buffer): number {
	return crc32(payload, crc32(topic));
}
