import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime, MAX_AHEAD_MICROS, OLDEST_MICROS, parseTime, timeFault } from './time.ts';

/** 2026-01-01T00:00:00Z, by `date -u -d 2026-01-01 +%s`. */
const T0 = 1_767_225_600_000_000;
const HOUR = 3_600_000_000;

describe('an RFC 3339 time', () => {
	const f = (text: string, micros: number) => expect(parseTime(text)).toBe(micros);
	it('of 1970 is zero', () => f('1970-01-01T00:00:00Z', 0));
	it('is microseconds', () => f('2026-01-01T00:00:00Z', T0));
	it('has milliseconds', () => f('2026-01-01T00:00:00.25Z', T0 + 250_000));
	it('has microseconds', () => f('2026-01-01T00:00:00.000001Z', T0 + 1));
	it('loses what is finer, never rounded up', () => f('2026-01-01T00:00:00.000001999Z', T0 + 1));
	it('east of Greenwich was earlier', () => f('2026-01-01T02:30:00+02:30', T0));
	it('west of Greenwich was later', () => f('2025-12-31T16:00:00-08:00', T0));
	it('of the widest offset', () => f('2026-01-01T23:59:00+23:59', T0));
	it('of an unknown offset is UTC', () => f('2026-01-01T00:00:00-00:00', T0));
	it('may be in small letters', () => f('2026-01-01t00:00:00z', T0));
	it('may have a blank for the T', () => f('2026-01-01 00:00:00Z', T0));
	it('of a leap day', () => f('2024-02-29T12:00:00Z', 1_709_208_000_000_000));
	it('of the leap day of a century that has one', () => f('2000-02-29T00:00:00Z', 951_782_400_000_000));
	it('before 1970 is negative', () => f('1969-12-31T23:59:59Z', -1_000_000));
	it('before 1970 counts its fraction forward', () => f('1969-12-31T23:59:59.999999Z', -1));
	it('of the first century is of the first century', () => f('0050-01-01T00:00:00Z', -60_589_296_000_000_000));
	it('beyond 2255 is whole seconds', () => f('9999-12-31T23:59:59.999999Z', 253_402_300_799_000_000));
});

describe('microseconds', () => {
	const f = (input: unknown, micros: number | undefined) => expect(parseTime(input)).toBe(micros);
	it('as a number', () => f(T0, T0));
	it('as digits', () => f(String(T0), T0));
	it('before 1970', () => f('-1', -1));
	it('of no whole number are no time', () => f(0.5, undefined));
	it('that a double does not have are no time', () => f(2 ** 53, undefined));
	it('that a double does not have are no time as digits either', () => f('9007199254740993', undefined));
	it('that are not finite are no time', () => f(Infinity, undefined));
});

describe('no time', () => {
	const f = (input: unknown) => expect(parseTime(input)).toBe(undefined);
	it('nothing', () => f(''));
	it('null', () => f(null));
	it('undefined', () => f(undefined));
	it('an object', () => f(new Date(0)));
	it('a bigint', () => f(1n));
	it('a word', () => f('now'));
	it('a day', () => f('2026-01-01'));
	it('a time without its zone', () => f('2026-01-01T00:00:00'));
	it('without seconds', () => f('2026-01-01T00:00Z'));
	it('29 February of a year without one', () => f('2025-02-29T00:00:00Z'));
	it('29 February 1900', () => f('1900-02-29T00:00:00Z'));
	it('31 April', () => f('2026-04-31T00:00:00Z'));
	it('day 0', () => f('2026-01-00T00:00:00Z'));
	it('month 0', () => f('2026-00-01T00:00:00Z'));
	it('month 13', () => f('2026-13-01T00:00:00Z'));
	it('hour 24', () => f('2026-01-01T24:00:00Z'));
	it('minute 60', () => f('2026-01-01T00:60:00Z'));
	it('a leap second', () => f('2016-12-31T23:59:60Z'));
	it('an offset of 24 hours', () => f('2026-01-01T00:00:00+24:00'));
	it('an offset of 60 minutes', () => f('2026-01-01T00:00:00+01:60'));
	it('an offset without a colon', () => f('2026-01-01T00:00:00+0100'));
	it('a point without a fraction', () => f('2026-01-01T00:00:00.Z'));
	it('ten digits of fraction', () => f('2026-01-01T00:00:00.0123456789Z'));
	it('a year of five digits', () => f('12026-01-01T00:00:00Z'));
	it('anything before it', () => f(' 2026-01-01T00:00:00Z'));
	it('anything after it', () => f('2026-01-01T00:00:00Z\n'));
	it('an exponent', () => f('1e9'));
	it('digits of another script', () => f('٢٠٢٦-٠١-٠١T٠٠:٠٠:٠٠Z'));
	it('10 kB of digits', () => f('1'.repeat(10_000)));
});

describe('a formatted time', () => {
	const f = (micros: number, text: string) => expect(formatTime(micros)).toBe(text);
	it('has no fraction where it needs none', () => f(T0, '2026-01-01T00:00:00Z'));
	it('has three digits where they do', () => f(T0 + 1000, '2026-01-01T00:00:00.001Z'));
	it('else has six', () => f(T0 + 10, '2026-01-01T00:00:00.000010Z'));
	it('before 1970', () => f(-1, '1969-12-31T23:59:59.999999Z'));
	it('beyond any calendar is a RangeError', () => expect(() => formatTime(8.65e18)).toThrow(RangeError));
	it('is read back as it was', () =>
		fc.assert(
			fc.property(
				fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 }),
				(micros) => void expect(parseTime(formatTime(micros))).toBe(micros),
			),
		));
	it('in any zone is the same moment', () =>
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 2 ** 52 }), fc.integer({ min: -1439, max: 1439 }), (micros, minutes) => {
				const there = formatTime(micros + minutes * 60_000_000).slice(0, -1);
				const digits = (n: number) => String(n).padStart(2, '0');
				const offset = `${digits(Math.trunc(Math.abs(minutes) / 60))}:${digits(Math.abs(minutes) % 60)}`;
				expect(parseTime(`${there}${minutes < 0 ? '-' : '+'}${offset}`)).toBe(micros);
			}),
		));
	it('is what JavaScript makes of it, to the millisecond', () =>
		fc.assert(
			fc.property(
				fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
				(date) => {
					const whole = new Date(Math.floor(date.getTime() / 1000) * 1000);
					expect(parseTime(whole.toISOString())).toBe(whole.getTime() * 1000);
				},
			),
		));
});

describe('the time of a point', () => {
	const f = (micros: number, fault: RegExp | undefined) =>
		fault ? expect(timeFault(micros, T0)).toMatch(fault) : expect(timeFault(micros, T0)).toBe(undefined);
	it('may be now', () => f(T0, undefined));
	it('may be the first of 1971', () => f(OLDEST_MICROS, undefined));
	it('may not be older', () =>
		f(OLDEST_MICROS - 1, /^time 1970-12-31T23:59:59.999999Z is before 1971: is the source's /));
	it('may be five minutes ahead', () => f(T0 + MAX_AHEAD_MICROS, undefined));
	it('may not be more', () =>
		f(T0 + MAX_AHEAD_MICROS + 1, /^time 2026-01-01T00:05:00.000001Z is more than five minutes/));
	it('of next hour names itself', () => f(T0 + HOUR, /^time 2026-01-01T01:00:00Z /));
	it('beyond any calendar is a number', () => f(-1e300, /^time -1e\+300 is before 1971/));
	it('is a number', () => f(NaN, /^time NaN is no whole number of microseconds$/));
	it('is finite', () => f(Infinity, /^time Infinity is no whole number/));
	it('is a whole number', () => f(T0 + 0.5, /no whole number/));
	it('never throws', () =>
		fc.assert(fc.property(fc.double(), fc.double(), (micros, now) => void timeFault(micros, now))));
	it('has no fault exactly within its bounds', () =>
		fc.assert(
			fc.property(
				fc.maxSafeInteger(),
				(micros) =>
					void expect(timeFault(micros, T0) === undefined).toBe(
						micros >= OLDEST_MICROS && micros <= T0 + MAX_AHEAD_MICROS,
					),
			),
		));
});
