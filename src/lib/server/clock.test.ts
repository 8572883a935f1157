import { describe, expect, it } from 'vitest';
import { createWallClock } from './clock.ts';

describe('the clock of the hub', () => {
	const f = (wallMs: number, fineMs: number) => {
		let [wall, fine] = [1_000_000, 500];
		const now = createWallClock({ wallMs: () => wall, fineMs: () => fine });
		[wall, fine] = [wallMs, fineMs];
		return now();
	};
	it('tells microseconds within a millisecond', () => expect(f(1_000_000, 500.25)).toBe(1_000_000_250));
	it('goes on finely past the next millisecond', () => expect(f(1_000_001, 501.75)).toBe(1_000_001_750));
	it('is right again after the machine has slept', () => expect(f(9_000_000, 501)).toBe(9_000_000_000));
	it('follows the wall clock when that is set back', () => expect(f(400_000, 501)).toBe(400_000_000));
	it('is the wall clock', () => expect(Math.abs(createWallClock()() / 1000 - Date.now())).toBeLessThan(1000));
});
