import { MICROS_PER_SECOND } from '#contracts/time.ts';

/** A replay that was held up (a full queue, a sleeping machine) for longer than this goes on from now. */
const LATE_MICROS = 60 * MICROS_PER_SECOND;

/**
 * Lays the recording's time over the wall clock from the first row on; and anew whenever the replay has fallen far
 * behind, so that it goes on at its speed instead of catching up at once.
 *
 * @returns of a row's time: when it is due by the wall clock. Rows that go back in time are due with the newest so far.
 */
export function createPace(options: {
	readonly speed: number | 'max';
	readonly nowMicros: () => number;
}): (rowMicros: number) => number {
	let anchor: { readonly rowMicros: number; readonly wallMicros: number } | undefined;
	let newest = -Infinity;
	return (rowMicros) => {
		const now = options.nowMicros();
		if (options.speed === 'max') return now;
		newest = Math.max(newest, rowMicros);
		const due = anchor ? Math.floor(anchor.wallMicros + (newest - anchor.rowMicros) / options.speed) : now;
		if (anchor && due > now - LATE_MICROS) return due;
		anchor = { rowMicros: newest, wallMicros: now };
		return now;
	};
}
