import { describe, expect, it } from 'vitest';
import { parseRetryAfter, retryAfterMs } from './retry.ts';

describe('waits between attempts', () => {
	const f = (attempts: number, random: number, ms: number) => expect(retryAfterMs(attempts, random)).toBe(ms);
	it('after the first', () => f(1, 0.5, 5000));
	it('grow', () => f(4, 0.5, 320_000));
	it('to four hours', () => f(50, 0.5, 4 * 3_600_000));
	it('a fifth shorter', () => f(1, 0, 4000));
	it('or longer', () => f(1, 1, 6000));
});

describe('Retry-After', () => {
	const nowMs = Date.UTC(2026, 0, 5, 12);
	const f = (text: string | undefined, ms: number | undefined) => expect(parseRetryAfter(text, nowMs)).toBe(ms);
	it('seconds', () => f('120', 120_000));
	it('a date', () => f('Mon, 05 Jan 2026 12:05:00 GMT', 300_000));
	it('a date that is over', () => f('Mon, 05 Jan 2026 11:00:00 GMT', 0));
	it('a day at most', () => f('9999999', 24 * 3_600_000));
	it('nothing that can be read', () => f('soon', undefined));
	it('nothing', () => f(undefined, undefined));
});
