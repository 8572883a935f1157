import { describe, expect, it } from 'vitest';
import { analyze } from '../analyze/analyze.ts';
import { capability } from '../capability/capability.ts';
import { nearestInterval, spreadInterval } from '../capability/intervals.ts';
import { truthFile } from '../testing/truth.ts';
import { controlConstants, sampleConstants } from './constants.ts';
import { createT2, estimateLocation, t2Quantile } from './t2.ts';
import { tTransform } from './t.ts';

/** To the digits that are printed. */
const printed = (text: string) => expect.closeTo(Number(text), (text.split('.')[1] ?? '').length) as number;

describe('control constants', () => {
	const { truth, missing } = truthFile('constants');
	it.skipIf(!truth)(`are those of an independent computation, n = 2 to 25${missing}`, () => {
		for (const { n, ...row } of truth!['rows'] as ({ n: number } & Record<string, number>)[]) {
			const found = controlConstants(n) as unknown as Record<string, number>;
			for (const [name, value] of Object.entries(row)) expect(found[name], `${name}(${n})`).toBeCloseTo(value, 11);
		}
	});
	it('are those of the appendix of the textbook, rounded as printed there', () => {
		// Montgomery, Introduction to Statistical Quality Control, appendix VI.
		const five = {
			A: '1.342',
			A2: '0.577',
			A3: '1.427',
			c4: '0.9400',
			B4: '2.089',
			d2: '2.326',
			d3: '0.864',
			D2: '4.918',
		};
		const ten = {
			A2: '0.308',
			A3: '0.975',
			c4: '0.9727',
			B3: '0.284',
			B4: '1.716',
			d2: '3.078',
			D3: '0.223',
			D4: '1.777',
		};
		expect(controlConstants(5)).toMatchObject(
			Object.fromEntries(Object.entries(five).map(([k, v]) => [k, printed(v)])),
		);
		expect(controlConstants(10)).toMatchObject(
			Object.fromEntries(Object.entries(ten).map(([k, v]) => [k, printed(v)])),
		);
	});
	it('are there for any size', () => {
		expect(controlConstants(1000).d2).toBeCloseTo(6.4828715382, 9);
		expect(controlConstants(100).c4).toBeCloseTo(0.9974779760712214, 12);
		expect(controlConstants(101).c4).toBeCloseTo(0.9975031639551356, 11);
		expect(sampleConstants(1)).toEqual({ d2: NaN, d3: NaN, c4: NaN });
	});
	it('of tables are rounded', () => expect(sampleConstants(5)).toMatchObject({ d2: 2.326, d3: 0.8640855 }));
});

describe('published examples', () => {
	it('viscosity of primer paint: individuals (Montgomery, ch. 6, individuals of batches)', () => {
		const values = [33.75, 33.05, 34, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.2, 33.62, 33, 33.54, 33.12, 33.84];
		const { charts, estimates, signals } = analyze({ values });
		expect(estimates).toMatchObject({ mean: printed('33.52'), movingRangeMean: printed('0.48') });
		expect([charts.i!.lcl[0], charts.i!.ucl[0]]).toEqual([printed('32.24'), printed('34.80')]);
		expect(signals).toEqual([]);
	});

	// Montgomery, ch. 9: target 10, sigma 1; the mean is 11 from sample 21 on.
	const shifted = [
		...[9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51, 9.4, 10.08],
		...[9.37, 10.62, 10.31, 8.52, 10.84, 10.9, 9.33, 12.29, 11.5, 10.6, 11.08, 10.38, 11.62, 11.31, 10.52],
	];
	it('tabular CUSUM: first out at sample 29, the sum then 7 samples old (Montgomery, table 9.2)', () => {
		const { charts, signals } = analyze({ chart: 'cusum', values: shifted, options: { target: 10, sigma: 1 } });
		expect(charts.cusum!.out).toEqual([28, 29]);
		expect([charts.cusum!.plus[28], charts.cusum!.plus[29]]).toEqual([printed('5.28'), printed('5.30')]);
		expect(signals[0]!.span).toEqual([22, 28]);
	});

	it('molecular weights: CUSUM out at sample 10, three samples old; sigma of moving ranges (Montgomery, exercise 9.1)', () => {
		const values = [
			...[1045, 1055, 1037, 1064, 1095, 1008, 1050, 1087, 1125, 1146],
			...[1139, 1169, 1151, 1128, 1238, 1125, 1163, 1188, 1146, 1167],
		];
		const { charts, signals } = analyze({ chart: 'cusum', values, options: { target: 1050, sigma: 25 } });
		expect([charts.cusum!.h, charts.cusum!.out[0]]).toEqual([125, 9]);
		expect(signals[0]!.span).toEqual([7, 9]);
		const { estimates } = analyze({ values });
		expect(estimates).toMatchObject({ movingRangeMean: printed('38.8421'), sigma: printed('34.4345') });
	});

	it('cans of motor oil additive: CUSUM in control; sigma of moving ranges (Montgomery, exercise 9.4)', () => {
		const values = [
			...[8, 8.01, 8.02, 8.01, 8, 8.01, 8.06, 8.07, 8.01, 8.04, 8.02, 8.01],
			...[8.05, 8.04, 8.03, 8.05, 8.06, 8.04, 8.05, 8.06, 8.04, 8.02, 8.03, 8.05],
		];
		const { signals } = analyze({ chart: 'cusum', values, options: { target: 8.02, sigma: 0.05, h: 4.77 } });
		expect(signals).toEqual([]);
		const { estimates } = analyze({ values });
		expect(estimates).toMatchObject({ movingRangeMean: printed('0.0186957'), sigma: printed('0.0166') });
	});

	it('nonconforming assemblies: p chart, revised once (Montgomery, exercise 7.1 with Minitab’s answers)', () => {
		const counts = [7, 4, 1, 3, 6, 8, 10, 5, 2, 7, 6, 15, 0, 9, 5, 1, 4, 5, 7, 12];
		const { p } = analyze({ chart: 'p', counts, sizes: 100 }).charts;
		expect([p!.centre[0], p!.lcl[0], p!.ucl[0]]).toEqual([printed('0.0585'), 0, printed('0.1289')]);
		const revised = analyze({ chart: 'p', counts, sizes: 100, rules: [1], baseline: { revise: true } });
		expect([revised.charts.p!.centre[0], revised.charts.p!.ucl[0]]).toEqual([printed('0.0537'), printed('0.1213')]);
		expect(revised.excluded).toEqual([{ index: 11, chart: 'p', pass: 1 }]);
		expect(revised.signals.map(({ index }) => index)).toEqual([11]);
	});

	it('two workers and their beads: p charts in control (Simon, StATS, pmean.com)', () => {
		const second = [
			...[60, 56, 78, 60, 74, 70, 70, 68, 82, 76, 72, 76],
			...[68, 78, 76, 68, 74, 56, 74, 62, 60, 70, 60, 84],
		];
		const third = [
			...[24, 32, 20, 14, 32, 22, 20, 26, 26, 38, 30, 16],
			...[36, 32, 38, 14, 26, 14, 38, 20, 14, 18, 22, 34],
		];
		const f = (percent: number[], centre: string) => {
			const { charts, signals } = analyze({ chart: 'p', counts: percent.map((v) => v / 2), sizes: 50, rules: [1] });
			expect(charts.p!.centre[0]).toEqual(printed(centre));
			expect(signals).toEqual([]);
			return charts.p!;
		};
		expect(f(second, '0.6967').lcl[0]).toEqual(printed('0.50'));
		f(third, '0.2525');
	});

	it('defects in dyed cloth: u chart with varying sizes (Montgomery, ch. 7)', () => {
		const counts = [14, 12, 20, 11, 7, 10, 21, 16, 19, 23];
		const sizes = [10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5];
		const { u } = analyze({ chart: 'u', counts, sizes }).charts;
		expect(u!.centre[0]).toEqual(printed('1.42'));
		// The book goes on with the rounded centre.
		const rounded = analyze({ chart: 'u', counts, sizes, baseline: { centre: 1.42 } }).charts.u!;
		const ucl = ['2.55', '2.68', '2.41', '2.55', '2.58', '2.55', '2.45', '2.52', '2.45', '2.43'];
		expect(rounded.ucl.map((limit) => limit!.toFixed(2))).toEqual(ucl);
	});

	it('nonconformities in personal computers: u chart (Montgomery, ch. 7)', () => {
		const { u } = analyze({ chart: 'u', counts: [193], sizes: 100, baseline: {} }).charts;
		expect(u!.centre[0]).toBe(1.93);
		const five = analyze({ chart: 'u', counts: [10], sizes: 5, baseline: { centre: 1.93 } }).charts.u!;
		expect([five.lcl[0], five.ucl[0]]).toEqual([printed('0.07'), printed('3.79')]);
	});

	it('hours between valve failures: transformed times (Montgomery, ch. 7, time between events)', () => {
		// The book rounds the exponent 1/3.6 to 0.2777.
		const near = (value: number) => expect.closeTo(value, 1) as number;
		expect([286, 948, 536, 124, 816, 4].map(tTransform)).toEqual(
			[4.80986, 6.70903, 5.7265, 3.81367, 6.43541, 1.46958].map(near),
		);
	});

	it('T2 of tensile strength and diameter (Montgomery, ch. 11): limits of both phases and the first sample', () => {
		const baseline = { samples: 20, size: 10, variables: 2 };
		expect(t2Quantile(0.999, baseline, 1)).toEqual(printed('13.72'));
		// Printed as 15.16; the fourth digit is cut there.
		expect(t2Quantile(0.999, baseline, 2)).toBeCloseTo(15.165, 3);
		const mean = [115.59, 1.06];
		const covariance = [
			[1.23, 0.79],
			[0.79, 0.83],
		];
		expect(createT2({ mean, covariance }, 10)!([115.25, 1.04])).toEqual(printed('2.16'));
	});

	it('T2 limit of qcc for twenty samples of four with two variables (mqcc, RyanMultivar)', () =>
		expect(t2Quantile((1 - 0.0027) ** 2, { samples: 20, size: 4, variables: 2 }, 1)).toEqual(printed('11.03976')));
});

describe('capability', () => {
	it('interval of Cp 2.29 (38 to 62, s 1.75), n 20 (Montgomery, ch. 8)', () => {
		const { low, high } = spreadInterval(2.29, { count: 20, confidence: 0.95 });
		expect([low, high]).toEqual([printed('1.57'), printed('3.01')]);
	});
	it('interval of Cpk 1.33, n 20 (Bissell; Montgomery, ch. 8)', () => {
		const { low, high } = nearestInterval(1.33, { count: 20, confidence: 0.95 });
		expect([low, high]).toEqual([printed('0.88'), printed('1.78')]);
	});

	const { truth, missing } = truthFile('montgomery_pistonrings_xbar_r');
	it.skipIf(!truth)(`piston rings, as qcc prints it${missing}`, () => {
		const subgroups = (truth!.data['groups'] as number[][]).slice(0, 25);
		const options = { lsl: 73.95, usl: 74.05, target: 74 };
		const found = analyze({ chart: 'capability', subgroups, options }).capability!;
		const index = (value: string, low: string, high: string) => ({
			value: printed(value),
			low: printed(low),
			high: printed(high),
		});
		expect(found).toMatchObject({
			cp: index('1.703', '1.491', '1.915'),
			cpl: index('1.743', '1.555', '1.932'),
			cpu: index('1.663', '1.483', '1.844'),
			cpk: index('1.663', '1.448', '1.878'),
			// Its interval, 1.480 to 1.902 there, leaves out a square in the degrees of freedom of Boyles.
			cpm: index('1.691', '1.482', '1.900'),
			observedPpm: { below: 0, above: 0, total: 0 },
		});
	});

	const values = [9.8, 10.1, 10, 9.9, 10.2, 10, 10.1, 9.9];
	it('of one limit has no index that needs two', () => {
		const { cp, cpl, cpu, cpk, cpm, pp, ppk, ppm } = capability({ values, sigmaWithin: 0.1, usl: 11 });
		expect([cp, cpl, cpm, pp, ppm]).toEqual([null, null, null, null, null]);
		expect(cpk!.value).toBe(cpu!.value);
		expect(ppk).not.toBeNull();
	});
	it('counts what is outside, a value on the limit is inside', () =>
		expect(capability({ values, sigmaWithin: 0.1, lsl: 9.8, usl: 10.1 }).observedPpm).toEqual({
			below: 0,
			above: 125_000,
			total: 125_000,
		}));
	it('expects of a normal process what its tails say: 2,700 per million outside three sigma', () => {
		const { expectedPpm } = capability({ values, sigmaWithin: 1, mean: 0, lsl: -3, usl: 3 });
		expect(expectedPpm.within!.total).toBeCloseTo(2699.796, 3);
	});
	it('by percentiles of a normal sample is that of the normal method, by those of a skewed one is not', () => {
		const quantiles = Array.from({ length: 20_000 }, (_, i) => -Math.log(1 - (i + 0.5) / 20_000));
		const skewed = capability({ values: quantiles, sigmaWithin: 1, usl: 6.6, distribution: 'percentile' });
		// P99.865 of an exponential is 6.608, its median 0.693.
		expect(skewed.cpk!.value).toBeCloseTo((6.6 - 0.693) / (6.608 - 0.693), 2);
		expect(skewed.cpk!.low).toBeLessThan(1);
		expect(skewed.cpk!.high).toBeGreaterThan(1);
		expect(capability({ values: quantiles, sigmaWithin: 1, usl: 6.6 }).cpk!.value).toBeGreaterThan(1.8);
	});
	it('without variation, or without values, has no index', () => {
		expect(capability({ values: [1, 1, 1], sigmaWithin: 0, lsl: 0, usl: 2 })).toMatchObject({ cp: null, ppk: null });
		expect(capability({ values: [], sigmaWithin: NaN, lsl: 0 })).toMatchObject({ cpk: null, observedPpm: null });
	});
});

describe('T2', () => {
	it('of variables that follow from each other has no answer, and says so', () => {
		const location = estimateLocation([[[1, 2]], [[2, 4]], [[3, 6]], [[4, 8]]]);
		expect(createT2(location, 1)).toBeUndefined();
		const answer = analyze({
			chart: 't2',
			subgroups: [
				[1, 2],
				[2, 4],
				[3, 6],
				[4, 8],
				[5, 10],
			],
		});
		expect(answer.charts.t2!.statistic).toEqual([null, null, null, null, null]);
		expect(answer.advice.map(({ code }) => code)).toContain('degenerate');
	});
	it('of individuals sums to (m - 1) variables', () => {
		const items = Array.from({ length: 12 }, (_, i) => [Math.sin(i * i), Math.cos(3 * i), (i % 5) / 2]);
		const { statistic, ucl } = analyze({ chart: 't2', subgroups: items }).charts.t2!;
		expect(statistic.reduce<number>((sum, v) => sum + v!, 0)).toBeCloseTo(11 * 3, 9);
		// No value of a baseline can be farther than (m - 1)^2 / m.
		expect(ucl[0]).toBeLessThan(121 / 12);
	});
});
