import { describe, expect, it } from 'vitest';
import { encodeCommand, type BaselineAct } from '#contracts/command.ts';
import type { Limits } from '#contracts/limits.ts';
import type { PlanInput } from '#contracts/plan.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import type { Verdict } from '#contracts/verdict.ts';
import { beginCapture } from './capture.ts';
import { createEvaluator } from './evaluator.ts';
import { createView } from './view.ts';
import { createKept } from './testing/kept.ts';
import { declare, evaluate, evaluateEach, gap, normals, points, signalsOf, tick, written } from './testing/records.ts';

const act = (of: BaselineAct) => ({
	topic: 'commands' as const,
	bytes: encodeCommand({ type: 'baseline', streamId: 1, act: of }),
});
const at = (second: number) => second * MICROS_PER_SECOND;
const learnFrom = (values: readonly (number | null)[], excluded = 0) =>
	act({ kind: 'learn', tMicros: values.map((_, i) => at(i)), v: values, excluded });
const out = (from: number, to = from) => act({ kind: 'exclude', fromMicros: at(from), toMicros: at(to) });
const limitsIn = (verdicts: readonly Verdict[], chart = 'i'): readonly Limits[] =>
	verdicts.flatMap((one) => (one.type === 'limits' && one.limits.chart === chart ? [one.limits] : []));

const KNOWN = { baseline: { centre: 0, sigma: 1 }, rules: [1] };
const THREE = { baseline: { points: 30 }, rules: [1] };
const wave = normals(40, 3);

describe('learning from a stretch', () => {
	it('is in force from the next point on, and moves nothing that was judged', () => {
		const verdicts = evaluate([
			declare(1, KNOWN),
			points([0, 0, 4]),
			learnFrom(wave.map((v) => v + 10)),
			points([10], 3),
		]);
		const [, now] = limitsIn(verdicts);
		expect([now?.fromMicros, now?.method, now?.baseline?.points]).toEqual([at(2) + 1, 'moving-range', 40]);
		expect(now?.centre).toBeCloseTo(10, 0);
		expect(signalsOf(verdicts)).toEqual(['2 i 1 above', '2 mr 1 above']);
	});
	it('judges by them', () =>
		expect(
			signalsOf(evaluate([declare(1, KNOWN), points([0]), learnFrom(wave.map((v) => v + 50)), points([50, 0], 1)])),
		).toEqual(['2 i 1 below', '2 mr 1 above']));
	it('ends what was going on', () => {
		const verdicts = evaluate([declare(1, KNOWN), points([0, 9, 9]), learnFrom(wave)]);
		expect(verdicts.filter(({ type }) => type === 'violation.ended').length).toBeGreaterThan(0);
	});
	it('looks across no break, and tells how many were set aside', () => {
		const broken = evaluate([
			declare(1, KNOWN),
			points([0]),
			learnFrom([...wave.slice(0, 20), null, ...wave.slice(20)], 3),
		]);
		const whole = evaluate([declare(1, KNOWN), points([0]), learnFrom(wave)]);
		expect(limitsIn(broken)[1]?.sigma).not.toBe(limitsIn(whole)[1]?.sigma);
		expect(limitsIn(broken)[1]?.baseline).toMatchObject({ points: 43, excluded: 3 });
	});
	it('that says nothing changes nothing', () => {
		const verdicts = evaluate([declare(1, KNOWN), points([0]), learnFrom([1]), points([4], 1)]);
		expect(limitsIn(verdicts)).toHaveLength(1);
		expect(signalsOf(verdicts)).toContain('1 i 1 above');
	});
	it('of groups makes the groups of the plan, and an open one goes on when nothing is learnt', () => {
		const plan: PlanInput = { chart: 'xbar-r', subgroup: { size: 5 }, baseline: { centre: 0, sigma: 1 }, rules: [1] };
		const learnt = limitsIn(evaluate([declare(1, plan), points([0]), learnFrom(normals(100, 4))]), 'xbar');
		expect(learnt.at(-1)).toMatchObject({ method: 'subgroup-ranges', baseline: { points: 20 } });
		const same = evaluate([declare(1, plan), points([0, 0, 9]), learnFrom([1, 2]), points([9, 9], 3)]);
		expect(signalsOf(same)).toEqual(signalsOf(evaluate([declare(1, plan), points([0, 0, 9, 9, 9])])));
	});
	it.each<[string, PlanInput, number]>([
		['shares of samples', { chart: 'p', subgroup: { size: 50 }, baseline: { points: 20 } }, 24],
		['counts', { chart: 'c', baseline: { points: 20 } }, 1200],
		[
			'windows of ten seconds, but for one that is not over',
			{ chart: 'xbar-s', subgroup: { window: '10s' }, baseline: { points: 20 } },
			119,
		],
		['an automatic plan', { chart: 'auto', baseline: { points: 300 } }, 1200],
		['an EWMA', { chart: 'ewma', baseline: { points: 20 } }, 1200],
	])('of %s is what its own baseline would have come to', (_, plan, wanted) => {
		const values = normals(1200, 6).map((v) =>
			plan.chart === 'p' ? (v > 1 ? 1 : 0) : plan.chart === 'c' ? Math.round(4 + Math.abs(v)) : v,
		);
		const lines = (verdicts: readonly Verdict[]) =>
			verdicts
				.flatMap((one) => (one.type === 'limits' ? [[one.limits.chart, one.limits.lcl, one.limits.ucl]] : []))
				.at(-1);
		const learnt = evaluate([
			declare(1, { ...plan, baseline: { points: 5000 } }),
			points(values.slice(0, 5)),
			learnFrom(values),
		]);
		const own = evaluate([declare(1, { ...plan, baseline: { points: wanted } }), points([...values, 0, 0], 0)]);
		expect(lines(learnt)).toBeDefined();
		expect(lines(learnt)).toEqual(lines(own));
	});
	it('works while nothing has been learnt yet', () =>
		expect(limitsIn(evaluate([declare(1, THREE), points([1, 2]), learnFrom(wave)]))).toHaveLength(1));
});

describe('a phase that somebody starts', () => {
	it('learns anew from the next point on', () => {
		const verdicts = evaluate([
			declare(1, THREE),
			points(wave.slice(0, 30)),
			act({ kind: 'phase' }),
			points(
				wave.slice(0, 30).map((v) => v + 5),
				30,
			),
		]);
		expect(limitsIn(verdicts).map(({ fromMicros }) => fromMicros)).toEqual([0, at(30)]);
		expect(limitsIn(verdicts)[1]!.centre - limitsIn(verdicts)[0]!.centre).toBeCloseTo(5, 9);
	});
});

describe('a baseline that somebody finds long enough', () => {
	it('is learnt from at once', () =>
		expect(
			limitsIn(evaluate([declare(1, { rules: [1] }), points(wave), act({ kind: 'settle' })]))[0]?.baseline?.points,
		).toBe(40));
	it('goes on where nothing can be learnt yet', () => {
		const inputs = [
			declare(1, { baseline: { points: 25 } }),
			points([1]),
			act({ kind: 'settle' }),
			points(wave.slice(0, 24), 1),
		];
		expect(limitsIn(evaluate(inputs))[0]?.baseline?.points).toBe(25);
	});
	it('is nothing where limits are in force', () =>
		expect(limitsIn(evaluate([declare(1, KNOWN), points([0]), act({ kind: 'settle' })]))).toHaveLength(1));
});

describe('limits that the plan gives from now on', () => {
	const before = [declare(1, THREE), points(wave.slice(0, 30)), points([9], 30)];
	const [{ centre, sigma } = { centre: 0, sigma: 0 }] = limitsIn(evaluate(before));
	it('are the same phase when they are those in force', () => {
		const frozen = [...before, declare(1, { ...THREE, baseline: { centre, sigma } }, { revision: 2 }), points([9], 31)];
		expect(limitsIn(evaluate(frozen))).toHaveLength(1);
		expect(signalsOf(evaluate(frozen))).toContain('31 i 1 above');
	});
	it('are another one when they are others', () => {
		const other = [
			...before,
			declare(1, { ...THREE, baseline: { centre: 1, sigma } }, { revision: 2 }),
			points([9], 31),
		];
		expect(limitsIn(evaluate(other))).toHaveLength(2);
	});
});

describe('points taken out of a baseline that is being gathered', () => {
	const spoilt = [...wave.slice(0, 10), 80, ...wave.slice(10, 30)];
	const clean = limitsIn(evaluate([declare(1, THREE), points(wave.slice(0, 30))]))[0]!;
	it('are as if they had never been, and another point takes their place', () => {
		const [found] = limitsIn(
			evaluate([declare(1, THREE), points(spoilt.slice(0, 20)), out(10), points(spoilt.slice(20), 20)]),
		);
		expect([found?.centre, found?.sigma]).toEqual([clean.centre, clean.sigma]);
		expect(found?.baseline).toMatchObject({ points: 31, excluded: 1 });
	});
	it('are drawn, and signal nothing', () => {
		const evaluator = createEvaluator();
		const verdicts = evaluate(
			[declare(1, THREE), points(spoilt.slice(0, 20)), out(10), points(spoilt.slice(20), 20)],
			evaluator,
		);
		expect(signalsOf(verdicts, { baseline: true })).toEqual([]);
		const [individuals] = createView(evaluator.state).windows(1);
		expect([individuals?.v[10], individuals?.flags[10]]).toEqual([80, 4]);
	});
	it('count again when they are put back', () => {
		const back = act({ kind: 'include', fromMicros: at(10), toMicros: at(10) });
		const inputs = [declare(1, THREE), points(spoilt.slice(0, 20)), out(10), back, points(spoilt.slice(20), 20)];
		const [found] = limitsIn(evaluate(inputs));
		expect(found?.baseline).toMatchObject({ points: 30 });
		expect(found?.centre).not.toBe(clean.centre);
	});
});

describe('a replay', () => {
	const inputs = [
		declare(1, THREE),
		points(wave.slice(0, 20)),
		out(3, 5),
		gap(1, 20, 21),
		points(wave, 22),
		tick(70),
		learnFrom(normals(60, 9)),
		points(normals(30, 8), 70),
		act({ kind: 'phase' }),
		points(normals(25, 7), 110),
		act({ kind: 'settle' }),
		points([0, 9, 0], 140),
	];
	const straight = written(evaluateEach(inputs));
	it.each(inputs.map((_, i) => i + 1))('from a snapshot after record %i writes the same verdicts', (cut) => {
		const evaluator = createEvaluator();
		evaluateEach(inputs.slice(0, cut), evaluator);
		const kept = createKept();
		const capture = beginCapture(evaluator.state, cut);
		while (!capture.step(100));
		kept.put(capture);
		const rest = evaluateEach(inputs.slice(cut), kept.restored().evaluator, cut + 1);
		expect(written(rest, cut + 1)).toEqual(straight.slice(cut));
	});
});
