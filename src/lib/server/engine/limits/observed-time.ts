import type { ObservedTime } from '#contracts/observed-time.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';

const GRACE_MICROS = 15 * MICROS_PER_SECOND;
const MISSED_INTERVALS = 3;

/**
 * @param seenMicros observed time by which the newest point had come; NaN = none yet, so none is missed
 * @param expectMicros the interval at which points are expected
 */
export function isMissed(time: ObservedTime, seenMicros: number, expectMicros: number): boolean {
	const patience = MISSED_INTERVALS * expectMicros;
	const watched = time.nowMicros - time.sinceMicros;
	const resumed = seenMicros <= time.sinceMicros;
	return time.nowMicros - seenMicros > patience && (!resumed || watched > GRACE_MICROS);
}
