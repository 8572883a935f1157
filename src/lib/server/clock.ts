import { MICROS_PER_MS, type NowMicros } from '#contracts/time.ts';

/** The fine clock may lead or trail the whole milliseconds of the wall clock by this much without having left it. */
const TOLERANCE_MS = 2;

/**
 * The machine's wall clock with the microseconds that `Date` lacks: two points that are stamped on arrival within a
 * millisecond need times of their own.
 *
 * The fine clock of the process stands still while the machine sleeps and takes no part in what NTP does, so it is
 * only ever used from the last look at the wall clock on. Otherwise, after a night in standby, all points would be
 * refused for being ahead of the hub.
 */
export function createWallClock({ wallMs = Date.now, fineMs = performance.now.bind(performance) } = {}): NowMicros {
	let offsetMs = wallMs() - fineMs();
	return () => {
		const fine = fineMs();
		const wall = wallMs();
		if (Math.abs(fine + offsetMs - wall) > TOLERANCE_MS) offsetMs = wall - fine;
		return Math.round((fine + offsetMs) * MICROS_PER_MS);
	};
}
