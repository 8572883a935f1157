import { describe, expect, it } from 'vitest';
import type { Series } from '#lib/chart/series.ts';
import { createRing } from '#lib/live/wire/ring.ts';
import { judgedValues } from './stream-values.ts';

function series(
	more: Partial<Series> = {},
	odd: Readonly<Record<number, { flags?: number; quality?: number }>> = {},
): Series {
	const ring = createRing(20);
	for (let i = 0; i < 6; i++) ring.push({ tMs: i * 10, v: i, signals: 0, flags: 0, quality: 192, ...odd[i] });
	return { columns: ring.columns(), gaps: [], buckets: null, admit: 192, ...more };
}
const f = (of: Series, values: readonly number[], minMs = 0, maxMs = 100) =>
	expect([...judgedValues(of, { minMs, maxMs })]).toEqual(values);

describe('the values of a stretch', () => {
	it('are those in it, both ends included', () => f(series(), [1, 2, 3], 10, 30));
	it('have a break at a gap', () =>
		f(series({ gaps: [{ fromMs: 22, toMs: 28, reason: '' }] }), [0, 1, 2, NaN, 3, 4, 5]));
	it('have a break where quality is too low', () => f(series({}, { 2: { quality: 0 } }), [0, 1, NaN, 3, 4, 5]));
	it('are without what came late, and without what was taken out', () => {
		f(series({}, { 1: { flags: 1 } }), [0, 2, 3, 4, 5]);
		f(series({ excluded: [{ fromMs: 10, toMs: 20 }] }), [0, 3, 4, 5]);
	});
	it('have again what was put back', () => f(series({ excluded: [] }, { 1: { flags: 4 } }), [0, 1, 2, 3, 4, 5]));
});
