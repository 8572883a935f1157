import type { Clock } from '../clock.ts';

/** A clock that jumps to the end of every sleep, so that hours pass in no time. */
export function createManualClock(
	startMicros = 1_700_000_000_000_000,
): Clock & { now: number; readonly slept: number[] } {
	const clock = {
		now: startMicros,
		slept: [] as number[],
		nowMicros: () => clock.now,
		async sleep(ms: number, signal: AbortSignal) {
			if (signal.aborted) return;
			clock.slept.push(ms);
			clock.now += Math.max(0, Math.round(ms * 1000));
			await Promise.resolve();
		},
	};
	return clock;
}
