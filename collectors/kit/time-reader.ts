import { MICROS_PER_MS, MICROS_PER_SECOND, parseTime } from '#contracts/time.ts';
import { quote } from '#contracts/stream.ts';

/** How a time is written: as text of RFC 3339, or as a number since 1970. */
export const TIME_UNITS = ['rfc3339', 's', 'ms', 'us', 'ns'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/** @returns microseconds, or why it is no time */
export type TimeReader = (found: unknown) => number | string;

const DIGITS = /^-?\d{1,20}(\.\d{1,9})?$/;

/** How the time is written is said in the configuration: guessed from its size, one zero too many would be another year. */
export function createTimeReader(unit: TimeUnit): TimeReader {
	if (unit === 'rfc3339') return readText;
	return (found) => {
		const text = typeof found === 'number' ? String(found) : found;
		if (typeof text !== 'string' || (typeof found === 'string' && !DIGITS.test(text))) return noTime(found, unit);
		const micros = Math.round(microsOf(text, unit));
		return Number.isSafeInteger(micros) ? micros : noTime(found, unit);
	};
}

function readText(found: unknown): number | string {
	// parseTime takes digits for microseconds; here they are somebody's other unit.
	const micros = typeof found === 'string' && !DIGITS.test(found) ? parseTime(found) : undefined;
	return micros ?? noTime(found, 'rfc3339');
}

function microsOf(text: string, unit: Exclude<TimeUnit, 'rfc3339'>): number {
	switch (unit) {
		case 's':
			return Number(text) * MICROS_PER_SECOND;
		case 'ms':
			return Number(text) * MICROS_PER_MS;
		case 'us':
			return Number(text);
		case 'ns':
			// A double cannot hold nanoseconds of today; their last three digits are cut before it becomes one.
			return /^\d{4,}$/.test(text) ? Number(text.slice(0, -3)) : NaN;
	}
}

function noTime(found: unknown, unit: TimeUnit): string {
	if (found === undefined) return 'the time is not in it';
	const shown =
		typeof found === 'string' ? quote(found) : typeof found === 'number' ? String(found) : `a ${typeof found}`;
	return `${shown} is no time as timeUnit: ${unit} has it`;
}
