import { describe, expect, it } from 'vitest';
import { createRing } from '#lib/live/ring.ts';
import { covers, liveRange, pan, zoom } from './view.ts';

function columns(times: readonly number[]) {
	const ring = createRing(100);
	for (const tMs of times) ring.push({ tMs, v: 0, signals: 0, flags: 0, quality: 192 });
	return ring.columns();
}

const seconds = (count: number) => columns(Array.from({ length: count }, (_, i) => i * 1000));

describe('the live window', () => {
	it('of nothing is none', () => expect(liveRange(seconds(0), 10)).toBeUndefined());
	it('begins so many points before the end', () => expect(liveRange(seconds(50), 10)?.minMs).toBe(40_000));
	it('ends a little after the newest', () => {
		const { maxMs } = liveRange(seconds(50), 10) ?? { maxMs: 0 };
		expect(maxMs).toBeGreaterThan(49_000);
		expect(maxMs).toBeLessThan(50_000);
	});
	it('has room for the points that are still missing', () =>
		expect(liveRange(seconds(5), 10)?.maxMs).toBeGreaterThanOrEqual(9_000));
	it('is filled by some dozens of points, however many are wanted', () =>
		expect(liveRange(seconds(80), 2000)?.maxMs).toBeLessThan(81_000));
	it('of a single point is not empty', () => {
		const range = liveRange(seconds(1), 10);
		expect((range?.maxMs ?? 0) - (range?.minMs ?? 0)).toBeGreaterThan(0);
	});
});

describe('zooming', () => {
	it('keeps the moment under the pointer where it is', () =>
		expect(zoom({ minMs: 0, maxMs: 100 }, 25, 0.5)).toEqual({ minMs: 12.5, maxMs: 62.5 }));
	it('panning moves by a share of what is shown', () =>
		expect(pan({ minMs: 0, maxMs: 100 }, -0.5)).toEqual({ minMs: -50, maxMs: 50 }));
});

describe('points at hand', () => {
	it('cover a range that begins after their first', () =>
		expect(covers(seconds(10), { minMs: 1, maxMs: 5 })).toBe(true));
	it('do not cover what is older', () => expect(covers(seconds(10), { minMs: -1, maxMs: 5 })).toBe(false));
	it('none cover nothing', () => expect(covers(seconds(0), { minMs: 0, maxMs: 1 })).toBe(false));
});
