import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuotaError } from '#contracts/error.ts';
import { createRate } from './rate.ts';

function rateOf(perSecond: number) {
	const clock = { micros: 1.7e15 };
	return { clock, rate: createRate({ perSecond, now: () => clock.micros }) };
}

describe('a quota of points a second', () => {
	it('lets ten seconds of points through at once, and one request into debt', () => {
		const { rate } = rateOf(100);
		rate.spend('a', 1000);
		rate.admit('a');
		rate.spend('a', 500);
		expect(() => rate.admit('a')).toThrow(QuotaError);
		expect(rate.waitMs('a')).toBe(5000);
	});
	it('takes again once the debt is paid', () => {
		const { rate, clock } = rateOf(100);
		rate.spend('a', 1500);
		clock.micros += 4_999_000;
		expect(rate.waitMs('a')).toBeGreaterThan(0);
		clock.micros += 2000;
		rate.admit('a');
	});
	it('of one key is no other key’s', () => {
		const { rate } = rateOf(1);
		rate.spend('a', 1e9);
		rate.admit('b');
	});
	it('gives nothing when the clock is set back', () => {
		const { rate, clock } = rateOf(100);
		rate.spend('a', 1100);
		clock.micros -= 3600e6;
		expect(rate.waitMs('a')).toBe(1000);
	});
	it('lets through what it says, whatever is sent when', () =>
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.nat(3000), fc.nat(5000)), { minLength: 1 }), (steps) => {
				const { rate, clock } = rateOf(100);
				let taken = 0;
				let largest = 0;
				for (const [ms, points] of steps) {
					clock.micros += ms * 1000;
					if (rate.waitMs('a') > 0) continue;
					rate.spend('a', points);
					taken += points;
					largest = Math.max(largest, points);
				}
				const seconds = (clock.micros - 1.7e15) / 1e6;
				expect(taken).toBeLessThanOrEqual(100 * (seconds + 10) + largest + 1e-6);
			}),
		));
});
