import { z } from 'zod';

/** A time zone of the tz database: `Europe/Berlin`. */
export const zoneName = z.string().refine(isZone, 'is no time zone: write one like Europe/Berlin');

function isZone(name: string): boolean {
	try {
		return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
	} catch {
		return false;
	}
}
