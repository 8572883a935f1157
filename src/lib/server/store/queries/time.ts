import { formatTime } from '#contracts/time.ts';

/** A time as ClickHouse reads it in JSON in every version: `2026-01-01 00:00:00.123456`, in the column's zone (UTC). */
export function toStoredTime(micros: number): string {
	return formatTime(micros).replace('T', ' ').replace('Z', '');
}
