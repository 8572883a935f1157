import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGapWalk, gapAt, mergedGaps } from './gap-walk.ts';

const gap = (fromMs: number, toMs: number, reason = 'drop') => ({ fromMs, toMs, reason });

describe('walking past gaps', () => {
	it('finds what looking at every gap would find', () => {
		const ends = fc.tuple(fc.nat(100), fc.nat(20)).map(([from, length]) => gap(from, from + length));
		fc.assert(
			fc.property(fc.array(ends), fc.uniqueArray(fc.nat(120)), (gaps, times) => {
				const ordered = gaps.toSorted((a, b) => a.fromMs - b.fromMs);
				const isBetween = createGapWalk(ordered);
				times.sort((a, b) => a - b);
				for (const [i, to] of times.entries()) {
					const from = times[i - 1];
					if (from === undefined) continue;
					expect(isBetween(from, to)).toBe(gaps.some((one) => one.fromMs < to && one.toMs > from));
				}
			}),
		);
	});
	it('a point at the edge of a gap is no part of it', () => {
		expect(gapAt([gap(1, 5)], 5)).toBeUndefined();
		expect(gapAt([gap(1, 5)], 4)).toEqual(gap(1, 5));
	});
	it('what two answers tell of is one gap', () =>
		expect(mergedGaps([gap(5, 6), gap(1, 2)], [gap(1, 2)])).toEqual([gap(1, 2), gap(5, 6)]));
});
