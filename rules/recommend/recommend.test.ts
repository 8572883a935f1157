import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '../analyze/analyze.ts';
import { createNormal, createRandom } from '../testing/random.ts';
import { createPlanJudge, judgeByPlan } from './judge.ts';
import type { RecommendedPlan } from './plan.ts';
import { recommendPlan } from './recommend.ts';
import { alarmsOf } from './testing/alarms.ts';

const MINUTES = 60_000;

type Draw = (normal: () => number, uniform: () => number, i: number) => number;

function series(count: number, draw: Draw, seed = 1): Float64Array {
	const normal = createNormal(seed);
	const uniform = createRandom(seed + 1);
	return Float64Array.from({ length: count }, (_, i) => draw(normal, uniform, i));
}

function autoregressive(phi: number): Draw {
	let level = 0;
	return (normal) => (level = phi * level + normal());
}

const plan = (values: Float64Array, intervalMs = 4 * MINUTES, falseAlarmsPerDay = 1): RecommendedPlan =>
	recommendPlan({ values, intervalMs, falseAlarmsPerDay });

describe('the recommended plan', () => {
	const f = (draw: Draw, want: Partial<RecommendedPlan>) => expect(plan(series(600, draw))).toMatchObject(want);
	it('of normal values transforms nothing', () =>
		f((z) => 100 + z(), { chart: 'ewma', transform: 'none', residual: 'none', subgroup: 1, season: null }));
	it('of log-normal values takes logarithms', () =>
		f((z) => Math.exp(0.8 * z()), { transform: 'log', residual: 'none' }));
	it('of exponential values takes percentiles', () => f((_, u) => -Math.log(1 - u()), { transform: 'percentile' }));
	it('of long tails takes percentiles', () =>
		f((z) => z() / Math.sqrt((z() ** 2 + z() ** 2 + z() ** 2) / 3), { transform: 'percentile' }));
	it('of two modes takes percentiles', () => f((z, u) => (u() < 0.5 ? -2 : 2) + z(), { transform: 'percentile' }));
	it('of rounded values treats them as normal', () =>
		f((z) => Math.round(5 * z()) / 5, { transform: 'none', residual: 'none' }));
	it('of values that follow each other charts residuals', () => f(autoregressive(0.7), { residual: 'ar1' }));
	it('of a walk charts the distance to an EWMA', () => f(autoregressive(1), { residual: 'ewma' }));
	it('removes a daily pattern', () => {
		const found = plan(
			series(288, (z, _, i) => 3 * Math.sin((2 * Math.PI * i) / 48) + z()),
			30 * MINUTES,
		);
		expect(found.season).toMatchObject({ periodMs: 86_400_000, waves: [{ k: 1 }] });
		expect(found.residual).toBe('none');
	});
	it('removes a pattern of three shifts', () => {
		const shift = (z: () => number, _: unknown, i: number) => [0, 4, -2][Math.floor(i / 16) % 3]! + z();
		expect(plan(series(288, shift), 30 * MINUTES).season?.waves.map(({ k }) => k)).toEqual([1, 2, 4, 5]);
	});
	it('sees no day in values that merely wander', () =>
		expect(plan(series(288, autoregressive(0.9)), 30 * MINUTES).season).toBeNull());
	it('takes means of a minute for a value every second', () => {
		const found = plan(
			series(9000, (z) => z()),
			1000,
		);
		expect(found).toMatchObject({ subgroup: 60, predictedArl: 1440 });
		expect(found.predictedFalsePerDay).toBeCloseTo(1, 10);
	});
	it('widens limits instead where the baseline is too short for means', () => {
		const found = plan(
			series(300, (z) => z()),
			1000,
		);
		expect(found.subgroup).toBe(3);
		expect(found.reasons.join()).toContain('learn from 6000 values or more');
	});
	it('does not take means of values that are alike already', () =>
		expect(plan(series(9000, autoregressive(0.95)), 1000).subgroup).toBe(1));
	it('keeps the run length of three sigma where the budget would allow a shorter one', () =>
		expect(
			plan(
				series(300, (z) => z()),
				60 * MINUTES,
			),
		).toMatchObject({ predictedArl: 370.4 }));
	it('has wider limits after a short baseline', () => {
		const width = (count: number) => plan(series(count, (z) => z())).limitsSigma;
		expect(width(60)).toBeGreaterThan(width(300));
		expect(width(300)).toBeGreaterThan(width(3000));
	});
	it('judges single points only where points are few', () => {
		const found = plan(series(20, (z) => z()));
		expect(found.chart).toBe('i-mr');
		expect(found.advice.map(({ code }) => code)).toContain('too-few-points');
	});
	it('is never blind: a value a hundred sigmas away signals, however few points it has learnt from', () =>
		fc.assert(
			fc.property(fc.integer({ min: 5, max: 60 }), fc.integer({ min: 1, max: 1e6 }), (count, seed) => {
				const values = series(count, (z) => 10 + z(), seed);
				const judge = createPlanJudge(plan(values, 2000));
				values.forEach((v, i) => judge.push(v, i * 2e6));
				for (let i = count; i < 2 * count; i++) judge.push(10, i * 2e6);
				expect(Array.from({ length: 60 }, (_, i) => judge.push(110, (2 * count + i) * 2e6))).toContainEqual(
					expect.not.toSatisfy((bits: number) => bits <= 0),
				);
			}),
		));
	it('judges nothing by values that do not vary', () => {
		const found = plan(new Float64Array(100).fill(5));
		expect(found).toMatchObject({ rules: [], predictedArl: null, predictedFalsePerDay: 0 });
		expect(found.advice.map(({ code }) => code)).toEqual(['degenerate']);
		expect(judgeByPlan(found, Float64Array.from([5, 99])).signals).toEqual([]);
	});
	it('names the chart of what is good or bad, which no single value can be judged on', () => {
		const found = plan(Float64Array.from({ length: 300 }, (_, i) => (i % 33 === 0 ? 1 : 0)));
		expect(found).toMatchObject({ rules: [], advice: [{ code: 'discrete' }] });
		expect(found.reasons.join()).toContain('chart p, samples of 150');
	});
	it('says that the level changed within the baseline', () =>
		expect(plan(series(400, (z, _, i) => z() + (i < 200 ? 0 : 3))).advice.map(({ code }) => code)).toContain(
			'unstable-baseline',
		));
	const poisson: Draw = (_, u) => {
		let [k, product] = [0, u()];
		for (; product > Math.exp(-4); k++) product *= u();
		return k;
	};
	const share: Draw = (_, u) => Array.from({ length: 50 }, u).filter((v) => v < 0.1).length / 50;
	it('says what counts are, and shares with the size of their samples', () => {
		expect(plan(series(400, poisson)).reasons.join()).toContain('vary as counts do');
		expect(plan(series(400, share)).reasons.join()).toContain('shares of 50');
	});
	it('takes neither rounded measurements nor counts that vary more for such', () => {
		const told = (draw: Draw) => plan(series(400, draw)).reasons.join();
		expect(told((z) => Math.round(20 + z()))).not.toContain('counts');
		expect(told((z) => Math.max(0, Math.round(20 + 9 * z())))).not.toContain('counts');
		expect(told((z) => Math.round(50 + 2 * z()) / 100)).not.toContain('binomial');
	});
	it('says that resolution is coarse', () =>
		expect(plan(series(400, (z) => Math.round(z()))).advice.map(({ code }) => code)).toContain('discrete'));
	it('is the same twice, and survives JSON', () => {
		const values = series(500, (z) => Math.exp(z()));
		expect(plan(values)).toEqual(plan(values));
		expect(JSON.parse(JSON.stringify(plan(values)))).toEqual(plan(values));
	});
	it('wants an interval and a budget', () => {
		expect(() =>
			plan(
				series(100, (z) => z()),
				0,
			),
		).toThrow('intervalMs must be above 0, not 0');
		expect(() =>
			plan(
				series(100, (z) => z()),
				1,
				NaN,
			),
		).toThrow('falseAlarmsPerDay must be above 0, not NaN');
	});
	it('comes for any numbers, and judges them', () =>
		fc.assert(
			fc.property(fc.array(fc.oneof(fc.double(), fc.integer({ min: -5, max: 5 })), { maxLength: 80 }), (numbers) => {
				const values = Float64Array.from(numbers);
				const found = plan(values);
				expect(found.limitsSigma).toBeGreaterThan(0);
				for (const { index } of judgeByPlan(found, values).signals) expect(index).toBeLessThan(values.length);
			}),
		));
});

describe('false alarms under the recommended plan', () => {
	/** A seeded mean over 40 baselines of 500 points, 1500 judged by each: within a factor 1.5 of one in 370. */
	const f = (draw: () => Draw) => {
		const rate = alarmsOf({ plans: 40, baseline: 500, judged: 1500, series: (seed) => series(2000, draw(), seed) });
		expect(rate * 370.4).toBeGreaterThan(1 / 1.5);
		expect(rate * 370.4).toBeLessThan(1.5);
	};
	it('of a normal process are as predicted', () => f(() => (z) => z()));
	it('of a log-normal one', () => f(() => (z) => Math.exp(0.8 * z())));
	it('of an exponential one', () => f(() => (_, u) => -Math.log(1 - u())));
	it('of one with two modes', () => f(() => (z, u) => (u() < 0.5 ? -2 : 2) + z()));
	it('of an autoregressive one', () => f(() => autoregressive(0.5)));
	it('of counts', () =>
		f(() => (_, u) => {
			let [k, product] = [0, u()];
			for (; product > Math.exp(-4); k++) product *= u();
			return k;
		}));
	it('of shares', () => f(() => (_, u) => Array.from({ length: 50 }, u).filter((v) => v < 0.1).length / 50));
});

describe('judging by a plan', () => {
	const values = series(700, (z) => Math.exp(z()));
	it('point by point, stopped and restored anywhere, is judging the series', () =>
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 700 }), (stop) => {
				const found = plan(values.subarray(0, 300));
				const { slow, fast } = judgeByPlan(found, values);
				const first = createPlanJudge(found);
				values.subarray(0, stop).forEach((v, i) => first.push(v, i * 4 * MINUTES * 1000));
				const second = createPlanJudge(found);
				second.restore(first.snapshot());
				for (let i = stop; i < 700; i++) {
					second.push(values[i]!, i * 4 * MINUTES * 1000);
					expect([second.slow, second.fast]).toEqual([slow[i], fast[i]]);
				}
			}),
			{ numRuns: 10 },
		));
	it('is what chart auto answers, with indices of the values given', () => {
		const shifted = Array.from(series(400, (z, _, i) => 10 + z() + (i < 300 ? 0 : 2)));
		const { plan, signals, charts } = analyze({ chart: 'auto', values: shifted, baseline: { points: 300 } });
		expect(plan).toMatchObject({ chart: 'ewma', transform: 'none', predictedArl: 1440, predictedFalsePerDay: 1 });
		expect(charts.ewma?.statistic).toHaveLength(400);
		expect(signals.filter(({ index }) => index >= 310 && index < 400).length).toBeGreaterThan(50);
		expect(signals.filter(({ index }) => index < 300)).toEqual([]);
	});
});
