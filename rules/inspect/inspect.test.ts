import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNormal, createRandom } from '../testing/random.ts';
import { differenceOf, studentQuantile } from './difference.ts';
import { histogramOf } from './histogram.ts';
import { andersonDarling } from './normality.ts';
import { probabilityPlot } from './probability-plot.ts';
import { describeSample } from './sample.ts';

/** Expected values are of scipy 1.17 to all digits shown. */
const A = Float64Array.of(31.2, 29.8, 30.5, 33.1, 28.9, 30.0, 31.7, 32.4, 29.1, 30.9, 31.1, 30.2);
const B = Float64Array.of(33.4, 35.1, 32.8, 31.9, 36.2, 34.0, 33.3, 35.5);
const SKEWED = Float64Array.of(0.1, 0.2, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1.3, 2.1, 4.5, 9.0);

describe('whether values are normal', () => {
	it('is what scipy says', () => {
		expect(andersonDarling(A.toSorted())?.statistic).toBeCloseTo(0.14253324558402625, 10);
		expect(andersonDarling(SKEWED)?.statistic).toBeCloseTo(1.7765907387424278, 10);
		expect(andersonDarling(SKEWED)?.p).toBeCloseTo(6.958191912074027e-5, 10);
	});
	it('is denied to normal values as often as p says, and to others nearly always', () => {
		const [normal, random] = [createNormal(1), createRandom(2)];
		const share = (value: () => number) => {
			let denied = 0;
			for (let i = 0; i < 1000; i++)
				if (andersonDarling(Float64Array.from({ length: 60 }, value).sort())!.p < 0.05) denied++;
			return denied / 1000;
		};
		expect(share(normal)).toBeGreaterThan(0.035);
		expect(share(normal)).toBeLessThan(0.065);
		expect(share(() => -Math.log(1 - random()))).toBeGreaterThan(0.99);
	});
	it('is not said of few values, or of those that do not vary', () => {
		expect(andersonDarling(A.slice(0, 7).sort())).toBeUndefined();
		expect(andersonDarling(new Float64Array(50).fill(3))).toBeUndefined();
	});
	it('far outliers are no infinity', () =>
		expect(andersonDarling(Float64Array.of(...new Array<number>(4000).fill(0).map((_, i) => i / 4000), 1e9))?.p).toBe(
			0,
		));
});

describe('the difference of two samples', () => {
	it('of the means is Welch’s', () => {
		const { mean, p } = differenceOf(A, B)!;
		expect(mean.value).toBeCloseTo(3.283333333333335, 10);
		expect(mean.low).toBeCloseTo(1.9221968948318071, 10);
		expect(mean.high).toBeCloseTo(4.644469771834863, 10);
		expect(p).toBeCloseTo(0.00015294991651376087, 12);
	});
	it('of the spreads has the F interval', () => {
		const { spread } = differenceOf(A, B)!;
		expect(spread?.value).toBeCloseTo(1.1614070647274557, 12);
		expect(spread?.low).toBeCloseTo(0.5990584770749556, 10);
		expect(spread?.high).toBeCloseTo(2.520405822770842, 10);
	});
	it.each([
		[1, 12.706204736432095],
		[10, 2.2281388519649385],
		[100.5, 1.98385066],
	])('goes by Student’s t of %d degrees of freedom', (df, t) => expect(studentQuantile(0.95, df)).toBeCloseTo(t, 7));
	it('that do not vary is exact', () => {
		const found = differenceOf(Float64Array.of(1, 1, 1), Float64Array.of(2, 2))!;
		expect(found).toEqual({ mean: { value: 1, low: 1, high: 1 }, p: null, spread: null });
		expect(differenceOf(A, Float64Array.of(1))).toBeUndefined();
	});
});

describe('a histogram', () => {
	it('has every value in a bin, of a round width, whatever they are', () =>
		fc.assert(
			fc.property(
				fc.array(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 300 }),
				(values) => {
					const { counts, from, width } = histogramOf(Float64Array.from(values).sort())!;
					expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
					expect(counts.length).toBeLessThanOrEqual(62);
					expect(from).toBeLessThanOrEqual(Math.min(...values) + 1e-9 * width);
				},
			),
		));
	it('covers what it is compared with', () => {
		const { from, counts, width } = histogramOf(Float64Array.of(5, 6, 7), { low: 0, high: 12, width: 2 })!;
		expect([from, counts.length, width]).toEqual([0, 7, 2]);
		expect([...counts]).toEqual([0, 0, 1, 2, 0, 0, 0]);
	});
	it('of nothing is none', () => expect(histogramOf(new Float64Array(0))).toBeUndefined());
});

describe('a normal probability plot', () => {
	it('of normal values is a straight line', () => {
		const normal = createNormal(4);
		const { values, scores } = probabilityPlot(Float64Array.from({ length: 5000 }, () => 20 + 3 * normal()).sort());
		const near = (score: number) => values[scores.findIndex((one) => one >= score)]!;
		expect(near(0)).toBeCloseTo(20, 0);
		expect(near(1) - near(0)).toBeCloseTo(3, 0);
	});
	it('of many values has few points, the ends among them', () => {
		const plot = probabilityPlot(Float64Array.from({ length: 100_000 }, (_, i) => i));
		expect(plot.values.length).toBeLessThanOrEqual(400);
		expect([plot.values[0], plot.values[1], plot.values.at(-1)]).toEqual([0, 1, 99_999]);
	});
	it('has the scores of Blom', () =>
		expect(probabilityPlot(Float64Array.of(1, 2, 3)).scores[0]).toBeCloseTo(-0.8694238, 6));
});

describe('a stretch of values', () => {
	it('says what it is', () => {
		const found = describeSample(A);
		expect(found).toMatchObject({ count: 12, min: 28.9, max: 33.1 });
		expect(found.median).toBeCloseTo(30.7, 12);
		expect(found.mean).toBeCloseTo(30.741666666666667, 12);
		expect(found.runs).toBeNull();
	});
	it('counts how often neighbours change sides', () => {
		const swinging = describeSample(Float64Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 : -1) * (i + 1)));
		expect(swinging.runs).toMatchObject({ count: 40, expected: 21, longest: 1 });
		expect(swinging.runs!.p).toBeLessThan(1e-8);
		const shifted = describeSample(Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : 9) + Math.sin(i * 7)));
		expect(shifted.runs).toMatchObject({ count: 2, longest: 20 });
	});
	it('looks across no break', () => {
		const broken = describeSample(Float64Array.of(1, 2, NaN, 101, 102));
		expect(broken.sigmaWithin).toBeCloseTo(1 / 1.128, 9);
		expect(broken.count).toBe(4);
	});
	it('of nothing says nothing', () =>
		expect(describeSample(new Float64Array(0))).toMatchObject({
			count: 0,
			mean: null,
			sigmaOverall: null,
			median: null,
		}));
});
