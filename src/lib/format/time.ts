import * as m from '#messages';
import { getLocale } from '#messages/generated/runtime.js';
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

/** @returns `14:03:22` of the reader's own time zone */
export function formatClock(ms: number): string {
	const date = new Date(ms);
	return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** @returns `14:03:22.250`; no fraction when the time has none */
export function formatClockExact(ms: number): string {
	const fraction = Math.floor(ms % SECOND);
	return fraction === 0 ? formatClock(ms) : `${formatClock(ms)}${decimalMark()}${String(fraction).padStart(3, '0')}`;
}

/** @returns `14:03` */
export function formatHourMinute(ms: number): string {
	return formatClock(ms).slice(0, 5);
}

/** @returns `21 Nov 2026` */
export function formatDate(ms: number): string {
	const date = new Date(ms);
	return `${formatDay(ms)} ${date.getFullYear()}`;
}

/** @returns `21 Nov` */
export function formatDay(ms: number): string {
	const date = new Date(ms);
	return dayText(date.getDate(), date.getMonth());
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
	const [then, now] = [new Date(ms), new Date(nowMs)];
	if (then.toDateString() === now.toDateString()) return formatClock(ms);
	if (then.getFullYear() === now.getFullYear()) return `${formatDay(ms)}, ${formatClock(ms)}`;
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
