import { describe, expect, it } from 'vitest';
import type { Limits } from '#contracts/limits.ts';
import { createEvaluator } from '#server/engine/evaluator.ts';
import { createView } from '#server/engine/view.ts';
import {
	declare,
	episodesOf,
	evaluate,
	gap,
	normals,
	points,
	seconds,
	signalsOf,
	type Input,
} from '../testing/records.ts';

const PLAN = { baseline: { points: 100 } };
const clean = normals(100, 3);
const limitsOf = (inputs: readonly Input[]): readonly Limits[] =>
	evaluate(inputs).flatMap((verdict) => (verdict.type === 'limits' ? [verdict.limits] : []));
const learnt = (values: readonly number[], plan: object = {}) =>
	limitsOf([declare(1, { ...PLAN, ...plan }), points(values)])[0]!;

describe('an automatic baseline', () => {
	it('gives limits for both charts with its last point, in force from its first', () => {
		const found = limitsOf([declare(1, PLAN), points(clean)]);
		expect(found).toMatchObject([
			{
				chart: 'i',
				method: 'moving-range',
				rules: [1, 2, 5, 6],
				fromMicros: 0,
				baseline: { points: 100, excluded: 0 },
			},
			{ chart: 'mr', rules: [1], lcl: 0 },
		]);
		expect(Math.abs(found[0]!.centre)).toBeLessThan(0.3);
		expect(found[0]!.sigma).toBeGreaterThan(0.8);
		expect(found[0]!.sigma).toBeLessThan(1.2);
	});
	it('says nothing a point earlier', () =>
		expect(evaluate([declare(1, PLAN), points(clean.slice(0, 99))])).toEqual([]));
	it('does not widen its limits for outliers within it', () => {
		const spoilt = clean.map((v, i) => (i % 25 === 10 ? v + 30 : v));
		expect(learnt(spoilt).baseline!.excluded).toBe(4);
		expect(learnt(spoilt).sigma / learnt(clean).sigma).toBeCloseTo(1, 1);
	});
	it('judges its own points afterwards, and opens no violation for them', () => {
		const spoilt = clean.map((v, i) => (i === 40 ? 30 : v));
		const verdicts = evaluate([declare(1, PLAN), points(spoilt)]);
		expect(signalsOf(verdicts, { baseline: true })).toContain('40 i 1 above');
		expect(signalsOf(verdicts)).toEqual([]);
		expect(episodesOf(verdicts)).toEqual([]);
	});
	it('takes no more than rule 1, by the overall deviation, where points follow each other', () => {
		let level = 0;
		const wandering = normals(100, 5).map((v) => (level = 0.9 * level + v));
		expect(learnt(wandering)).toMatchObject({
			rules: [1],
			method: 'overall-deviation',
			notes: ['provisional: autocorrelated'],
		});
	});
	it('a run that began in it may complete after it', () => {
		const rising = clean.map((v, i) => (i > 91 ? 1 : v));
		const verdicts = evaluate([declare(1, { ...PLAN, rules: [2] }), points(rising), points([1], 100)]);
		expect(signalsOf(verdicts)).toEqual(['100 i 2 above']);
	});
	it('is not looked across a gap in it', () => {
		const half = clean.slice(0, 50);
		const shifted = points(
			half.map((v) => v + 50),
			60,
		);
		const [, straight] = limitsOf([declare(1, PLAN), points(half), shifted]);
		const [, broken] = limitsOf([declare(1, PLAN), points(half), gap(1, 50, 60), shifted]);
		expect(straight!.centre - broken!.centre).toBeCloseTo(0.5, 1);
	});
	it('begins anew when nothing can be learnt from it', () => {
		const alone = clean.slice(0, 20).flatMap((v, i) => [points([v], 2 * i), gap(1, 2 * i + 1, 2 * i + 1)]);
		expect(evaluate([declare(1, { baseline: { points: 20 } }), ...alone])).toEqual([]);
		expect(
			limitsOf([declare(1, { baseline: { points: 20 } }), ...alone, points(clean.slice(0, 20), 50)])[0]!.baseline,
		).toMatchObject({ points: 20, fromMicros: 50_000_000 });
	});
	it('of a constant signal is kept, and says that it is degenerate', () =>
		expect(learnt(Array<number>(100).fill(5))).toMatchObject({
			sigma: 0,
			rules: [2],
			notes: ['degenerate: no variation in the baseline'],
		}));
	it('marks its signals in the window', () => {
		const evaluator = createEvaluator();
		evaluate([declare(1, PLAN), points(clean.map((v, i) => (i === 40 ? 30 : v)))], evaluator);
		const [window] = createView(evaluator.state).windows(1);
		expect(window!.signals[40]! & 1).toBe(1);
	});
});

describe('given limits', () => {
	const plan = { baseline: { centre: 10, sigma: 2 } };
	it('are in force from the first point on', () =>
		expect(limitsOf([declare(1, plan), points([10], 7)])).toMatchObject([
			{ chart: 'i', centre: 10, sigma: 2, lcl: 4, ucl: 16, method: 'given', fromMicros: 7_000_000, baseline: null },
			{ chart: 'mr', method: 'given', lcl: 0 },
		]));
	it('have another id in each phase', () => {
		const [first] = limitsOf([declare(1, plan), points([10], 7)]);
		const [second] = limitsOf([declare(1, plan, { revision: 2 }), points([10], 7)]);
		expect(first!.id).not.toBe(second!.id);
	});
});

describe('a plan of no rules', () => {
	const run = (plan: Parameters<typeof declare>[1], values: readonly number[] = [...clean, 99, 99]) => {
		const evaluator = createEvaluator();
		const verdicts = evaluate([declare(1, { rules: 'none', ...plan }), points(values)], evaluator);
		const view = createView(evaluator.state);
		const [leading] = view.windows(1);
		return {
			verdicts,
			status: view.status(1),
			limits: view.limits(1),
			drawn: leading!.v.filter((v) => v === v).length,
		};
	};
	it('learns nothing and draws no limits, and its stream is not judged from its first point on', () => {
		const plans = [{}, { chart: 'xbar-r', subgroup: { size: 2 } }, { transform: 'log' }, { chart: 't' }] as const;
		for (const plan of plans) {
			const { verdicts, status, limits, drawn } = run(plan);
			expect([verdicts, status?.state, status?.learning, limits]).toEqual([[], 'not-judged', undefined, []]);
			expect(drawn).toBe('chart' in plan && plan.chart === 'xbar-r' ? 51 : 102);
		}
		expect(run({}, []).status?.state).toBe('not-judged');
	});
	it('draws the limits that it is given, and those that its points are made of, and judges by neither', () => {
		for (const plan of [
			{ baseline: { centre: 0, sigma: 1 } },
			{ chart: 'ewma' },
			{ chart: 'cusum' },
			{ chart: 'auto', baseline: { points: 100 } },
		] as const) {
			const { verdicts, status, limits } = run(plan);
			expect([verdicts.filter(({ type }) => type !== 'limits'), status?.state]).toEqual([[], 'not-judged']);
			expect([limits.length > 0, ...limits.flatMap(({ rules }) => rules)]).toEqual([true]);
		}
	});
	it('is told of silence and of bad quality all the same', () => {
		const evaluator = createEvaluator();
		const state = () => createView(evaluator.state).status(1)?.state;
		evaluate([declare(1, { rules: 'none' }), points([1]), gap(1, 1, 2)], evaluator);
		expect(state()).toBe('no-data');
		evaluate([points([1], 3, { quality: 0 })], evaluator);
		expect(state()).toBe('bad-quality');
	});
	it('judges nothing that it takes up from rules, and its rules judge again after it', () => {
		const evaluator = createEvaluator();
		const state = () => createView(evaluator.state).status(1)?.state;
		evaluate([declare(1, PLAN), points([...clean, 99])], evaluator);
		expect(state()).toBe('violating');
		evaluate([declare(1, { rules: 'none' }, { revision: 2 }), points([99], 101)], evaluator);
		expect(state()).toBe('not-judged');
		evaluate([declare(1, PLAN, { revision: 3 }), points([99], 102)], evaluator);
		expect(state()).toBe('learning');
	});
});

describe('a new plan', () => {
	const found = (next: Input) => limitsOf([declare(1, PLAN), points(clean), next, points(clean, 100)]);
	it('learns again, from what comes after it', () => {
		const limits = found(declare(1, { baseline: { points: 50 } }, { revision: 2 }));
		expect(limits.map(({ chart, fromMicros }) => [chart, seconds(fromMicros)])).toEqual([
			['i', 0],
			['mr', 0],
			['i', 100],
			['mr', 100],
		]);
	});
	it('so does another unit', () => expect(found(declare(1, PLAN, { unit: 'mbar', revision: 2 }))).toHaveLength(4));
	it('that changes only who is told learns nothing again', () =>
		expect(
			found(declare(1, { ...PLAN, alert: 'ops', severity: 'critical', expect: '1s' }, { revision: 2 })),
		).toHaveLength(2));
	it('a window of another unit is not shown any more', () => {
		const evaluator = createEvaluator();
		evaluate([declare(1, PLAN), points([1, 2]), declare(1, PLAN, { unit: 'mbar' }), points([3], 2)], evaluator);
		expect([...createView(evaluator.state).windows(1)[0]!.v]).toEqual([3]);
		expect(createView(evaluator.state).windows(1)[0]!.truncated).toBe(true);
	});
});
