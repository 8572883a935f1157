import { createClock, type Clock } from '#lib/chart/clock.ts';

/**
 * Times in words in a zone by its IANA name, also when the clocks change there.
 *
 * @param timeZone like `Europe/Berlin`; `UTC` costs nothing to ask
 * @throws RangeError for a name that is none
 */
export function clockIn(timeZone: string): Clock {
	if (timeZone === 'UTC') return createClock('utc');
	const parts = new Intl.DateTimeFormat('en-GB', {
		timeZone,
		hourCycle: 'h23',
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
	});
	return createClock('local', (ms) => offsetMinutes(parts, ms));
}

function offsetMinutes(parts: Intl.DateTimeFormat, ms: number): number {
	const at = Math.floor(Math.min(Math.max(ms, -8.64e15), 8.64e15) / 1000) * 1000;
	const field = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
	const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = field;
	return Math.round((Date.UTC(year, month - 1, day, hour, minute, second) - at) / 60_000);
}
