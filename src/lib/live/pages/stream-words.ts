import type { Normality, Runs } from '#rules';
import { formatFixed } from '#lib/format/number.ts';
import * as m from '#messages';

/** Less than this is called improbable. */
const IMPROBABLE = 0.05;

/** @returns `p 0.32`, `p under 0.001` */
export function chanceWords(p: number): string {
	return p < 0.001 ? m.stream_p_under({ p: formatFixed(0.001, 3) }) : `p ${formatFixed(p, p < 0.095 ? 3 : 2)}`;
}

export function normalityWords(found: Normality | null): string | undefined {
	if (!found) return undefined;
	const chance = chanceWords(found.p);
	return found.p < IMPROBABLE ? m.stream_not_normal({ chance }) : m.stream_may_be_normal({ chance });
}

export function runsWords(found: Runs | null): string | undefined {
	if (!found) return undefined;
	const { count, expected, p } = found;
	const inputs = { count, expected: formatFixed(expected, 0) };
	if (p >= IMPROBABLE) return m.stream_runs_by_chance(inputs);
	return count < expected ? m.stream_runs_too_few(inputs) : m.stream_runs_too_many(inputs);
}

type Index = { readonly value: number; readonly low: number | null; readonly high: number | null } | null;

/** @returns `1.33 (1.10 to 1.56)` */
export function indexWords(
	index: Index | undefined,
	format = (value: number) => formatFixed(value, 2),
): string | undefined {
	if (!index) return undefined;
	const { value, low, high } = index;
	return low === null || high === null
		? format(value)
		: m.stream_interval({ value: format(value), low: format(low), high: format(high) });
}
