import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';
import { clockOffsetMs } from './server-clock.ts';

describe('waiting before the next try', () => {
	const f = (tries: number, random: number, ms: number) => expect(backoffMs(tries, random)).toBe(ms);
	it('is short at first', () => f(0, 1, 300));
	it('doubles', () => f(2, 1, 1200));
	it('ends at ten seconds', () => f(50, 1, 10_000));
	it('is at least half of the step', () => f(2, 0, 600));
});

describe('the distance of two clocks', () => {
	const now = Date.UTC(2026, 10, 21);
	const f = (apart: number) => expect(clockOffsetMs((now - apart) % 2 ** 32, now)).toBe(apart);
	it('is nothing when they agree', () => f(0));
	it('is positive when ours is ahead', () => f(90_000));
	it('is negative when ours is behind', () => f(-90_000));
});
