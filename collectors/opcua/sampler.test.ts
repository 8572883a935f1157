import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSampler, type Reading } from './sampler.ts';

const EVERY = 1000;

/** `time:value` of what is emitted; numbers in `steps` settle, pairs are readings, `lost` forgets. */
function sampled(steps: readonly (number | readonly [number, number] | 'lost')[]): string[] {
	const out: string[] = [];
	const sampler = createSampler(EVERY, ({ tMicros, v }) => out.push(`${tMicros}:${v}`));
	for (const step of steps)
		if (step === 'lost') sampler.forget();
		else if (typeof step === 'number') sampler.settle(step);
		else sampler.take({ tMicros: step[0], v: step[1], quality: 192, reason: '', status: 0 });
	return out;
}

describe('a sampled value', () => {
	const f = (steps: Parameters<typeof sampled>[0], want: string[]) => expect(sampled(steps)).toEqual(want);
	it('that changes each time passes at its own times', () =>
		f([[0, 1], 100, [1010, 2], 1100, [1990, 3], 2100], ['0:1', '1010:2', '1990:3']));
	it('that does not change is repeated as far as the server has told', () =>
		f([[0, 1], 3600], ['0:1', '1000:1', '2000:1', '3000:1']));
	it('is not repeated beyond what the server has told', () => f([[0, 1], 1400], ['0:1']));
	it('waits half an interval for a sample that is late', () => f([[0, 1], 1400, [1450, 2]], ['0:1', '1450:2']));
	it('that changes more often is the newest of each interval', () =>
		f([[0, 1], [200, 2], [700, 3], 1500, [1600, 4], 2600], ['0:1', '1000:3', '2000:4']));
	it('is not held across what nobody knows', () => f([[0, 1], 'lost', 9000, [9500, 2]], ['0:1', '9500:2']));
	it('that is older than the last one is held and not put before it', () =>
		f([[5000, 1], [4990, 2], 6500], ['5000:1', '6000:2']));
	it('is believed again when the clock is set back by more than a minute', () =>
		f(
			[
				[100_000_000, 1],
				[1000, 2],
			],
			['100000000:1', '1000:2'],
		));

	const readings = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 * EVERY }), fc.integer({ min: 0, max: 3 * EVERY })), {
		minLength: 1,
		maxLength: 50,
	});
	it('has times that grow, no closer than nine tenths and no further than one and a half of the interval', () =>
		fc.assert(
			fc.property(readings, (pairs) => {
				let now = 0;
				let value = 0;
				const told: Reading[] = [];
				const out: Reading[] = [];
				const sampler = createSampler(EVERY, (sample) => out.push(sample));
				for (const [afterMs, settleMs] of pairs) {
					now += afterMs;
					const reading = { tMicros: now, v: ++value, quality: 192 as const, reason: '', status: 0 };
					told.push(reading);
					sampler.take(reading);
					sampler.settle((now += settleMs));
				}
				const steps = out.slice(1).map(({ tMicros }, i) => tMicros - (out[i]?.tMicros ?? 0));
				expect(steps.every((step) => step >= 0.9 * EVERY && step <= 1.5 * EVERY)).toBe(true);
				// Each is the newest that was told up to its time.
				for (const { tMicros, v } of out) expect(v).toBe(told.findLast((one) => one.tMicros <= tMicros)?.v);
			}),
		));
});
