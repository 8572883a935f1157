import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRing, lowerBound } from './ring.ts';

const point = (tMs: number, v = tMs) => ({ tMs, v, signals: 0, flags: 0, quality: 192 });

function ringOf(capacity: number, times: readonly number[]) {
	const ring = createRing(capacity);
	for (const t of times) ring.push(point(t));
	return ring;
}

describe('a ring of points', () => {
	const f = (capacity: number, times: number[], kept: number[]) =>
		expect([...ringOf(capacity, times).columns().tMs]).toEqual(kept);

	it('is empty at first', () => f(3, [], []));
	it('keeps what fits', () => f(3, [1, 2], [1, 2]));
	it('drops the oldest', () => f(3, [1, 2, 3, 4, 5], [3, 4, 5]));
	it('puts a late point where it belongs', () => f(5, [1, 2, 4, 3], [1, 2, 3, 4]));
	it('a late point pushes the oldest out of a full ring', () => f(3, [1, 2, 4, 3], [2, 3, 4]));
	it('a point older than all of a full ring is dropped', () => f(2, [2, 3, 1], [2, 3]));
	it('a point older than all of a ring with room goes first', () => f(3, [2, 3, 1], [1, 2, 3]));
	it('a second point at the same time replaces the first', () => f(3, [1, 2, 2], [1, 2]));

	it('holds the newest distinct times in order, whatever order they came in', () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 }), (times) => {
				const distinct = [...new Set(times)].sort((a, b) => a - b);
				expect([...ringOf(64, times).columns().tMs]).toEqual(distinct);
			}),
		);
	});

	it('wraps for ever without losing order', () => {
		const ring = ringOf(
			100,
			Array.from({ length: 10_000 }, (_, i) => i),
		);
		const { tMs, v, length } = ring.columns();
		expect(length).toBe(100);
		expect([tMs[0], tMs[99], v[99]]).toEqual([9900, 9999, 9999]);
	});

	it('says that it changed', () => {
		const ring = ringOf(3, [1]);
		const before = ring.revision();
		ring.push(point(2));
		expect(ring.revision()).not.toBe(before);
	});

	it('is empty after a clear and takes older points again', () => {
		const ring = ringOf(3, [5, 6, 7]);
		ring.clear();
		ring.push(point(1));
		expect([...ring.columns().tMs]).toEqual([1]);
	});
});

describe('the lower bound', () => {
	const f = (values: number[], x: number, at: number) => expect(lowerBound(Float64Array.from(values), x)).toBe(at);
	it('is the first that is not below', () => f([1, 3, 3, 5], 3, 1));
	it('is the length when all are below', () => f([1, 2], 9, 2));
	it('of nothing is 0', () => f([], 1, 0));
});
