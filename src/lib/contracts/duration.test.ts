import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationMs, formatDuration, parseDuration } from './duration.ts';

const DAY = 86_400_000;

describe('a duration in milliseconds', () => {
	const f = (text: string, ms: number | undefined) => expect(parseDuration(text)).toBe(ms);
	it('250ms', () => f('250ms', 250));
	it('1s', () => f('1s', 1000));
	it('5m', () => f('5m', 300_000));
	it('1h', () => f('1h', 3_600_000));
	it('30d', () => f('30d', 30 * DAY));
	it('2w', () => f('2w', 14 * DAY));
	it('2y is twice 365 days', () => f('2y', 730 * DAY));
	it('0s', () => f('0s', 0));
	it('with a fraction', () => f('1.5s', 1500));
	it('with a fraction that no double has', () => f('1.005s', 1005));
	it('below a millisecond', () => f('0.25ms', 0.25));
	it('with blanks around it', () => f(' 1s ', 1000));
	it('of a human age and more', () => f('71y', 71 * 365 * DAY));

	it('is not nothing', () => f('', undefined));
	it('is not a bare number', () => f('10', undefined));
	it('is not a bare unit', () => f('s', undefined));
	it('is not negative', () => f('-1s', undefined));
	it('has no plus sign', () => f('+1s', undefined));
	it('has no exponent', () => f('1e3s', undefined));
	it('has no blank within', () => f('1 s', undefined));
	it('has one part', () => f('1h30m', undefined));
	it('has no large letters', () => f('1S', undefined));
	it('is not of another script', () => f('٣s', undefined));
	it('begins with a digit', () => f('.5s', undefined));
	it('goes on after its point', () => f('1.s', undefined));
	it('is not longer than a double counts microseconds', () => f('72y', undefined));
	it('is not infinite', () => f(`${'9'.repeat(400)}s`, undefined));
	it('is no name of an object', () => f('1constructor', undefined));
});

describe('a formatted duration', () => {
	const f = (ms: number, text: string) => expect(formatDuration(ms)).toBe(text);
	it('of nothing', () => f(0, '0ms'));
	it('has no fraction where a smaller unit needs none', () => f(1500, '1500ms'));
	it('is of the largest unit', () => f(60_000, '1m'));
	it('of a day is no 24 hours', () => f(DAY, '1d'));
	it('of a year', () => f(365 * DAY, '1y'));
	it('of 364 days is weeks', () => f(364 * DAY, '52w'));
	it('below a millisecond', () => f(0.5, '0.5ms'));
	it('is read back as it was, to the microsecond', () =>
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 2 ** 51 }), (micros) => {
				const ms = micros / 1000;
				expect(parseDuration(formatDuration(ms))).toBe(ms);
			}),
		));
	it('of what was read says the same', () =>
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 71 }), fc.constantFrom('ms', 's', 'm', 'h', 'd', 'w', 'y'), (n, unit) => {
				const ms = parseDuration(`${n}${unit}`)!;
				expect(parseDuration(formatDuration(ms))).toBe(ms);
			}),
		));
});

describe('a duration in a document', () => {
	it('is milliseconds once parsed', () => expect(durationMs.parse('1.5s')).toBe(1500));
	it('that is none says how to write one', () =>
		expect(durationMs.safeParse('3 weeks').error?.issues[0]?.message).toBe(
			'"3 weeks" is no duration: write 250ms, 1s, 5m, 1h, 30d or 2y',
		));
	it('is never a number, whose unit nobody knows', () => expect(durationMs.safeParse(1000).success).toBe(false));
});
