import * as m from '#messages';
import { getLocale } from '#messages/generated/runtime.js';
import { manner } from './manner.ts';
import { decimalMark } from './number.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTHS = {
	en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
	de: ['Jan', 'Feb', 'Mär', 'Apr', 'Mai', 'Jun', 'Jul', 'Aug', 'Sep', 'Okt', 'Nov', 'Dez'],
} as const;

const two = (n: number) => String(n).padStart(2, '0');

/** @returns a date whose UTC fields are those of the reader's clock */
function wallOf(ms: number): Date {
	const offsetMinutes = manner().zone === 'utc' ? 0 : -new Date(ms).getTimezoneOffset();
	return new Date(ms + offsetMinutes * MINUTE);
}

/**
 * @param wall its UTC fields are those of the clock
 * @returns `14:03`, or `2:03 PM` for who chose twelve hours
 */
export function hourMinuteText(wall: Date): string {
	return halfDay(wall, `:${two(wall.getUTCMinutes())}`);
}

/** @returns `14:03:22` */
export function clockText(wall: Date): string {
	return halfDay(wall, `:${two(wall.getUTCMinutes())}:${two(wall.getUTCSeconds())}`);
}

/** @returns `14:03:22.250`; no fraction when the time has none */
export function exactText(wall: Date): string {
	const fraction = wall.getUTCMilliseconds();
	const part = fraction === 0 ? '' : `${decimalMark()}${String(fraction).padStart(3, '0')}`;
	return halfDay(wall, `:${two(wall.getUTCMinutes())}:${two(wall.getUTCSeconds())}${part}`);
}

function halfDay(wall: Date, rest: string): string {
	const hours = wall.getUTCHours();
	if (manner().hours === '24') return `${two(hours)}${rest}`;
	return `${hours % 12 === 0 ? 12 : hours % 12}${rest}\u00a0${hours < 12 ? 'AM' : 'PM'}`;
}

/** @returns `14:03:22` of the reader's clock */
export function formatClock(ms: number): string {
	return clockText(wallOf(ms));
}

/** @returns `14:03:22.250`; no fraction when the time has none */
export function formatClockExact(ms: number): string {
	return exactText(wallOf(ms));
}

/** @returns `14:03` */
export function formatHourMinute(ms: number): string {
	return hourMinuteText(wallOf(ms));
}

/** @returns `21 Nov 2026` */
export function formatDate(ms: number): string {
	return `${formatDay(ms)} ${wallOf(ms).getUTCFullYear()}`;
}

/** @returns `21 Nov` */
export function formatDay(ms: number): string {
	const wall = wallOf(ms);
	return dayText(wall.getUTCDate(), wall.getUTCMonth());
}

/**
 * @param month from 0
 * @returns `21 Nov`, `21. Nov`
 */
export function dayText(day: number, month: number): string {
	return `${day}${getLocale() === 'de' ? '.' : ''} ${monthText(month)}`;
}

/** @param month from 0 */
export function monthText(month: number): string {
	return MONTHS[getLocale()][month] ?? '';
}

/** @returns the clock alone on the same day, with the day within the year, with the year before */
export function formatMoment(ms: number, nowMs: number): string {
	const [then, now] = [wallOf(ms), wallOf(nowMs)];
	if (Math.floor(then.getTime() / DAY) === Math.floor(now.getTime() / DAY)) return formatClock(ms);
	if (then.getUTCFullYear() === now.getUTCFullYear()) return `${formatDay(ms)}, ${formatClock(ms)}`;
	return `${formatDate(ms)}, ${formatClock(ms)}`;
}

/** @returns how long, in one or two units: `4 s`, `12 min`, `3 h 20 min`, `5 d` */
export function formatSpan(ms: number): string {
	const size = Math.max(0, ms);
	if (size < SECOND) return size === 0 ? '0 s' : `${Math.round(size)} ms`;
	if (size < MINUTE) return `${Math.floor(size / SECOND)} s`;
	if (size < HOUR) return `${Math.floor(size / MINUTE)} min`;
	if (size < DAY) return joined(Math.floor(size / HOUR), 'h', Math.floor((size % HOUR) / MINUTE), 'min');
	if (size < 10 * DAY) return joined(Math.floor(size / DAY), 'd', Math.floor((size % DAY) / HOUR), 'h');
	return `${Math.floor(size / DAY)} d`;
}

function joined(big: number, bigUnit: string, small: number, smallUnit: string): string {
	return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

/** @returns `just now` below five seconds, then `12 s ago` */
export function formatAge(ms: number): string {
	return ms < 5 * SECOND ? m.format_just_now() : m.format_ago({ span: formatSpan(ms) });
}

/** @returns what a field of date and time holds: `2026-11-21T14:03:22` of the reader's clock, without saying whose */
export function fieldText(ms: number): string {
	return wallOf(ms).toISOString().slice(0, 19);
}

/** @returns milliseconds of what such a field holds; NaN for what is no time */
export function msOfField(text: string): number {
	return manner().zone === 'utc' ? Date.parse(`${text}Z`) : Date.parse(text);
}
