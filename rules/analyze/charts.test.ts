import { describe, expect, it } from 'vitest';
import { analyze } from './analyze.ts';
import type { Answer } from './answer.ts';
import { DocumentError } from './fault.ts';

const noise = [0.2, -0.4, 0.9, -1.1, 0.3, -0.2, 1.2, -0.7, 0.1, -0.3, 0.8, -0.9, 0.4, -0.6, 0.5, 0.2, -1, 0.7, -0.1, 0];
const at = (answer: Answer, chart: string) => answer.signals.filter((s) => s.chart === chart).map((s) => s.index);
const close = (value: number) => expect.closeTo(value, 9) as number;

describe('subgroups', () => {
	const subgroups = noise.map((v, i) => [v, v + 1, v - 1 + (i % 3) / 10, v + 0.3]);
	it('of different sizes have limits of their own', () => {
		const mixed = [...subgroups, [0, 1], [null, 0.5, null]];
		const { xbar, r } = analyze({ chart: 'xbar-r', subgroups: mixed }).charts;
		const width = (i: number) => xbar!.ucl[i]! - xbar!.centre[i]!;
		expect(width(20)).toEqual(close(width(0) * Math.sqrt(2)));
		expect(width(21)).toEqual(close(width(0) * 2));
		expect(r!.statistic[21]).toBeNull();
		expect(r!.ucl[21]).toBeNull();
		expect(r!.ucl[20]).toBeLessThan(r!.ucl[0]!);
	});
	it('with a known centre and sigma have limits mu +- 3 sigma / sqrt(n)', () => {
		const { xbar, s } = analyze({ chart: 'xbar-s', subgroups, baseline: { centre: 10, sigma: 2 } }).charts;
		expect([xbar!.lcl[0], xbar!.ucl[0]]).toEqual([close(7), close(13)]);
		expect(s!.centre[0]).toEqual(close(2 * 0.9213177319235613));
	});
	it('that are empty are missing points', () => {
		const { charts, signals } = analyze({ chart: 'xbar-r', subgroups: [...subgroups, [null, null]], rules: 'nelson' });
		expect(charts.xbar!.statistic[20]).toBeNull();
		expect(signals.filter((one) => one.index === 20)).toEqual([]);
	});
	it('given as summaries are the same', () => {
		const mean = subgroups.map((g) => g.reduce((a, b) => a + b) / 4);
		const range = subgroups.map((g) => Math.max(...g) - Math.min(...g));
		const summed = analyze({ chart: 'xbar-r', summaries: { mean, range, size: mean.map(() => 4) } });
		expect(summed.charts.r!.ucl[0]).toEqual(close(analyze({ chart: 'xbar-r', subgroups }).charts.r!.ucl[0]!));
		expect(summed.estimates.sd).toBeNull();
	});
	it('have limits per phase', () => {
		const shifted = [...subgroups, ...subgroups.map((g) => g.map((v) => v + 5))];
		const { xbar } = analyze({ chart: 'xbar-r', subgroups: shifted, phases: [20] }).charts;
		expect(xbar!.centre[20]! - xbar!.centre[19]!).toEqual(close(5));
	});
});

describe('charts of counts', () => {
	it('have limits by each size, not below 0 and not above 1', () => {
		const { p } = analyze({ chart: 'p', counts: [1, 9, 48], sizes: [10, 100, 50], baseline: { centre: 0.9 } }).charts;
		expect(p!.ucl).toEqual([1, close(0.9 + 3 * Math.sqrt(0.09 / 100)), 1]);
		expect(analyze({ chart: 'c', counts: [1, 2, 3] }).charts.c!.lcl).toEqual([0, 0, 0]);
	});
	it('a missing count, or size, is a missing point', () => {
		const { charts } = analyze({ chart: 'np', counts: [1, null, 3], sizes: [50, 50, null] });
		expect(charts.np!.statistic).toEqual([1, null, null]);
		expect(charts.np!.centre).toEqual([1, 1, null]);
	});
	it("Laney's are those of p and u where these vary as their distribution says", () => {
		const sizes = 1000;
		const counts = noise.map((z) => Math.round(100 + 9.4868 * z));
		const prime = analyze({ chart: 'p-prime', counts, sizes });
		const plain = analyze({ chart: 'p', counts, sizes }).charts.p!;
		const wider = (prime.charts['p-prime']!.ucl[0]! - plain.centre[0]!) / (plain.ucl[0]! - plain.centre[0]!);
		expect(prime.estimates.sigmaZ).toEqual(close(wider));
		expect(analyze({ chart: 'u-prime', counts, sizes }).estimates.sigmaZ).toBeGreaterThan(0);
	});
	it('take a known sigma as that of the plotted statistic', () => {
		const { u } = analyze({ chart: 'u', counts: [5, 6], sizes: 1, baseline: { centre: 5, sigma: 1 } }).charts;
		expect([u!.lcl[0], u!.ucl[0]]).toEqual([2, 8]);
	});
});

describe('rare events', () => {
	const days = [5, 12, 3, 30, 8, 21, 2, 16, 9, 40, 1, 11];
	it('in time are drawn in time and judged on t^(1/3.6)', () => {
		const long = [...days, 2000];
		const answer = analyze({ chart: 't', values: long, baseline: { points: 12 }, rules: [1] });
		const { t } = answer.charts;
		expect(t!.statistic).toEqual(long);
		expect(t!.sigma[0]).toBeNull();
		expect(t!.ucl[0]! - t!.centre[0]!).toBeGreaterThan(t!.centre[0]! - t!.lcl[0]!);
		expect(at(answer, 't')).toEqual([12]);
		const individuals = analyze({ values: days.map((d) => d ** (1 / 3.6)) }).charts.i!;
		expect(t!.ucl[0]).toEqual(close(individuals.ucl[0]! ** 3.6));
	});
	it('between cases are judged by rule 1 unless other rules are named: their mean is not their median', () => {
		const few = [...Array<number>(12).fill(1), 60];
		expect(at(analyze({ chart: 'g', values: few }), 'g')).toEqual([12]);
		expect(at(analyze({ chart: 'g', values: few, rules: [2] }), 'g')).toEqual([8, 9, 10, 11]);
	});
	it('cannot be negative', () => expect(() => analyze({ chart: 't', values: [-1] })).toThrow('$.values[0]: must be'));
});

describe('charts with memory', () => {
	const values = [1, 2, null, 3, 4];
	it('begin anew after a missing value, unless it is skipped', () => {
		const options = { target: 0, sigma: 1, lambda: 0.5 };
		expect(analyze({ chart: 'ewma', values, options }).charts.ewma!.statistic).toEqual([0.5, 1.25, null, 1.5, 2.75]);
		const skipped = analyze({ chart: 'ewma', values, options: { ...options, missing: 'skip' } });
		expect(skipped.charts.ewma!.statistic).toEqual([0.5, 1.25, null, 2.125, 3.0625]);
		expect(analyze({ chart: 'cusum', values, options }).charts.cusum!.plus).toEqual([0.5, 2, null, 2.5, 6]);
	});
	it('begin anew at a phase', () =>
		expect(
			analyze({ chart: 'cusum', values: [3, 3, 3], phases: [2], options: { target: 0, sigma: 1 } }).charts.cusum!.plus,
		).toEqual([2.5, 5, 2.5]));
	it('count slack and limit in sigmas', () => {
		const { h, plus } = analyze({ chart: 'cusum', values: [8], options: { target: 0, sigma: 2 } }).charts.cusum!;
		expect([h, plus[0]]).toEqual([10, 7]);
	});
	it('estimate target and sigma where none is given', () => {
		const { estimates, charts } = analyze({ chart: 'ewma', values: noise });
		expect(charts.ewma!.centre[0]).toBe(estimates.mean);
		expect(charts.ewma!.sigma[0]).toEqual(close(0.2 * estimates.sigma!));
	});
	it('are silent without rules', () =>
		expect(
			['ewma', 'cusum'].map((chart) => analyze({ chart, values: [...noise, 99, 99], rules: 'none' }).signals),
		).toEqual([[], []]));
});

describe('short runs', () => {
	const parts = noise.map((_, i) => (i % 10 < 5 ? 'shaft' : 'bush'));
	const values = noise.map((v, i) => (parts[i] === 'shaft' ? 10 + v : 500 + 20 * v));
	it('of parts share a chart: each in sigmas from its own centre, with ranges across parts', () => {
		const { z, mr } = analyze({ chart: 'z-mr', values, parts }).charts;
		expect(Math.max(...z!.statistic.map((v) => Math.abs(v!)))).toBeLessThan(3);
		expect([z!.lcl[0], z!.centre[0], z!.ucl[0]]).toEqual([-3, 0, 3]);
		expect([mr!.centre[0], mr!.ucl[0]]).toEqual([1.128, close(1.128 * 3.267)]);
		expect(mr!.statistic[5]).not.toBeNull();
	});
	it('without parts take each phase as one', () => {
		const { z, mr } = analyze({ chart: 'z-mr', values, phases: [5, 10, 15] }).charts;
		expect(z!.statistic.slice(5, 10).reduce<number>((sum, v) => sum + v!, 0)).toEqual(close(0));
		expect(mr!.statistic[5]).toBeNull();
	});
	it('take known centres', () =>
		expect(
			analyze({ chart: 'z-mr', values: [12, 510], baseline: { centre: [10, 500], sigma: [1, 10] } }).charts.z!
				.statistic,
		).toEqual([2, 1]));
});

describe('T2', () => {
	const items = noise.map((v, i) => [v, v + noise[(i * 7) % 20]!]);
	it('has limits of phase I on its baseline and of phase II after it', () => {
		const answer = analyze({ chart: 't2', subgroups: [...items, [9, -9]], baseline: { points: 20 } });
		const { ucl } = answer.charts.t2!;
		expect(ucl[20]).toBeGreaterThan(ucl[19]!);
		expect(at(answer, 't2')).toEqual([20]);
		expect(answer.signals[0]).toMatchObject({ rule: 1, side: 'above' });
	});
	it('takes subgroups', () => {
		const groups = Array.from({ length: 10 }, (_, i) => [items[2 * i]!, items[2 * i + 1]!]);
		expect(analyze({ chart: 't2', subgroups: groups }).charts.t2!.statistic).toHaveLength(10);
	});
	it('has another probability where one is given', () => {
		const ucl = (confidence: number) =>
			analyze({ chart: 't2', subgroups: items, options: { confidence } }).charts.t2!.ucl[0]!;
		expect(ucl(0.999)).toBeGreaterThan(ucl(0.95));
	});
	it('steps over an incomplete item', () =>
		expect(analyze({ chart: 't2', subgroups: [...items, [1, null]] }).charts.t2!.statistic[20]).toBeNull());
});

describe('a baseline that is revised', () => {
	const spoiled = [...noise.slice(0, 10), 30, ...noise.slice(10), 8];
	const answer = analyze({ values: spoiled, baseline: { revise: true } });
	it('leaves out what is beyond its own limits, pass by pass, and says so', () =>
		expect(answer.excluded!.map(({ index, pass }) => [index, pass])).toEqual([
			[10, 1],
			[21, 2],
		]));
	it('still judges what it leaves out', () => expect(at(answer, 'i')).toEqual(expect.arrayContaining([10, 21])));
	it('has the limits of the rest', () => expect(answer.estimates.mean).toEqual(close(0)));
	it('leaves later points alone', () =>
		expect(analyze({ values: [...noise, 99], baseline: { points: 20, revise: true } }).excluded).toEqual([]));
});

describe('a document of another chart that is wrong', () => {
	const f = (document: object, path: string, message: string) => {
		try {
			analyze(document);
		} catch (error) {
			if (!(error instanceof DocumentError)) throw error;
			return expect(error.faults).toContainEqual({ path, message: expect.stringContaining(message) as string });
		}
		return expect.unreachable('was taken');
	};
	it('has values where subgroups are wanted', () => f({ chart: 'xbar-r', values: [1] }, '$.values', 'takes subgroups'));
	it('has no subgroups', () => f({ chart: 'xbar-r' }, '$.subgroups', 'is missing'));
	it('has a text in a subgroup', () => f({ chart: 'xbar-s', subgroups: [[1, 'x']] }, '$.subgroups[0][1]', 'not "x"'));
	it('has summaries without their spread', () =>
		f({ chart: 'xbar-s', summaries: { mean: [1], range: [1], size: 5 } }, '$.summaries.sd', 'is missing'));
	it('has summaries of different lengths', () =>
		f({ chart: 'xbar-r', summaries: { mean: [1, 2], range: [1], size: 5 } }, '$.summaries.range', '1 entries for 2'));
	it('has both', () =>
		f({ chart: 'xbar-r', subgroups: [[1, 2]], summaries: { mean: [1] } }, '$.summaries', 'give one of them'));
	it('has no sizes', () => f({ chart: 'p', counts: [1] }, '$.sizes', 'is missing'));
	it('has a size of 0', () => f({ chart: 'u', counts: [1], sizes: [0] }, '$.sizes[0]', 'over 0'));
	it('has sizes for other counts', () => f({ chart: 'u', counts: [1], sizes: [1, 2] }, '$.sizes', '2 entries for 1'));
	it('has more defectives than units', () =>
		f({ chart: 'p', counts: [6], sizes: 5 }, '$.counts[0]', 'at most its size'));
	it('has a negative count', () => f({ chart: 'c', counts: [-1] }, '$.counts[0]', 'at least 0'));
	it('has sizes that differ on a c chart', () =>
		f({ chart: 'c', counts: [1, 2], sizes: [1, 2] }, '$.sizes', 'u is the chart'));
	it('has vectors of different lengths', () =>
		f({ chart: 't2', subgroups: [[1, 2], [1]] }, '$.subgroups[1]', 'of 2 variables'));
	it('has one variable', () => f({ chart: 't2', subgroups: [[1], [2]] }, '$.subgroups', 'at least two variables'));
	it('has parts for other values', () =>
		f({ chart: 'z-mr', values: [1, 2], parts: ['a'] }, '$.parts', '1 entries for 2'));
	it('has parts on another chart', () => f({ values: [1], parts: ['a'] }, '$.parts', 'is not for this chart'));
	it('has no specification', () => f({ chart: 'capability', values: [1] }, '$.options', 'wants lsl, usl'));
	it('has its limits crossed', () =>
		f({ chart: 'capability', values: [1], options: { lsl: 2, usl: 1 } }, '$.options.usl', 'over lsl 2'));
	it('has a lambda over 1', () =>
		f({ chart: 'ewma', values: [1], options: { lambda: 2 } }, '$.options.lambda', 'at most 1'));
	it('gives a sigma that a t chart cannot have', () =>
		f({ chart: 't', values: [1], baseline: { sigma: 1 } }, '$.baseline.sigma', 'cannot be given'));
});
