import { describe, expect, it } from 'vitest';
import { combinedArl, designPair, designSingle } from './run-length.ts';
import { createNormal } from '../testing/random.ts';

describe('the run length of an EWMA, limits at infinity beside it', () => {
	/** Values of R's package spc (xewma.arl), in control. */
	const f = (lambda: number, width: number, points: number) =>
		expect(combinedArl({ lambda, width, single: Infinity }) / points).toBeCloseTo(1, 2);
	it('is 499.6 at lambda 0.1 and 2.814', () => f(0.1, 2.814, 499.5796));
	it('is 369.0 at lambda 0.1 and 2.7', () => f(0.1, 2.7, 368.9937));
	it('is 499.9 at lambda 0.05 and 2.615', () => f(0.05, 2.615, 499.933));
	it('is 500.0 at lambda 0.4 and 3.054', () => f(0.4, 3.054, 499.9513));
	it('is shorter with limits on single points', () =>
		expect(combinedArl({ lambda: 0.1, width: 2.7, single: 3 })).toBeLessThan(300));
});

describe('limits for a rate of false alarms', () => {
	it('give it: two memories, in control', () => {
		const normal = createNormal(5);
		const { slow, fast } = designPair({ slow: 0.075, fast: 0.4 }, 370.4);
		let [a, b, alarms, before] = [0, 0, 0, false];
		for (let i = 0; i < 400_000; i++) {
			const z = normal();
			a += slow!.lambda * (z - a);
			b += fast.lambda * (z - b);
			const now = over(a, slow!) || over(b, fast);
			if (now && !before) alarms++;
			before = now;
		}
		expect((alarms / 400_000) * 370.4).toBeGreaterThan(0.93);
		expect((alarms / 400_000) * 370.4).toBeLessThan(1.07);
	});
	it('are three sigma for single points once in 370', () => expect(designSingle(370.398).fast.width).toBeCloseTo(3, 4));
});

function over(average: number, { lambda, width }: { lambda: number; width: number }): boolean {
	return Math.abs(average) > width * Math.sqrt(lambda / (2 - lambda));
}
