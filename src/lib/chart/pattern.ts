import type { Rule } from '#contracts/chart.ts';
import type { Segment } from './segments.ts';
import { partOf, type Series } from './series.ts';

/** Points that each of Nelson's rules looks at. */
const LENGTH: Readonly<Record<number, number>> = { 1: 1, 2: 9, 3: 6, 4: 14, 5: 3, 6: 5, 7: 15, 8: 8 };
/** Of rules 5 and 6 only those out there make the pattern. */
const BEYOND_SIGMAS: Readonly<Record<number, number>> = { 5: 2, 6: 1 };

/**
 * The points that made a rule speak at this one, oldest first and this one last.
 *
 * @returns none in a thinned stretch: its buckets are no points; of a rule that is none of Nelson's the point itself
 */
export function patternOf(series: Series, index: number, rule: Rule | number, segment: Segment | undefined): number[] {
	if (series.buckets) return [];
	const { v, tMs } = series.columns;
	const number = typeof rule === 'number' ? rule : 1;
	const window: number[] = [];
	for (let i = index; i >= 0 && window.length < (LENGTH[number] ?? 1); i--) {
		const part = partOf(series, i);
		if (part === 'refused' || (tMs[i] ?? 0) < (segment?.fromMs ?? -Infinity)) break;
		if (part === 'judged' && !Number.isNaN(v[i])) window.unshift(i);
	}
	const sigmas = BEYOND_SIGMAS[number];
	if (sigmas === undefined || !segment) return window;
	const side = Math.sign((v[index] ?? NaN) - segment.centre);
	return window.filter((i) => side * ((v[i] ?? NaN) - segment.centre) > sigmas * segment.sigma);
}
