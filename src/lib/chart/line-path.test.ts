import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceLine } from './line-path.ts';
import type { Series } from './series.ts';

type Row = readonly [tMs: number, v: number];

function seriesOf(rows: readonly Row[], more: Partial<Series> & { flags?: number[]; quality?: number[] } = {}): Series {
	const columns = {
		length: rows.length,
		tMs: Float64Array.from(rows, ([t]) => t),
		v: Float64Array.from(rows, ([, v]) => v),
		signals: new Uint16Array(rows.length),
		flags: Uint8Array.from(more.flags ?? rows.map(() => 0)),
		quality: Uint8Array.from(more.quality ?? rows.map(() => 192)),
	};
	return { columns, gaps: more.gaps ?? [], buckets: more.buckets ?? null, admit: 192 };
}

/** Strokes as lists of points; `msPerPx` milliseconds share a column of pixels. */
function strokes(series: Series, { msPerPx = 1, expectMs }: { msPerPx?: number; expectMs?: number } = {}) {
	const drawn: Row[][] = [];
	const hops: Row[][] = [];
	const view = {
		from: 0,
		to: series.columns.length,
		expectMs,
		place: { x: (t: number) => t / msPerPx, y: (v: number) => v },
	};
	traceLine(series, view, {
		moveTo: (x, y) => drawn.push([[x, y]]),
		lineTo: (x, y) => drawn.at(-1)?.push([x, y]),
		lone: () => undefined,
		hop: (fromX, fromY, toX, toY) =>
			hops.push([
				[fromX, fromY],
				[toX, toY],
			]),
	});
	return { drawn, hops };
}

const steady = (count: number): Row[] => Array.from({ length: count }, (_, i) => [i * 10, i % 7]);
const times = (series: Series, options?: Parameters<typeof strokes>[1]) =>
	strokes(series, options).drawn.map((stroke) => stroke.map(([x]) => x));

describe('the line of a chart', () => {
	it('joins neighbours', () => expect(times(seriesOf(steady(3)))).toEqual([[0, 10, 20]]));
	it('ends at a gap', () =>
		expect(times(seriesOf(steady(4), { gaps: [{ fromMs: 11, toMs: 19, reason: '' }] }))).toEqual([
			[0, 10],
			[20, 30],
		]));
	it('passes by a late point', () => expect(times(seriesOf(steady(3), { flags: [0, 1, 0] }))).toEqual([[0, 20]]));
	it('ends at a point that is not judged for its quality', () =>
		expect(times(seriesOf(steady(3), { quality: [192, 0, 192] }))).toEqual([[0], [20]]));
	it('ends where three expected points are missing', () =>
		expect(
			times(
				seriesOf([
					[0, 1],
					[10, 1],
					[45, 1],
				]),
				{ expectMs: 10 },
			),
		).toEqual([[0, 10], [45]]));
	it('only hints at a pause that is long for this stream', () => {
		const { drawn, hops } = strokes(seriesOf([...steady(30), [1000, 3]]));
		expect(drawn.map((stroke) => stroke.length)).toEqual([30, 1]);
		expect(hops).toEqual([
			[
				[290, 1],
				[1000, 3],
			],
		]);
	});
	it('ends where full buckets are missing, and not where buckets are thin', () => {
		const rows: Row[] = [
			[5, 1],
			[15, 1],
			[45, 1],
		];
		const buckets = (each: number) => {
			const column = Float64Array.from(rows, () => each);
			return { widthMs: 10, min: column, max: column, count: column, signals: column };
		};
		expect(times(seriesOf(rows, { buckets: buckets(600) }))).toEqual([[5, 15], [45]]);
		expect(times(seriesOf(rows, { buckets: buckets(1) }))).toEqual([[5, 15, 45]]);
	});

	const walks = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -99, max: 99 })), {
		minLength: 1,
		maxLength: 300,
	});
	it('of a crowd keeps the first, lowest, highest and last of each column of pixels, and invents nothing', () =>
		fc.assert(
			fc.property(walks, fc.integer({ min: 1, max: 50 }), (steps, msPerPx) => {
				let t = 0;
				const rows = steps.map(([by, v]): Row => [(t += by), v]);
				const vertices = strokes(seriesOf(rows), { msPerPx, expectMs: 1000 }).drawn.flat();
				const own = new Set(rows.map(([at, v]) => `${at / msPerPx} ${v}`));
				for (const [x, y] of vertices) expect(own.has(`${x} ${y}`)).toBe(true);
				for (const column of new Set(rows.map(([at]) => Math.floor(at / msPerPx)))) {
					const all = rows.filter(([at]) => Math.floor(at / msPerPx) === column).map(([, v]) => v);
					const kept = vertices.filter(([x]) => Math.floor(x) === column).map(([, y]) => y);
					expect(Math.min(...kept)).toBe(Math.min(...all));
					expect(Math.max(...kept)).toBe(Math.max(...all));
					expect([kept[0], kept.at(-1)]).toEqual([all[0], all.at(-1)]);
					expect(kept.length).toBeLessThanOrEqual(4);
				}
			}),
		));
});
