import { describe, expect, it } from 'vitest';
import { pollEvery } from './schedule.ts';
import { createManualClock } from './testing/manual-clock.ts';

/** Polls until it has been done `times`; poll number i takes `tookMs[i]`. @returns due times in ms after the start, with what was missed */
async function f(options: { intervalMs: number; phaseMs?: number; tookMs?: number[]; times: number }) {
	const clock = createManualClock(1_000_000);
	const stop = new AbortController();
	const polls: [number, number][] = [];
	await pollEvery({
		...options,
		clock,
		signal: stop.signal,
		async onPoll(atMicros, missed) {
			polls.push([(atMicros - 1_000_000) / 1000, missed]);
			clock.now += (options.tookMs?.[polls.length - 1] ?? 0) * 1000;
			if (polls.length === options.times) stop.abort();
			await Promise.resolve();
		},
	});
	return polls;
}

describe('polling at fixed times', () => {
	it('is due at multiples of the interval', async () =>
		expect(await f({ intervalMs: 300, times: 3 })).toEqual([[200, 0], [500, 0], [800, 0]])); // prettier-ignore
	it('is shifted by its phase', async () =>
		expect(await f({ intervalMs: 500, phaseMs: 20, times: 2 })).toEqual([[20, 0], [520, 0]])); // prettier-ignore
	it('does not walk away because polls take time', async () =>
		expect(await f({ intervalMs: 500, tookMs: [400, 499], times: 3 })).toEqual([[0, 0], [500, 0], [1000, 0]])); // prettier-ignore
	it('leaves out what it slept through, and says so', async () =>
		expect(await f({ intervalMs: 500, tookMs: [1700], times: 2 })).toEqual([[0, 0], [2000, 3]])); // prettier-ignore
	it('ends with what the poll throws', async () => {
		const polling = pollEvery({
			clock: createManualClock(),
			intervalMs: 1,
			signal: new AbortController().signal,
			onPoll: () => Promise.reject(new Error('device away')),
		});
		await expect(polling).rejects.toThrow('device away');
	});
});
