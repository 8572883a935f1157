import { describe, expect, it } from 'vitest';
import { createNormal } from '../testing/random.ts';
import { changePoint, type ChangeKind } from './change-point.ts';
import { signature, type Pattern } from './signature.ts';

const RUNS = 300;
const series = (count: number, seed: number, shape: (noise: number, i: number) => number) => {
	const normal = createNormal(seed);
	return Array.from({ length: count }, (_, i) => shape(normal(), i));
};

describe('a change point', () => {
	const SHAPES: Record<ChangeKind, (noise: number, i: number) => number> = {
		mean: (noise, i) => noise + (i < 40 ? 0 : 2),
		variance: (noise, i) => noise * (i < 40 ? 1 : 3),
		slope: (noise, i) => noise + Math.max(0, i - 39) * 0.25,
	};
	it.each(['mean', 'variance', 'slope'] as const)(
		'of the %s is found, and its interval holds it as often as it says',
		(kind) => {
			let [held, near, sure] = [0, 0, 0];
			for (let seed = 1; seed <= RUNS; seed++) {
				const found = changePoint(series(60, seed, SHAPES[kind]), { kind, confidence: 0.9 })!;
				if (found.evidence > 0) sure++;
				if (found.interval[0] <= 40 && 40 <= found.interval[1]) held++;
				if (Math.abs(found.index - 40) <= 5) near++;
			}
			expect(held / RUNS).toBeGreaterThan(0.84);
			expect(near / RUNS).toBeGreaterThan(0.75);
			expect(sure / RUNS).toBeGreaterThan(0.95);
		},
	);
	it('is not there in noise', () => {
		let claimed = 0;
		for (let seed = 1; seed <= RUNS; seed++)
			if (changePoint(series(60, seed, (noise) => noise))!.evidence > 5) claimed++;
		expect(claimed / RUNS).toBeLessThan(0.05);
	});
	it('says both sides in the unit of the values', () => {
		const values = series(60, 3, (noise, i) => 1e6 + noise * 0.01 + (i < 40 ? 0 : 5));
		expect(changePoint(values)).toMatchObject({ index: 40, interval: [40, 40] });
		expect(changePoint(values)!.before).toBeCloseTo(1e6, 1);
		expect(changePoint(values)!.after).toBeCloseTo(1e6 + 5, 1);
		const ramp = changePoint(
			Array.from({ length: 30 }, (_, i) => Math.max(0, i - 9) * 0.5),
			{ kind: 'slope' },
		)!;
		expect([ramp.index, ramp.before, ramp.after]).toEqual([10, expect.closeTo(0, 9), expect.closeTo(0.5, 9)]);
	});
	it('keeps its place among missing values', () => {
		const values = [...Array<number>(10).fill(0), NaN, ...Array<number>(10).fill(1)];
		expect(changePoint(values)!.index).toBe(11);
	});
	it('wants six values that differ', () => {
		expect(changePoint([1, 2, 3, 4, 5])).toBeUndefined();
		expect(changePoint(Array<number>(20).fill(7))).toBeUndefined();
	});
	it('is found in a long series', () =>
		expect(changePoint(series(2e5, 1, (noise, i) => noise + (i < 1.4e5 ? 0 : 0.5)))!.index).toBeGreaterThan(139_900));
});

describe('the signature of a violation', () => {
	const SHAPES: Record<Exclude<Pattern, 'none'>, (noise: number, i: number) => number> = {
		spike: (noise, i) => noise + (i === 24 ? 6 : 0),
		shift: (noise, i) => noise + (i < 20 ? 0 : 3),
		drift: (noise, i) => noise * 0.8 + Math.max(0, i - 9) * 0.3,
		alternation: (noise, i) => noise * 0.5 + (i % 2 ? 1.8 : -1.8),
		mixture: (noise, i) => noise * 0.4 + ((i * 7) % 11 < 5 ? 2 : -2),
		stratification: (noise) => noise * 0.2,
		spread: (noise) => noise * 3,
	};
	it.each(Object.keys(SHAPES) as Exclude<Pattern, 'none'>[])('is recognised: %s', (pattern) => {
		let right = 0;
		for (let seed = 1; seed <= RUNS; seed++) {
			const values = series(30, seed, SHAPES[pattern]).map((z) => 50 + 2 * z);
			if (signature(values, { centre: 50, sigma: 2 })!.pattern === pattern) right++;
		}
		expect(right / RUNS).toBeGreaterThan(0.85);
	});
	it('is none in control', () => {
		let quiet = 0;
		for (let seed = 1; seed <= RUNS; seed++)
			if (
				signature(
					series(30, seed, (noise) => noise),
					{ centre: 0, sigma: 1 },
				)!.pattern === 'none'
			)
				quiet++;
		expect(quiet / RUNS).toBeGreaterThan(0.85);
	});
	it('says when it began and how large it is', () => {
		const found = signature(
			series(30, 5, (noise, i) => noise * 0.3 + (i < 20 ? 0 : 3)),
			{ centre: 0, sigma: 1 },
		)!;
		expect(found).toMatchObject({ pattern: 'shift', onset: 20 });
		expect(found.size).toBeCloseTo(3, 0);
		expect(found.candidates.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
	});
	it('wants six values and a sigma', () => {
		expect(signature([1, 2, 3], { centre: 0, sigma: 1 })).toBeUndefined();
		expect(signature(Array<number>(20).fill(1), { centre: 0, sigma: 0 })).toBeUndefined();
	});
});
