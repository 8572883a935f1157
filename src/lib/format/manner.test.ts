import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from '#lib/chart/clock.ts';
import { overwriteGetLocale } from '#messages/generated/runtime.js';
import { overwriteManner, USUAL_MANNER, type Manner } from './manner.ts';
import { formatFixed } from './number.ts';
import { fieldText, formatClock, formatClockExact, formatHourMinute, formatMoment, msOfField } from './time.ts';

afterEach(() => {
	overwriteManner(() => USUAL_MANNER);
	overwriteGetLocale(() => 'en');
});

const MORNING = Date.UTC(2026, 10, 21, 0, 3, 5);
const f = (chosen: Partial<Manner>, text: () => string, written: string) => {
	overwriteManner(() => ({ ...USUAL_MANNER, zone: 'utc', ...chosen }));
	expect(text()).toBe(written);
};

describe('who chose twelve hours', () => {
	const hours = '12';
	it('reads midnight as twelve', () => f({ hours }, () => formatClock(MORNING), '12:03:05\u00a0AM'));
	it('reads noon as twelve', () => f({ hours }, () => formatHourMinute(Date.UTC(2026, 1, 1, 12, 30)), '12:30\u00a0PM'));
	it('reads the afternoon by its hour', () =>
		f({ hours }, () => formatClockExact(Date.UTC(2026, 1, 1, 14, 3, 22, 250)), '2:03:22.250\u00a0PM'));
	it('reads the axis of a chart the same way', () =>
		f({ hours }, () => createClock('utc').hourMinute(MORNING), '12:03\u00a0AM'));
});

describe('who chose UTC', () => {
	it('reads clocks of UTC', () => f({}, () => formatClock(MORNING), '00:03:05'));
	it('begins the day at its midnight', () =>
		f({}, () => formatMoment(MORNING - 3_600_000, MORNING), '20 Nov, 23:03:05'));
	it('fills fields of date and time in UTC, and is understood so', () => {
		f({}, () => fieldText(MORNING), '2026-11-21T00:03:05');
		expect(msOfField('2026-11-21T00:03:05')).toBe(MORNING);
	});
});

describe('numbers', () => {
	it('have the mark that was chosen, whatever the language', () => {
		f({ decimals: 'comma' }, () => formatFixed(1.5, 2), '1,50');
		overwriteGetLocale(() => 'de');
		f({ decimals: 'point' }, () => formatFixed(1.5, 2), '1.50');
	});
	it('have that of the language when none was', () => {
		overwriteGetLocale(() => 'de');
		f({ decimals: 'language' }, () => formatFixed(1.5, 2), '1,50');
	});
});
