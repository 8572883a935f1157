import { describe, expect, it } from 'vitest';
import { pLimits } from '#rules';
import { createRing } from '#lib/live/wire/ring.ts';
import { segmentsOf } from './segments.ts';
import { segmentAtSize, steppedSegments } from './steps.ts';

const sized = { centre: 0.1, spread: 1, limitsSigma: 3 };
const limits = { ...{ from: 0, chart: 'p' as const, baseline: null, sized }, ...pLimits(0.1, 50) };
const segments = segmentsOf([limits, { ...limits, from: 10_000_000 }], 'p');
const sizes = (...of: readonly (readonly [tMs: number, size: number])[]) => {
	const ring = createRing(100);
	for (const [tMs, v] of of) ring.push({ tMs, v, signals: 0, flags: 0, quality: 192 });
	return ring.columns();
};

describe('limits that follow the size of each point', () => {
	const f = (of: ReturnType<typeof sizes>) =>
		steppedSegments('p', segments, of).map(({ fromMs, toMs, size, ucl }) => [fromMs, toMs, size, ucl]);
	const at = (size: number) => pLimits(0.1, size).ucl;

	it('stand at the usual size while no point is known', () =>
		expect(f(sizes())).toEqual([
			[0, 10_000, undefined, at(50)],
			[10_000, Infinity, undefined, at(50)],
		]));
	it('step halfway between points of other sizes, and not between those of one', () =>
		expect(f(sizes([1000, 20], [2000, 20], [3000, 40], [5000, 20]))).toEqual([
			[0, 2500, 20, at(20)],
			[2500, 4000, 40, at(40)],
			[4000, 10_000, 20, at(20)],
			[10_000, Infinity, undefined, at(50)],
		]));
	it('begin anew with a phase', () =>
		expect(f(sizes([9000, 20], [11_000, 20]))).toEqual([
			[0, 10_000, 20, at(20)],
			[10_000, Infinity, 20, at(20)],
		]));
	it('say which step begins and ends a phase', () =>
		expect(steppedSegments('p', segments.slice(0, 1), sizes([1, 2], [2, 3], [3, 4])).map(({ step }) => step)).toEqual([
			{ isFirst: true, isLast: false },
			{ isFirst: false, isLast: false },
			{ isFirst: false, isLast: true },
		]));
	it('of charts that know no sizes stay as they are', () => {
		expect(steppedSegments('i', segments, sizes([1, 2]))).toBe(segments);
		expect(segmentAtSize('i', segments[0]!, 7)).toBe(segments[0]);
	});
});
