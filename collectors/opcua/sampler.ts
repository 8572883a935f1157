import type { Quality } from '#contracts/point.ts';

/** What was read of one item; `v` is NaN when it has no value, and `reason` says why. */
export interface Reading {
	readonly tMicros: number;
	readonly v: number;
	readonly quality: Quality;
	readonly reason: string;
	/** The raw StatusCode. */
	readonly status: number;
}

/** Makes of values that are told when they change what a clock would have read: one value per interval. */
export interface Sampler {
	/** The last time that was emitted; -Infinity before the first. */
	lastMicros(): number;
	/** What was measured, in the order of its coming. */
	take(reading: Reading): void;
	/** The server has told everything up to here: what it has not told has not changed. */
	settle(untilMicros: number): void;
	/** Nothing is known from here on: nothing may be held over it. */
	forget(): void;
}

/** A server that samples a bit early or late samples still; what comes sooner is one that reports as it likes. */
const EARLY = 0.9;
/** Until then the sample of the interval may still be under way; then the value is held. */
const LATE = 1.5;
/** A clock that is set back by more than this is believed. */
const MAX_STEP_MICROS = 60_000_000;

/**
 * Values that change with every sample pass as they are, at their own times. One that does not change is repeated every
 * interval for as long as the server says that it has told all: with the changes alone, sigma would be that of the
 * changes and no run would ever show. Times grow strictly; what comes between two samples is held for the next one.
 *
 * @param everyMicros the interval; not shorter than the server samples, or values would be repeated that nobody read
 */
export function createSampler(everyMicros: number, emit: (sample: Reading) => void): Sampler {
	let last = -Infinity;
	let held: Reading | undefined;

	function pass(reading: Reading): void {
		last = reading.tMicros;
		held = reading;
		emit(reading);
	}

	function settle(untilMicros: number): void {
		while (held && untilMicros >= last + LATE * everyMicros) pass({ ...held, tMicros: last + everyMicros });
	}

	return {
		lastMicros: () => last,
		take(reading) {
			if (last - reading.tMicros > MAX_STEP_MICROS) [last, held] = [-Infinity, undefined];
			settle(reading.tMicros);
			if (reading.tMicros >= last + EARLY * everyMicros) pass(reading);
			else held = reading;
		},
		settle,
		forget: () => void (held = undefined),
	};
}
