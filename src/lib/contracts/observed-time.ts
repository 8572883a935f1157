import { MICROS_PER_SECOND } from './time.ts';

/**
 * The time that absence of points is measured in: the sum of the steps from tick to tick.
 *
 * Not the points' own times, or a replay of old data would be absent for years; not `received`, which another process
 * stamps by another clock. A long step means that nobody watched (the process was down, the machine slept): it adds
 * nothing, and after it senders get fifteen seconds to come back before they are missed. Plain data, for the snapshot.
 */
export interface ObservedTime {
	/** Wall clock of the newest tick; NaN before the first. */
	tickMicros: number;
	nowMicros: number;
	/** When watching began again after the newest pause; -Infinity before the first. */
	sinceMicros: number;
}

const MAX_STEP_MICROS = 2.5 * MICROS_PER_SECOND;

export function createObservedTime(): ObservedTime {
	return { tickMicros: NaN, nowMicros: 0, sinceMicros: -Infinity };
}

export function observeTick(time: ObservedTime, tickMicros: number): void {
	const step = tickMicros - time.tickMicros;
	if (step >= 0 && step <= MAX_STEP_MICROS) time.nowMicros += step;
	// A clock set back is a pause too; the first tick of all (NaN) is none.
	else if (step === step) time.sinceMicros = time.nowMicros;
	time.tickMicros = tickMicros;
}
