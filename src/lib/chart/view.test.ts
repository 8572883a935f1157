import { describe, expect, it } from 'vitest';
import { createRing } from '#lib/live/wire/ring.ts';
import { contains, liveRange, pan, zoom } from './view.ts';

function columns(times: readonly number[]) {
	const ring = createRing(100);
	for (const tMs of times) ring.push({ tMs, v: 0, signals: 0, flags: 0, quality: 192 });
	return ring.columns();
}

const seconds = (count: number) => columns(Array.from({ length: count }, (_, i) => i * 1000));

describe('the live window', () => {
	it('of nothing is none', () => expect(liveRange(seconds(0), { points: 10 })).toBeUndefined());
	it('begins so many points before the end', () => expect(liveRange(seconds(50), { points: 10 })?.minMs).toBe(40_000));
	it('ends a little after the newest', () => {
		const { maxMs } = liveRange(seconds(50), { points: 10 }) ?? { maxMs: 0 };
		expect(maxMs).toBeGreaterThan(49_000);
		expect(maxMs).toBeLessThan(50_000);
	});
	it('has room for the points that are still missing', () =>
		expect(liveRange(seconds(5), { points: 10 })?.maxMs).toBeGreaterThanOrEqual(9_000));
	it('is filled by some dozens of points, however many are wanted', () =>
		expect(liveRange(seconds(80), { points: 2000 })?.maxMs).toBeLessThan(81_000));
	it('of a single point is not empty', () => {
		const range = liveRange(seconds(1), { points: 10 });
		expect((range?.maxMs ?? 0) - (range?.minMs ?? 0)).toBeGreaterThan(0);
	});
});

describe('zooming', () => {
	it('keeps the moment under the pointer where it is', () =>
		expect(zoom({ minMs: 0, maxMs: 100 }, 25, 0.5)).toEqual({ minMs: 12.5, maxMs: 62.5 }));
	it('panning moves by a share of what is shown', () =>
		expect(pan({ minMs: 0, maxMs: 100 }, -0.5)).toEqual({ minMs: -50, maxMs: 50 }));
});

describe('a live window of time', () => {
	it('ends with the newest point, however few there are', () =>
		expect(liveRange(seconds(50), { spanMs: 100_000 })?.minMs).toBe(-51_000));
});

describe('a range in another', () => {
	const f = (inner: [number, number], is: boolean) =>
		expect(contains({ minMs: 0, maxMs: 10 }, { minMs: inner[0], maxMs: inner[1] })).toBe(is);
	it('may touch both ends', () => f([0, 10], true));
	it('may not reach out', () => f([5, 11], false));
});
