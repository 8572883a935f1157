import { describe, expect, it } from 'vitest';
import { falseSignalsOfCounts } from './false-signals.ts';
import { npLimits } from './np.ts';
import { pLimits } from './p.ts';
import { limitsAtSize, SIZED_CHARTS } from './sized.ts';
import { uLimits } from './u.ts';
import { deviationLimits } from './xbar-s.ts';
import { rangeLimits, xbarLimits } from './xbar-r.ts';

const SIZE = 7;
const of = { centre: 0.3, spread: 1, limitsSigma: 2.5 };
const options = { limitsSigma: 2.5 };

describe('limits of a point of some size are those of its chart', () => {
	it.each([
		['p', pLimits(0.3, SIZE, options)],
		['p-prime', pLimits(0.3, SIZE, options)],
		['u', uLimits(0.3, SIZE, options)],
		['u-prime', uLimits(0.3, SIZE, options)],
		['xbar', xbarLimits({ centre: 0.3, sigma: 1, size: SIZE }, options)],
		['r', rangeLimits({ sigma: 1, size: SIZE }, options)],
		['s', deviationLimits({ sigma: 1, size: SIZE }, options)],
	] as const)('%s', (chart, limits) => expect(limitsAtSize(chart, SIZE, of)).toEqual(limits));
	it('each of them is looked at', () => expect(SIZED_CHARTS).toHaveLength(7));
	it('are Laney’s sigma z times as wide', () =>
		expect(limitsAtSize('p-prime', 400, { ...of, spread: 2 }).sigma).toBe(2 * pLimits(0.3, 400).sigma));
});

/** From the probabilities themselves, summed. */
function summed(probability: (count: number) => number, most: number, isBeyond: (count: number) => boolean): number {
	let sum = 0;
	for (let count = 0; count <= most; count++) if (isBeyond(count)) sum += probability(count);
	return sum;
}

describe('false signals of counts', () => {
	const choose = (n: number, k: number) =>
		Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((a, b) => a * b, 1);
	it.each([
		[0.01, 20],
		[0.1, 50],
		[0.5, 30],
		[0.99, 20],
		[0.2, 5],
	])('of a share of %d in samples of %d are those of a binomial distribution', (rate, units) => {
		const lines = pLimits(rate, units);
		const exact = summed(
			(k) => choose(units, k) * rate ** k * (1 - rate) ** (units - k),
			units,
			(k) => k / units > lines.ucl || k / units < lines.lcl,
		);
		expect(falseSignalsOfCounts('share', { rate, units }, lines)).toBeCloseTo(exact, 12);
	});
	it.each([
		[0.5, 1],
		[4, 3],
		[30, 1],
	])('of a rate of %d on %d units are those of Poisson’s', (rate, units) => {
		const lines = uLimits(rate, units);
		let term = Math.exp(-rate * units);
		const terms = Array.from({ length: 400 }, (_, k) => (k === 0 ? term : (term *= (rate * units) / k)));
		const exact = summed(
			(k) => terms[k]!,
			399,
			(k) => k / units > lines.ucl || k / units < lines.lcl,
		);
		expect(falseSignalsOfCounts('rate', { rate, units }, lines)).toBeCloseTo(exact, 12);
	});
	it('of numbers of defectives are the same', () => {
		const { lcl, ucl } = npLimits(0.1, 50);
		expect(falseSignalsOfCounts('share', { rate: 0.1, units: 50 }, { lcl: lcl / 50, ucl: ucl / 50 })).toBeCloseTo(
			falseSignalsOfCounts('share', { rate: 0.1, units: 50 }, pLimits(0.1, 50)),
			12,
		);
	});
});
