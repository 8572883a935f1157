import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime } from './time.ts';
import { createTimeParser } from './file-time.ts';

describe('a time in a file', () => {
	const f = (text: string, want: string | undefined, zone = 'UTC') => {
		const micros = createTimeParser(zone)(text);
		expect(micros === undefined ? undefined : formatTime(micros)).toBe(want);
	};
	it('is RFC 3339', () => f('2013-12-02T21:15:00.5+01:00', '2013-12-02T20:15:00.500Z'));
	it('is a date and a time in UTC', () => f('2013-12-02 21:15:00', '2013-12-02T21:15:00Z'));
	it('has a fraction, also after a comma', () => f('2013-12-02 21:15:00,250', '2013-12-02T21:15:00.250Z'));
	it('needs no seconds', () => f('2013-12-02T21:15', '2013-12-02T21:15:00Z'));
	it('may be a date alone', () => f('2013-12-02', '2013-12-02T00:00:00Z'));
	it('is in the given zone, in winter', () => f('2013-12-02 21:15:00', '2013-12-02T20:15:00Z', 'Europe/Berlin'));
	it('is in the given zone, in summer', () => f('2013-07-02 21:15:00', '2013-07-02T19:15:00Z', 'Europe/Berlin'));
	it('is the first of an hour that comes twice', () =>
		f('2013-10-27 02:30:00', '2013-10-27T00:30:00Z', 'Europe/Berlin'));
	it('is right just after a change', () => f('2013-10-27 03:00:00', '2013-10-27T02:00:00Z', 'Europe/Berlin'));
	it('is right just after the other change', () => f('2013-03-31 03:00:00', '2013-03-31T01:00:00Z', 'Europe/Berlin'));
	it('with a zone of its own ignores the given one', () =>
		f('2013-07-02T21:15:00Z', '2013-07-02T21:15:00Z', 'Asia/Tokyo'));
	it('is seconds since 1970', () => f('1386018900', '2013-12-02T21:15:00Z'));
	it('is seconds with a fraction', () => f('1386018900.25', '2013-12-02T21:15:00.250Z'));
	it('is milliseconds', () => f('1386018900250', '2013-12-02T21:15:00.250Z'));
	it('is microseconds', () => f('1386018900000001', '2013-12-02T21:15:00.000001Z'));
	it('is nanoseconds, cut', () => f('1386018900000001999', '2013-12-02T21:15:00.000001Z'));
	it('is no month 13', () => f('2013-13-02 21:15:00', undefined));
	it('is no 30th of February', () => f('2013-02-30', undefined));
	it('is no word', () => f('yesterday', undefined));
	it('is not nothing', () => f('', undefined));
	it('is the same read either way', () =>
		fc.assert(
			fc.property(
				fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }),
				fc.constantFrom('', '.5', '.25', '.123456', '.', '.x', 'Z', '.1Z'),
				fc.constantFrom(' ', 'T'),
				(date, end, between) => {
					const text = date.toISOString().slice(0, 19).replace('T', between) + end;
					const slow = createTimeParser('Etc/UTC')(text);
					expect(createTimeParser('UTC')(text)).toBe(slow);
				},
			),
		));
});
