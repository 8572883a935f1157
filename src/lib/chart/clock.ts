import { clockText, dayText, exactText, hourMinuteText, monthText } from '#lib/format/time.ts';

/** Whose clock the axis and the readouts show. */
export type Zone = 'local' | 'utc';

/** Times in words, in one zone. */
export interface Clock {
	readonly zone: Zone;
	/** Minutes east of UTC at this moment: a zone with summer time has two of them. */
	offsetMinutes(ms: number): number;
	/** `14:03` */
	hourMinute(ms: number): string;
	/** `14:03:22` */
	time(ms: number): string;
	/** `14:03:22.250`; no fraction when the time has none. */
	exact(ms: number): string;
	/** `21 Nov` */
	day(ms: number): string;
	/** `21 Nov 2026` */
	date(ms: number): string;
	/** `Nov` */
	month(ms: number): string;
	year(ms: number): number;
	/** `UTC`, `UTC+2`, `UTC−3:30` */
	name(ms: number): string;
}

const MINUTE = 60_000;
const two = (n: number) => String(n).padStart(2, '0');

/** @param localOffset minutes east of UTC of the reader's zone at a moment; handed in by tests */
export function createClock(
	zone: Zone,
	localOffset = (ms: number) => -new Date(Math.min(Math.max(ms, -8.64e15), 8.64e15)).getTimezoneOffset(),
): Clock {
	const offsetMinutes = (ms: number) => (zone === 'utc' ? 0 : localOffset(ms));
	/** Its UTC fields read as the wall clock of the zone. */
	const wall = (ms: number) => new Date(ms + offsetMinutes(ms) * MINUTE);
	const month = (ms: number) => monthText(wall(ms).getUTCMonth());
	const day = (ms: number) => dayText(wall(ms).getUTCDate(), wall(ms).getUTCMonth());
	const year = (ms: number) => wall(ms).getUTCFullYear();
	return {
		zone,
		offsetMinutes,
		hourMinute: (ms) => hourMinuteText(wall(ms)),
		time: (ms) => clockText(wall(ms)),
		exact: (ms) => exactText(wall(ms)),
		day,
		date: (ms) => `${day(ms)} ${year(ms)}`,
		month,
		year,
		name: (ms) => zoneName(offsetMinutes(ms)),
	};
}

function zoneName(minutes: number): string {
	if (minutes === 0) return 'UTC';
	const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
	return `UTC${minutes < 0 ? '\u2212' : '+'}${hours}${rest === 0 ? '' : `:${two(rest)}`}`;
}
