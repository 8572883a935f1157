import { describe, expect, it } from 'vitest';
import { formatAge, formatClockExact, formatMoment, formatSpan } from './time.ts';

const at = (year: number, month: number, day: number, hour = 14, minute = 3, second = 22) =>
	new Date(year, month - 1, day, hour, minute, second).getTime();

describe('a moment', () => {
	const now = at(2026, 11, 21, 15);
	const f = (ms: number, text: string) => expect(formatMoment(ms, now)).toBe(text);
	it('of today is a clock', () => f(at(2026, 11, 21), '14:03:22'));
	it('of this year has its day', () => f(at(2026, 2, 3), '3 Feb, 14:03:22'));
	it('of another year has its year', () => f(at(2013, 12, 2), '2 Dec 2013, 14:03:22'));
});

describe('a length of time', () => {
	const f = (ms: number, text: string) => expect(formatSpan(ms)).toBe(text);
	it('below a second is milliseconds', () => f(250, '250 ms'));
	it('below a minute is seconds', () => f(59_900, '59 s'));
	it('below an hour is minutes', () => f(3_599_000, '59 min'));
	it('of hours has minutes', () => f(3.5 * 3_600_000, '3 h 30 min'));
	it('of whole hours has none', () => f(3 * 3_600_000, '3 h'));
	it('of days has hours', () => f(49 * 3_600_000, '2 d 1 h'));
	it('of many days has none', () => f(30.5 * 86_400_000, '30 d'));
	it('is never negative', () => f(-5, '0 s'));
});

describe('an age', () => {
	it('of a blink is just now', () => expect(formatAge(900)).toBe('just now'));
	it('of more is a length', () => expect(formatAge(12_000)).toBe('12 s ago'));
});

describe('an exact clock', () => {
	it('has milliseconds when there are any', () => expect(formatClockExact(at(2026, 1, 1) + 250)).toBe('14:03:22.250'));
	it('has none when there are none', () => expect(formatClockExact(at(2026, 1, 1))).toBe('14:03:22'));
});
