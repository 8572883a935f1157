import { describe, expect, it } from 'vitest';
import { learnImr, type LearnOptions } from './learn-i-mr.ts';
import { createNormal, createRandom } from '../testing/random.ts';

const RULES = [1, 2, 5, 6];
const learn = (values: Iterable<number>, options: LearnOptions = {}) =>
	learnImr({ values: Float64Array.from(values), rules: RULES, options });

function normals(count: number, seed = 1): number[] {
	const normal = createNormal(seed);
	return Array.from({ length: count }, () => 50 + 2 * normal());
}

/** First-order autoregression with unit variance. */
function autoregressive(count: number, phi: number, seed: number): number[] {
	const normal = createNormal(seed);
	let x = normal();
	return Array.from({ length: count }, () => (x = phi * x + Math.sqrt(1 - phi ** 2) * normal()));
}

describe('limits learnt from a clean baseline', () => {
	const learnt = learn(normals(100))!;
	it('are mean and moving range', () => {
		expect(learnt.method).toBe('moving-range');
		expect(Math.abs(learnt.i.centre - 50)).toBeLessThan(0.8);
		expect(Math.abs(learnt.i.sigma - 2)).toBeLessThan(0.6);
		expect(learnt.i.ucl).toBe(learnt.i.centre + 3 * learnt.i.sigma);
	});
	it('carry the rules asked for, and no notes', () => {
		expect(learnt.rules).toEqual(RULES);
		expect(learnt.notes).toEqual([]);
		expect(Math.abs(learnt.lag1!)).toBeLessThan(0.3);
	});
	it('are within 3 % of the true sigma on average, screened for outliers or not', () => {
		let sum = 0;
		for (let seed = 1; seed <= 500; seed++) sum += learn(normals(100, seed))!.i.sigma;
		expect(Math.abs(sum / 500 / 2 - 1)).toBeLessThan(0.03);
	});
});

describe('outliers in the baseline', () => {
	const clean = learn(normals(100))!;
	const spoiled = (outliers: Record<number, number>) => learn(normals(100).map((v, i) => v + (outliers[i] ?? 0)))!;

	it('are set aside and told', () => {
		const learnt = spoiled({ 10: 100, 50: -80, 51: 40 });
		expect(learnt.excluded).toEqual(expect.arrayContaining([10, 50, 51]));
		expect(learnt.excluded.length).toBeLessThan(6);
		expect(Math.abs(learnt.i.sigma / clean.i.sigma - 1)).toBeLessThan(0.1);
	});
	it('in a run do not pull the centre', () => {
		const learnt = spoiled({ 30: 1e6, 31: 1e6, 32: 1e6, 33: 1e6, 34: 1e6 });
		expect(learnt.excluded).toEqual(expect.arrayContaining([30, 31, 32, 33, 34]));
		expect(Math.abs(learnt.i.centre - 50)).toBeLessThan(0.8);
	});
	it('more than a tenth are the process: they stay, and that is said', () => {
		const learnt = spoiled(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [i * 5, 100])));
		expect(learnt.excluded).toEqual([]);
		expect(learnt.notes).toContain('unstable baseline: over a tenth of the points beyond the limits');
	});
	it('never are more than a tenth of the values, whatever these are', () => {
		const random = createRandom(5);
		for (let run = 0; run < 200; run++) {
			const shape = random() * 4;
			const learnt = learn(Array.from({ length: 60 }, () => Math.exp(shape * random()) * (random() < 0.1 ? -9 : 1)));
			expect(learnt!.excluded.length).toBeLessThanOrEqual(6);
		}
	});
	it('keep their place among missing values', () => {
		const values = normals(100);
		values[3] = NaN;
		values[40] = 900;
		expect(learn(values)!.excluded).toContain(40);
	});
});

describe('an autocorrelated baseline', () => {
	it('has the overall deviation as sigma, rule 1 alone, and says that it is provisional', () => {
		const learnt = learn(autoregressive(200, 0.9, 3))!;
		expect(learnt.method).toBe('overall-deviation');
		expect(learnt.rules).toEqual([1]);
		expect(learnt.notes).toContain('provisional: autocorrelated');
		expect(learnt.lag1).toBeGreaterThan(0.5);
		expect(learnt.i.sigma).toBeGreaterThan(2 * (learnt.mr.centre / 1.128));
	});
	it('includes one with a shift in its middle', () => {
		const learnt = learn(normals(100).map((v, i) => v + (i < 50 ? 0 : 8)))!;
		expect(learnt.method).toBe('overall-deviation');
	});
	it('still has its gross outliers set aside', () => {
		const values = autoregressive(200, 0.9, 3);
		values[77] = 1e4;
		expect(learn(values)!.excluded).toEqual([77]);
	});
});

describe('too little to learn from', () => {
	it('nothing, one value, or no two neighbours give no limits', () => {
		for (const values of [[], [1], [NaN, NaN], [1, NaN, 2, NaN]]) expect(learn(values)).toBeUndefined();
	});
	it('few values give limits that say so', () =>
		expect(learn([1, 2, 1, 3])!.notes).toEqual(['provisional: only 4 points']));
	it('a constant signal is degenerate: its centre is exact and only rules 2 to 4 can judge', () => {
		const learnt = learn(new Float64Array(100).fill(21.3))!;
		expect(learnt.i).toEqual({ centre: 21.3, sigma: 0, lcl: 21.3, ucl: 21.3 });
		expect(learnt.rules).toEqual([2]);
		expect(learnt.lag1).toBeNull();
		expect(learnt.notes).toEqual(['degenerate: no variation in the baseline']);
	});
});
