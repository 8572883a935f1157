import { MICROS_PER_MS, MICROS_PER_SECOND, parseTime } from './time.ts';

const DAY_MICROS = 86_400 * MICROS_PER_SECOND;
const EPOCH = /^-?\d+(\.\d+)?$/;
const LOCAL = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}(?:[.,]\d+)?))?)?$/;

/** @returns microseconds, or undefined when the text is no time */
export type TimeParser = (text: string) => number | undefined;

/**
 * Times as files have them: RFC 3339; `2013-12-02 21:15:00` (also with T, without seconds, or the date alone) in the
 * given time zone; seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size (up to the
 * year 5138).
 *
 * @param zone an IANA name; of an hour that a clock change repeats the first one is meant
 */
export function createTimeParser(zone: string): TimeParser {
	const offset = zone === 'UTC' ? () => 0 : offsetOf(zone);
	const readUtc = zone === 'UTC' ? createUtcReader() : () => undefined;
	return (text) => {
		const usual = readUtc(text);
		if (usual !== undefined) return usual;
		if (EPOCH.test(text)) return epochMicros(text);
		const local = LOCAL.exec(text);
		if (!local) return parseTime(text);
		const [, date, minute = '00:00', second = '00'] = local;
		const asUtc = parseTime(`${date}T${minute}:${second.replace(',', '.')}Z`);
		return asUtc === undefined ? undefined : inZone(asUtc, offset);
	};
}

const DAY_CHARS = 10;
const SECOND_CHARS = 19;

/**
 * The spelling that most files have, `2013-12-02 21:15:00` with or without a fraction, without an expression: two
 * thirds of the time that it takes to import a file would go into that. Anything odd is left to the slow way.
 */
function createUtcReader(): TimeParser {
	let day = '';
	let dayMicros: number | undefined;
	return (text) => {
		const length = text.endsWith('Z') ? text.length - 1 : text.length;
		if (length < SECOND_CHARS || length > SECOND_CHARS + 7 || text[13] !== ':' || text[16] !== ':') return undefined;
		if (text[DAY_CHARS] !== ' ' && text[DAY_CHARS] !== 'T') return undefined;
		if (!text.startsWith(day) || day === '') {
			day = text.slice(0, DAY_CHARS);
			dayMicros = parseTime(`${day}T00:00:00Z`);
		}
		const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
		if (dayMicros === undefined || !(hour < 24 && minute < 60 && second < 60)) return undefined;
		const micros = dayMicros + ((hour * 60 + minute) * 60 + second) * MICROS_PER_SECOND;
		if (length === SECOND_CHARS) return micros;
		if (text[SECOND_CHARS] !== '.' || length === SECOND_CHARS + 1) return undefined;
		const fraction = digits(text, SECOND_CHARS + 1, length) * 10 ** (SECOND_CHARS + 7 - length);
		return fraction === fraction ? micros + fraction : undefined;
	};
}

/** NaN when one of them is none. */
function digits(text: string, from: number, end: number): number {
	let value = 0;
	for (let at = from; at < end; at++) {
		const digit = text.charCodeAt(at) - 48;
		value = digit >= 0 && digit <= 9 ? value * 10 + digit : NaN;
	}
	return value;
}

function epochMicros(text: string): number {
	const value = Math.abs(Number(text));
	if (value < 1e11) return Math.round(Number(text) * 1e6);
	if (value < 1e14) return Math.round(Number(text) * 1e3);
	if (value < 1e17) return Math.round(Number(text));
	// A double cannot hold nanoseconds of today; their last three digits are cut before it becomes one.
	return Number(text.replace(/\..*/, '').slice(0, -3));
}

/** The moment at which a clock of the zone shows what a UTC clock shows at `asUtc`. */
function inZone(asUtc: number, offset: (micros: number) => number): number {
	// The offset of the day before is the one in force before a change; where it does not hold, the change has happened.
	const first = asUtc - offset(asUtc - DAY_MICROS);
	return first + offset(first) === asUtc ? first : asUtc - offset(first);
}

function offsetOf(zone: string): (micros: number) => number {
	const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
	const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', second: 'numeric', ...fields });
	return (micros) => {
		const ms = Math.floor(micros / MICROS_PER_SECOND) * 1000;
		const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
		const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
		return (Date.UTC(year, month - 1, day, hour, minute, second) - ms) * MICROS_PER_MS;
	};
}
