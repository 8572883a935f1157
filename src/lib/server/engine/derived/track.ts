/** Points of one input, by t: the newest that is not after what was decided, and all after it. */
export interface Track {
	/** Of the newest that came, a missing one too; -Infinity before the first. */
	newestMicros: number;
	tMicros: number[];
	/** NaN = there is no value from here on. */
	v: number[];
	quality: number[];
	flags: number[];
}

/** Of one input; what is older is given up. */
const MOST_WAITING = 2048;

export function createTrack(): Track {
	return { newestMicros: -Infinity, tMicros: [], v: [], quality: [], flags: [] };
}

export function addTo(track: Track, tMicros: number, v: number, quality: number, flags: number): void {
	track.newestMicros = tMicros;
	track.tMicros.push(tMicros);
	track.v.push(v);
	track.quality.push(quality);
	track.flags.push(flags);
}

/** @returns the place of the newest point that is not after t; -1 when there is none */
export function placeAt({ tMicros }: Track, t: number): number {
	let at = tMicros.length - 1;
	while (at >= 0 && tMicros[at]! > t) at--;
	return at;
}

export function isFull({ tMicros }: Track): boolean {
	return tMicros.length >= MOST_WAITING;
}

/** Drops so many of the oldest. */
export function drop(track: Track, count: number): void {
	if (count <= 0) return;
	for (const column of [track.tMicros, track.v, track.quality, track.flags]) column.splice(0, count);
}

export function copyTrack({ newestMicros, tMicros, v, quality, flags }: Track): Track {
	return { newestMicros, tMicros: [...tMicros], v: [...v], quality: [...quality], flags: [...flags] };
}
