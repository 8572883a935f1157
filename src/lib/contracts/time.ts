/** Times are integer microseconds since 1970 UTC in a double: exact until the year 2255. */
export const MICROS_PER_MS = 1000;
export const MICROS_PER_SECOND = 1_000_000;

/** 1971-01-01: what is older is a clock that was never set. */
export const OLDEST_MICROS = 31_536_000_000_000;
/** A clock may be this much ahead of ours before its points are refused. */
export const MAX_AHEAD_MICROS = 5 * 60 * MICROS_PER_SECOND;

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|z|[+-]\d{2}:\d{2})$/;

/**
 * An RFC 3339 time, or integer microseconds (a number, or digits in a string).
 *
 * @returns microseconds; digits past the sixth are cut. undefined when it is neither or names no real moment
 */
export function parseTime(input: unknown): number | undefined {
	if (typeof input === 'number') return Number.isSafeInteger(input) ? input : undefined;
	if (typeof input !== 'string') return undefined;
	if (/^-?\d{1,16}$/.test(input)) return Number(input);
	const match = RFC3339.exec(input);
	if (!match) return undefined;
	const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
	const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
	const back = new Date(utc);
	if (back.getUTCMonth() !== Number(month) - 1 || back.getUTCDate() !== Number(day)) return undefined;
	if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
	return utc * MICROS_PER_MS + Number(fraction.padEnd(6, '0').slice(0, 6)) - offsetMicros(zone);
}

function offsetMicros(zone: string): number {
	if (zone === 'Z' || zone === 'z') return 0;
	const sign = zone.startsWith('-') ? -1 : 1;
	return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * 60 * MICROS_PER_SECOND;
}

/** @returns RFC 3339 UTC with as many fraction digits as it needs: none, three or six */
export function formatTime(micros: number): string {
	const rest = ((micros % MICROS_PER_MS) + MICROS_PER_MS) % MICROS_PER_MS;
	const iso = new Date((micros - rest) / MICROS_PER_MS).toISOString();
	if (rest !== 0) return `${iso.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
	return iso.endsWith('.000Z') ? `${iso.slice(0, -5)}Z` : iso;
}

/** @returns why a point of this time cannot be taken, or undefined when it can */
export function timeFault(micros: number, nowMicros: number): string | undefined {
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
