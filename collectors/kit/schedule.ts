import { MICROS_PER_MS } from '#contracts/time.ts';
import type { Clock } from './clock.ts';

export interface Poll {
	readonly clock: Clock;
	readonly intervalMs: number;
	/** Shifts this poll against others of the same interval, so that not all devices are asked in one instant. */
	readonly phaseMs?: number;
	readonly signal: AbortSignal;
	/**
	 * @param atMicros when this poll was due: a multiple of the interval, plus the phase
	 * @param missed how many due times passed unserved since the last poll because it took too long
	 */
	readonly onPoll: (atMicros: number, missed: number) => Promise<void>;
}

/**
 * Polls at fixed times until the signal aborts. Never two at once: a poll that overruns its interval skips the due
 * times that it slept through and says how many, so that the collector can make a gap of them.
 *
 * Rejects with what `onPoll` throws.
 */
export async function pollEvery(poll: Poll): Promise<void> {
	const intervalMicros = poll.intervalMs * MICROS_PER_MS;
	const phaseMicros = (poll.phaseMs ?? 0) * MICROS_PER_MS;
	let last: number | undefined;
	while (!poll.signal.aborted) {
		const now = poll.clock.nowMicros();
		const due = Math.ceil((now - phaseMicros) / intervalMicros) * intervalMicros + phaseMicros;
		const at = last === undefined ? due : Math.max(due, last + intervalMicros);
		await poll.clock.sleep((at - now) / MICROS_PER_MS, poll.signal);
		if (poll.signal.aborted) return;
		const missed = last === undefined ? 0 : Math.round((at - last) / intervalMicros) - 1;
		last = at;
		await poll.onPoll(at, missed);
	}
}
