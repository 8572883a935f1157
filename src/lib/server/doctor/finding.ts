/** One thing that was looked at. */
export interface Finding {
	/** Stable name, for programs: `disk.free`. */
	readonly check: string;
	readonly level: 'ok' | 'warn' | 'fail';
	/** What was found, with numbers and units. */
	readonly found: string;
	/** What it does to the product, and how to mend it; null when all is well. */
	readonly mend: string | null;
}

export function ok(check: string, found: string): Finding {
	return { check, level: 'ok', found, mend: null };
}

export function warn(check: string, found: string, mend: string): Finding {
	return { check, level: 'warn', found, mend };
}

export function fail(check: string, found: string, mend: string): Finding {
	return { check, level: 'fail', found, mend };
}

/** A number against two bounds. */
export function graded(
	check: string,
	{
		found,
		mend,
		isFail,
		isWarn,
	}: { readonly found: string; readonly mend: string; readonly isFail: boolean; readonly isWarn: boolean },
): Finding {
	if (isFail) return fail(check, found, mend);
	return isWarn ? warn(check, found, mend) : ok(check, found);
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Decimal units, as disks are sold: 1.5 GB. */
export function spellBytes(bytes: number): string {
	const at = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
	const value = bytes / 1000 ** at;
	return `${value >= 100 || at === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[at]}`;
}
