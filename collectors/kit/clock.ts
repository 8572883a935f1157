import { setTimeout as delay } from 'node:timers/promises';
import { MICROS_PER_MS, type NowMicros } from '#contracts/time.ts';

/** Where time comes from; handed in, so that a test can hold it still. */
export interface Clock {
	readonly nowMicros: NowMicros;
	/** Resolves after `ms`, or at once when the signal aborts; never rejects: look at the signal afterwards. */
	sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's wall clock. `performance.now()` is finer but walks away from it when NTP sets the clock. */
export function systemClock(): Clock {
	return { nowMicros: () => Date.now() * MICROS_PER_MS, sleep };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
	await delay(ms, undefined, { signal }).catch(() => undefined);
}
