import type { MaintenanceWindow, QuietHours, WeeklyWindow } from '#contracts/alert-config.ts';
import type { Severity } from '#contracts/violation.ts';
import { isAtLeast } from '#contracts/alert.ts';
import { MICROS_PER_MS, parseTime } from '#contracts/time.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const MINUTES_A_DAY = 1440;
const MICROS_PER_MINUTE = 60_000 * MICROS_PER_MS;
/** Where clocks are put back or forward meanwhile, the end is looked for again. */
const LOOK_AGAIN_MINUTES = 15;

interface LocalTime {
	/** 0 = Monday. */
	readonly day: number;
	readonly minute: number;
}

function localTime(micros: number, zone: string): LocalTime {
	const format = new Intl.DateTimeFormat('en-GB', {
		timeZone: zone,
		weekday: 'short',
		hour: '2-digit',
		minute: '2-digit',
		hourCycle: 'h23',
	});
	const parts = Object.fromEntries(
		format.formatToParts(micros / MICROS_PER_MS).map(({ type, value }) => [type, value]),
	);
	const day = DAYS.findIndex((name) => name === parts.weekday?.toLowerCase());
	return { day, minute: Number(parts.hour) * 60 + Number(parts.minute) };
}

function minuteOf(clock: string): number {
	const [hour = 0, minute = 0] = clock.split(':').map(Number);
	return hour * 60 + minute;
}

/** @returns whole minutes until the window ends, or undefined when this moment is not in it */
export function minutesLeft({ days, from, to, zone }: WeeklyWindow, micros: number): number | undefined {
	const { day, minute } = localTime(micros, zone);
	const [begin, end] = [minuteOf(from), minuteOf(to)];
	const length = end > begin ? end - begin : end - begin + MINUTES_A_DAY;
	for (const ago of [0, 1]) {
		const since = minute + ago * MINUTES_A_DAY - begin;
		const name = DAYS[(day - ago + 7) % 7];
		if (since >= 0 && since < length && (!days || (name && days.includes(name)))) return length - since;
	}
	return undefined;
}

export function isWithin(windows: readonly WeeklyWindow[], micros: number): boolean {
	return windows.some((window) => minutesLeft(window, micros) !== undefined);
}

/** @returns until when something of this severity is held; undefined when it may be sent now */
export function quietUntil(quiet: readonly QuietHours[], severity: Severity, micros: number): number | undefined {
	const left = quiet.flatMap((hours) =>
		hours.urgent !== 'none' && isAtLeast(severity, hours.urgent) ? [] : (minutesLeft(hours, micros) ?? []),
	);
	if (left.length === 0) return undefined;
	const minutes = Math.min(Math.max(...left), LOOK_AGAIN_MINUTES);
	return micros - (micros % MICROS_PER_MINUTE) + minutes * MICROS_PER_MINUTE;
}

export function isMaintained({ days, from, to, zone = 'UTC' }: MaintenanceWindow, micros: number): boolean {
	const [begin, end] = [from, to].map((text) => (/^\d\d:\d\d$/.test(text) ? undefined : parseTime(text)));
	if (begin !== undefined && end !== undefined) return micros >= begin && micros < end;
	return minutesLeft({ from, to, zone, ...(days && { days }) }, micros) !== undefined;
}
