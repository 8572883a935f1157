import { MICROS_PER_MS, MICROS_PER_SECOND } from '#contracts/time.ts';
import type { Clock } from './clock.ts';

/**
 * How fast a backlog may go to the hub: a token bucket in rows, so that what one collector gathered during an outage
 * does not hold up what others measure now. What was written within the last seconds is no backlog and goes at once.
 */
export interface DrainLimit {
	/** @returns 0 when this may be sent now, and counts as sent; else the milliseconds after which to ask again */
	waitMs(rows: number, writtenMs: number): number;
}

const BACKLOG_AFTER_MS = 5000;
/** What may go at once after a pause, in seconds' worth. */
const BURST_SECONDS = 0.1;
/** A backlog that drains no faster than points come would never end. */
const TIMES_MEASURED = 2;

/**
 * @param options `rowsPerSecond`: undefined is no limit; `points`: how many were measured so far, for the rate at which
 *   they come: the limit never goes below twice that
 */
export function createDrainLimit(options: {
	readonly rowsPerSecond: number | undefined;
	readonly points: () => number;
	readonly clock: Clock;
}): DrainLimit {
	const { rowsPerSecond, points, clock } = options;
	if (rowsPerSecond === undefined) return { waitMs: () => 0 };
	const configured = rowsPerSecond;
	let atMicros = clock.nowMicros();
	let tokens = configured * BURST_SECONDS;
	let sample = { atMicros, points: points() };
	let measured = 0;

	function measure(nowMicros: number): void {
		const seconds = (nowMicros - sample.atMicros) / MICROS_PER_SECOND;
		if (seconds >= 0 && seconds < 1) return;
		if (seconds > 0) measured = (points() - sample.points) / seconds;
		sample = { atMicros: nowMicros, points: points() };
	}

	return {
		waitMs(rows, writtenMs) {
			const now = clock.nowMicros();
			measure(now);
			const rate = Math.max(configured, TIMES_MEASURED * measured);
			tokens = Math.min(tokens + (rate * Math.max(0, now - atMicros)) / MICROS_PER_SECOND, rate * BURST_SECONDS);
			atMicros = now;
			if (now / MICROS_PER_MS - writtenMs < BACKLOG_AFTER_MS) return 0;
			// A debt is allowed: a batch may be larger than the burst.
			if (tokens <= 0) return Math.max(1, Math.ceil((-tokens / rate) * 1000));
			tokens -= rows;
			return 0;
		},
	};
}
