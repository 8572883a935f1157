import type { Normality, Runs } from '#rules';
import { formatFixed } from '#lib/format/number.ts';

/** Less than this is called improbable. */
const IMPROBABLE = 0.05;

/** @returns `p 0.32`, `p under 0.001` */
export function chanceWords(p: number): string {
	return p < 0.001 ? 'p under 0.001' : `p ${formatFixed(p, p < 0.095 ? 3 : 2)}`;
}

export function normalityWords(found: Normality | null): string | undefined {
	if (!found) return undefined;
	return `${found.p < IMPROBABLE ? 'not normal' : 'may be normal'}, ${chanceWords(found.p)}`;
}

export function runsWords(found: Runs | null): string | undefined {
	if (!found) return undefined;
	const { count, expected, p } = found;
	const words =
		p >= IMPROBABLE ? 'as by chance' : count < expected ? 'too few: a drift or shifts' : 'too many: a swing';
	return `${count} of ${formatFixed(expected, 0)} expected, ${words}`;
}

type Index = { readonly value: number; readonly low: number | null; readonly high: number | null } | null;

/** @returns `1.33 (1.10 to 1.56)` */
export function indexWords(
	index: Index | undefined,
	format = (value: number) => formatFixed(value, 2),
): string | undefined {
	if (!index) return undefined;
	const { value, low, high } = index;
	return low === null || high === null ? format(value) : `${format(value)} (${format(low)} to ${format(high)})`;
}
