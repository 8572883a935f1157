import { describe, expect, it } from 'vitest';
import { createClock } from './clock.ts';
import { tickLabels, tickStep, timeTicks } from './time-axis.ts';

const at = (...parts: [number, number, number, number?, number?, number?]) => Date.UTC(...parts);
const utc = createClock('utc');
const HOUR = 3_600_000;
/** Central Europe in 2026: summer time from 29 March 01:00 to 25 October 01:00 UTC. */
const berlin = createClock('local', (ms) => (ms >= at(2026, 2, 29, 1) && ms < at(2026, 9, 25, 1) ? 120 : 60));

describe('the step between ticks', () => {
	const f = (spanMs: number, most: number, step: object) => expect(tickStep(spanMs, most)).toEqual(step);
	it('is round', () => f(100_000, 7, { ms: 15_000 }));
	it('of an hour is minutes', () => f(HOUR, 6, { ms: 600_000 }));
	it('of a year is months', () => f(365 * 24 * HOUR, 6, { months: 2 }));
	it('of many years is many years', () => f(1e13, 5, { months: 1200 }));
});

describe('ticks', () => {
	const hours = (from: number, to: number, most: number) =>
		timeTicks(from, to, most, berlin).map((t) => berlin.hourMinute(t));
	it('stand at round times of the zone', () =>
		expect(hours(at(2026, 10, 21, 0), at(2026, 10, 22, 0), 4)).toEqual(['06:00', '12:00', '18:00', '00:00']));
	it('do so on the day when an hour is left out', () =>
		expect(hours(at(2026, 2, 28, 23), at(2026, 2, 29, 21), 4)).toEqual(['00:00', '06:00', '12:00', '18:00']));
	it('do so on the day when an hour comes twice', () =>
		expect(hours(at(2026, 9, 24, 22), at(2026, 9, 25, 22), 4)).toEqual(['00:00', '06:00', '12:00', '18:00']));
	it('go forward through an hour that comes twice', () => {
		const ticks = timeTicks(at(2026, 9, 24, 23), at(2026, 9, 25, 3), 20, berlin);
		expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
	});
	it('of months stand on the first', () =>
		expect(timeTicks(at(2026, 0, 10), at(2026, 6, 10), 7, berlin).map((t) => berlin.date(t))).toEqual([
			'1 Feb 2026',
			'1 Mar 2026',
			'1 Apr 2026',
			'1 May 2026',
			'1 Jun 2026',
			'1 Jul 2026',
		]));
	it('of weeks stand on Mondays', () =>
		expect(timeTicks(at(2026, 0, 10), at(2026, 1, 20), 7, utc).map((t) => new Date(t).getUTCDay())).toEqual(
			Array(6).fill(1),
		));
	it('of an empty stretch are none', () => expect(timeTicks(5, 5, 4, utc)).toEqual([]));
});

describe('the words at ticks', () => {
	const f = (ticks: number[], labels: string[]) => expect(tickLabels(ticks, utc)).toEqual(labels);
	it('the first has the date', () =>
		f([at(2026, 10, 21, 14, 0), at(2026, 10, 21, 14, 5)], ['14:00\n21 Nov 2026', '14:05']));
	it('a new day has its date', () =>
		f([at(2026, 10, 21, 18), at(2026, 10, 22, 0)], ['18:00\n21 Nov 2026', '00:00\n22 Nov 2026']));
	it('below a minute has seconds', () =>
		f([at(2026, 10, 21, 14, 0, 5), at(2026, 10, 21, 14, 0, 10)], ['14:00:05\n21 Nov 2026', '14:00:10']));
	it('of days are days', () => f([at(2026, 10, 21), at(2026, 10, 23)], ['21 Nov\n2026', '23 Nov']));
	it('of months are months', () =>
		f([at(2026, 10, 1), at(2026, 11, 1), at(2027, 0, 1)], ['Nov\n2026', 'Dec', 'Jan\n2027']));
});
