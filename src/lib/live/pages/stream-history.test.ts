import { describe, expect, it } from 'vitest';
import type { Series } from '#lib/chart/series.ts';
import { createRing } from '#lib/live/wire/ring.ts';
import { continued, type History } from './stream-history.ts';

function columns(times: readonly number[]) {
	const ring = createRing(100);
	for (const tMs of times) ring.push({ tMs, v: tMs / 10, signals: tMs === 70 ? 1 : 0, flags: 0, quality: 192 });
	return ring.columns();
}

function history(times: readonly number[], range: readonly [number, number], untilMs: number, widthMs = 0) {
	const own = columns(times);
	const nothing = new Float64Array(times.length);
	const count = new Float64Array(times.length).fill(9);
	const buckets = widthMs > 0 ? { widthMs, min: nothing, max: nothing, count, signals: nothing } : null;
	const individuals: Series = { columns: own, gaps: [], buckets, admit: 192 };
	const all: History = {
		range: { minMs: range[0], maxMs: range[1] },
		individuals,
		movingRanges: individuals,
		thinned: widthMs > 0,
		untilMs,
	};
	return all;
}

describe('history and what came in since', () => {
	const f = (past: History, ring: readonly number[], times: readonly number[]) =>
		expect([...continued(past.individuals, columns(ring), past).columns.tMs]).toEqual(times);
	it('meet without a point twice', () =>
		f(history([10, 20, 30], [0, 100], 30), [20, 30, 40, 50], [10, 20, 30, 40, 50]));
	it('do not meet when there may be points between them', () => f(history([10, 20], [0, 25], 25), [40, 50], [10, 20]));
	it('are history alone while nothing came in', () => f(history([10, 20], [0, 100], 20), [], [10, 20]));
	it('go on where the asked stretch ended, with what is newer', () =>
		f(history([10, 20, 30], [0, 35], 35), [20, 30, 34, 36], [10, 20, 30, 36]));
	it('stay in order behind a bucket that points are still falling into', () =>
		f(history([10, 30], [0, 100], 25, 20), [28, 29, 31], [10, 30, 31]));
	it('are buckets of one behind buckets', () => {
		const past = history([10, 30], [0, 100], 40, 20);
		const { buckets } = continued(past.individuals, columns([60, 70]), past);
		expect([...(buckets?.count ?? [])]).toEqual([9, 9, 1, 1]);
		expect([...(buckets?.max ?? [])]).toEqual([0, 0, 6, 7]);
		expect([...(buckets?.signals ?? [])]).toEqual([0, 0, 0, 1]);
	});
});
