/** Points of one input, by t: the newest that is not after what was decided, and all after it. Plain data, for the snapshot. */
export interface Track {
	/** Of the newest that came, a missing one too; -Infinity before the first. */
	newestMicros: number;
	/** t, v (NaN = there is no value from here on), and quality + 2^8 flags of each, one after the other. */
	cells: number[];
	/** Where the oldest one stands. */
	start: number;
}

const STRIDE = 3;
const FLAGS_UNIT = 2 ** 8;
/** Points of one input; what is older is given up. Those of eight inputs fit into one value of the journal. */
const MOST_WAITING = 1024;
/** So many that are gone are taken out at once. */
const MOST_GONE = 64 * STRIDE;

export function createTrack(): Track {
	return { newestMicros: -Infinity, cells: [], start: 0 };
}

export function addTo(track: Track, tMicros: number, v: number, quality: number, flags: number): void {
	track.newestMicros = tMicros;
	track.cells.push(tMicros, v, quality + flags * FLAGS_UNIT);
}

export function lengthOf({ cells, start }: Track): number {
	return (cells.length - start) / STRIDE;
}

/** @returns where the newest point that is not after t stands, for `tAt` and the like; before the first one when there is none */
export function placeAt({ cells }: Track, t: number): number {
	let at = cells.length - STRIDE;
	while (at >= 0 && cells[at]! > t) at -= STRIDE;
	return at;
}

export const first = ({ start }: Track) => start;
export const next = (at: number) => at + STRIDE;
export const tAt = ({ cells }: Track, at: number) => cells[at]!;
export const vAt = ({ cells }: Track, at: number) => cells[at + 1]!;
export const qualityAt = ({ cells }: Track, at: number) => cells[at + 2]! % FLAGS_UNIT;
export const flagsAt = ({ cells }: Track, at: number) => Math.floor(cells[at + 2]! / FLAGS_UNIT);

export function isFull(track: Track): boolean {
	return lengthOf(track) >= MOST_WAITING;
}

/** Drops what stands before this place. */
export function dropBefore(track: Track, at: number): void {
	if (at <= track.start) return;
	track.start = at;
	if (at === track.cells.length) track.cells.length = track.start = 0;
	else if (at >= MOST_GONE) {
		track.cells.splice(0, at);
		track.start = 0;
	}
}

export function copyTrack({ newestMicros, cells, start }: Track): Track {
	return { newestMicros, cells: cells.slice(start), start: 0 };
}
