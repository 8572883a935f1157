/** Times are integer microseconds since 1970 UTC in a double: exact until the year 2255. */
export const MICROS_PER_MS = 1000;
export const MICROS_PER_SECOND = 1_000_000;

/** 1971-01-01: what is older is a clock that was never set. */
export const OLDEST_MICROS = 31_536_000_000_000;
/** A clock may be this much ahead of ours before its points are refused. */
export const MAX_AHEAD_MICROS = 5 * 60 * MICROS_PER_SECOND;

const CLOCK = '([01]\\d|2[0-3]):([0-5]\\d)';
const RFC3339 = new RegExp(
	`^(\\d{4})-(\\d{2})-(\\d{2})[Tt ]${CLOCK}:([0-5]\\d)(?:\\.(\\d{1,9}))?(?:[Zz]|([+-])${CLOCK})$`,
);

/**
 * An RFC 3339 time, or integer microseconds (a number, or digits in a string).
 *
 * Digits past the sixth are cut, and beyond 2255, where no double has the microseconds, the whole fraction. A leap
 * second (`:60`) has no place in a count of microseconds and is refused.
 *
 * @returns microseconds; undefined when it is neither or names no real moment
 */
export function parseTime(input: unknown): number | undefined {
	if (typeof input === 'number') return safe(input);
	if (typeof input !== 'string') return undefined;
	if (/^-?\d{1,16}$/.test(input)) return safe(Number(input));
	const match = RFC3339.exec(input);
	if (!match) return undefined;
	const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match;
	const midnightMs = midnight(Number(year), Number(month), Number(day));
	if (midnightMs === undefined) return undefined;
	const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(offsetHour) * 60 + Number(offsetMinute));
	const seconds = (Number(hour) * 60 + Number(minute) - offsetMinutes) * 60 + Number(second);
	const micros = midnightMs * MICROS_PER_MS + seconds * MICROS_PER_SECOND;
	return safe(micros + Number(fraction.padEnd(6, '0').slice(0, 6))) ?? micros;
}

function safe(micros: number): number | undefined {
	return Number.isSafeInteger(micros) ? micros : undefined;
}

/** Not `Date.UTC`: that one takes the years 0 to 99 for 1900 to 1999. */
function midnight(year: number, month: number, day: number): number | undefined {
	const date = new Date(0);
	const ms = date.setUTCFullYear(year, month - 1, day);
	return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms : undefined;
}

/**
 * @returns RFC 3339 UTC with as many fraction digits as it needs: none, three or six
 * @throws RangeError beyond 8.64e18 µs to either side of 1970, where no calendar goes
 */
export function formatTime(micros: number): string {
	const rest = ((micros % MICROS_PER_MS) + MICROS_PER_MS) % MICROS_PER_MS;
	const iso = new Date((micros - rest) / MICROS_PER_MS).toISOString();
	if (rest !== 0) return `${iso.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
	return iso.endsWith('.000Z') ? `${iso.slice(0, -5)}Z` : iso;
}

/** @returns why a point of this time cannot be taken, or undefined when it can */
export function timeFault(micros: number, nowMicros: number): string | undefined {
	if (!Number.isInteger(micros)) return `time ${micros} is no whole number of microseconds`;
	if (micros < OLDEST_MICROS) return `time ${describe(micros)} is before 1971: is the source's clock set?`;
	if (micros > nowMicros + MAX_AHEAD_MICROS)
		return `time ${describe(micros)} is more than five minutes ahead of this server's clock`;
	return undefined;
}

function describe(micros: number): string {
	const ms = micros / MICROS_PER_MS;
	return Math.abs(ms) <= 8.64e15 ? formatTime(micros) : String(micros);
}

/** Where the present comes in: handed to whatever needs it, so that tests and replays need no clock. */
export type NowMicros = () => number;
