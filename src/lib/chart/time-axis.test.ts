import { describe, expect, it } from 'vitest';
import { tickLabels, tickStep, timeTicks } from './time-axis.ts';

const at = (...parts: [number, number, number, number?, number?, number?]) => new Date(...parts).getTime();

describe('the step between ticks', () => {
	const f = (spanMs: number, most: number, step: number) => expect(tickStep(spanMs, most)).toBe(step);
	it('is round', () => f(100_000, 7, 15_000));
	it('of an hour is minutes', () => f(3_600_000, 6, 600_000));
	it('of many years is a year', () => f(1e13, 5, 365 * 86_400_000));
});

describe('ticks', () => {
	it('stand at round local times', () => {
		const ticks = timeTicks(at(2026, 10, 21, 1), at(2026, 10, 22, 1), 4);
		expect(ticks.map((t) => new Date(t).getHours())).toEqual([6, 12, 18, 0]);
	});
	it('of an empty stretch are none', () => expect(timeTicks(5, 5, 4)).toEqual([]));

	const f = (ticks: number[], labels: string[]) => expect(tickLabels(ticks)).toEqual(labels);
	it('the first has the date', () =>
		f([at(2026, 10, 21, 14, 0), at(2026, 10, 21, 14, 5)], ['14:00\n21 Nov 2026', '14:05']));
	it('a new day has its date', () =>
		f([at(2026, 10, 21, 18), at(2026, 10, 22, 0)], ['18:00\n21 Nov 2026', '00:00\n22 Nov 2026']));
	it('below a minute has seconds', () =>
		f([at(2026, 10, 21, 14, 0, 5), at(2026, 10, 21, 14, 0, 10)], ['14:00:05\n21 Nov 2026', '14:00:10']));
	it('of days are days', () => f([at(2026, 10, 21), at(2026, 10, 23)], ['21 Nov\n2026', '23 Nov']));
});
