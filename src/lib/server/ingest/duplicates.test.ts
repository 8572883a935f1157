import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUALITY } from '#contracts/point.ts';
import { ROW_BYTES, rowMicros, rowStream, rowValue } from '#contracts/rows.ts';
import { createDropDuplicates } from './duplicates.ts';
import { createRows, pushRow } from './rows.ts';

/** [stream, t]; the value is the index. */
function kept(points: readonly (readonly [number, number])[], lastMicros?: (stream: number) => number | undefined) {
	const rows = createRows(1);
	points.forEach(([stream, t], i) => pushRow(rows, stream, t, i, QUALITY.good));
	createDropDuplicates(lastMicros)(rows);
	return Array.from({ length: rows.count }, (_, i) => ({
		stream: rowStream(rows.view, i * ROW_BYTES),
		t: rowMicros(rows.view, i * ROW_BYTES),
		index: rowValue(rows.view, i * ROW_BYTES),
	}));
}

describe('duplicates within a request', () => {
	it('the first of each (stream, t) stays, in order, whatever the order of times', () =>
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 }))), (points) => {
				const first = points.flatMap(([stream, t], index) =>
					points.findIndex((other) => other[0] === stream && other[1] === t) === index ? [{ stream, t, index }] : [],
				);
				expect(kept(points)).toEqual(first);
			}),
		));
	it('what equals the newest judged point is one too, older points are not', () =>
		expect(
			kept(
				[
					[1, 5],
					[1, 6],
					[2, 5],
					[1, 4],
				],
				(stream) => (stream === 1 ? 5 : undefined),
			).map(({ index }) => index),
		).toEqual([1, 2, 3]));
});
