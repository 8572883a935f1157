import { z } from 'zod';

const UNITS_MS: Readonly<Record<string, number>> = {
	ms: 1,
	s: 1000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
	w: 7 * 86_400_000,
	y: 365 * 86_400_000,
};

/** 2^51 µs, 71 years: up to here milliseconds in a double tell one microsecond from the next, products included. */
const LONGEST_MS = 2 ** 51 / 1000;

/**
 * Reads `250ms`, `1.5s`, `2m`, `1h`, `30d`, `2w`, `2y` (a year is 365 days).
 *
 * @returns milliseconds, to the microsecond; undefined when it is no duration or one of more than 71 years
 */
export function parseDuration(text: string): number | undefined {
	const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w|y)$/.exec(text.trim());
	if (!match) return undefined;
	// Rounded, because 1.005 * 1000 is not 1005.
	const ms = Math.round(Number(match[1]) * (UNITS_MS[match[2] ?? ''] ?? NaN) * 1000) / 1000;
	return ms <= LONGEST_MS ? ms : undefined;
}

/** A duration in a document: `250ms`, `1s`, `5m`; milliseconds once parsed. */
export const durationMs = z.string().transform((text, context) => {
	const ms = parseDuration(text);
	if (ms !== undefined) return ms;
	context.addIssue({ code: 'custom', message: `"${text}" is no duration: write 250ms, 1s, 5m, 1h, 30d or 2y` });
	return z.NEVER;
});

/** @returns what `parseDuration` reads back, in the largest unit that needs no fraction: 1500 is `1500ms`, 60000 `1m` */
export function formatDuration(ms: number): string {
	const unit = Object.keys(UNITS_MS).findLast((name) => ms !== 0 && ms % (UNITS_MS[name] ?? 1) === 0) ?? 'ms';
	return `${ms / (UNITS_MS[unit] ?? 1)}${unit}`;
}
