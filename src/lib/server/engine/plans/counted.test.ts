import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '#rules';
import { createNormal } from '#rules/testing/random.ts';
import type { PlanInput } from '#contracts/plan.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import type { Verdict } from '#contracts/verdict.ts';
import { createEvaluator } from '#server/engine/evaluator.ts';
import { createView } from '#server/engine/view.ts';
import { declare, episodesOf, evaluate, points, rows, signalsOf, tick } from '../testing/records.ts';

const WINDOW = 20;

/** Samples of any size, one a window; the last window is never over. */
const samples = fc
	.record({ seed: fc.nat(1e6), shift: fc.constantFrom(0, 1, 3), units: fc.constantFrom(1, 40) })
	.map(({ seed, shift, units }) => {
		const normal = createNormal(seed + 1);
		const level = (i: number) => units * 0.2 + (i > 60 ? shift * Math.sqrt(units * 0.16) : 0);
		const value = (i: number) => {
			const spread = Math.sqrt(units * 0.16) * normal();
			if (units === 1) return normal() < -0.84 + (i > 60 ? shift / 4 : 0) ? 1 : 0;
			return Math.min(units, Math.max(0, Math.round(level(i) + spread)));
		};
		const groups = Array.from({ length: 90 }, (_, i) =>
			Array.from({ length: 2 + Math.floor(Math.abs(normal()) * 5) }, () => value(i)).slice(0, WINDOW),
		);
		return { units, groups };
	});

const rowsOf = (groups: readonly (readonly number[])[]) =>
	rows(
		groups.flatMap((group, i) =>
			group.map((v, j) => ({ stream: 1, tMicros: (i * WINDOW + j) * MICROS_PER_SECOND, v, quality: 192 as const })),
		),
	);

const inOrder = (told: readonly (readonly [index: number, from: number, rest: string])[]) =>
	told.map(([index, from, rest]) => `${String(index).padStart(4, '0')} ${from} ${rest}`).sort();

const windowOf = (micros: number) => Math.floor(micros / MICROS_PER_SECOND / WINDOW);

function live(plan: PlanInput, groups: readonly (readonly number[])[]): string[] {
	const verdicts = evaluate([declare(1, plan), rowsOf(groups)]);
	return inOrder(
		verdicts.flatMap((verdict: Verdict) => {
			if (verdict.type !== 'signal') return [];
			const { tMicros, spanFromMicros, chart, rule, side } = verdict.signal;
			return [[windowOf(tMicros), windowOf(spanFromMicros), `${chart} ${rule} ${side}`] as const];
		}),
	);
}

const batch = (document: object) =>
	inOrder(
		analyze(document).signals.map(
			({ chart, index, rule, side, span }) => [index, span[0], `${chart} ${rule} ${side}`] as const,
		),
	);

const sum = (group: readonly number[]) => group.reduce((all, v) => all + v, 0);

describe('samples over time are judged as an analysis of their counts and sizes judges them', () => {
	const f = (plan: PlanInput & { chart: string }, document: object = {}) =>
		fc.assert(
			fc.property(samples, ({ units, groups }) => {
				const whole = groups.slice(0, -1);
				const sizes = whole.map((group) => group.length * units);
				const { chart, rules = [1, 2, 5, 6], baseline } = plan;
				expect(live({ unitsPerPoint: units, subgroup: { window: `${WINDOW}s` }, ...plan }, groups)).toEqual(
					batch({ chart, rules, baseline, counts: whole.map(sum), sizes, ...document }),
				);
			}),
			{ numRuns: 20 },
		);
	const LEARNT = { points: 40 };
	it('p, learnt from forty of them', () => f({ chart: 'p', baseline: LEARNT }));
	it('p, of a known share, by all eight rules', () => f({ chart: 'p', rules: 'nelson', baseline: { centre: 0.2 } }));
	it('p, by Western Electric', () => f({ chart: 'p', rules: 'western-electric', baseline: { centre: 0.2 } }));
	it('p, with narrow limits', () =>
		f({ chart: 'p', limitsSigma: 2, baseline: LEARNT }, { options: { limitsSigma: 2 } }));
	it('u, learnt from forty of them', () => f({ chart: 'u', baseline: LEARNT }));
	it('u, of a known rate', () => f({ chart: 'u', baseline: { centre: 0.2 } }));
	it('p-prime', () => f({ chart: 'p-prime', baseline: LEARNT }));
	it('u-prime', () => f({ chart: 'u-prime', rules: 'nelson', baseline: LEARNT }));
});

describe('samples of one size', () => {
	const numbers = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 120, maxLength: 160 });
	const SIZE = 4;
	const f = (plan: PlanInput, document: object) =>
		fc.assert(
			fc.property(numbers, (values) => {
				const whole = Array.from({ length: Math.floor(values.length / SIZE) }, (_, i) =>
					sum(values.slice(i * SIZE, (i + 1) * SIZE)),
				);
				const told = evaluate([declare(1, { subgroup: { size: SIZE }, ...plan }), points(values)]).flatMap(
					(verdict) => {
						if (verdict.type !== 'signal') return [];
						const { tMicros, chart, rule, side } = verdict.signal;
						return [[Math.floor(tMicros / MICROS_PER_SECOND / SIZE), 0, `${chart} ${rule} ${side}`] as const];
					},
				);
				const found = analyze({ ...document, counts: whole }).signals.map(
					({ index, chart, rule, side }) => [index, 0, `${chart} ${rule} ${side}`] as const,
				);
				expect(inOrder(told)).toEqual(inOrder(found));
			}),
			{ numRuns: 20 },
		);
	it('np, learnt from twenty', () =>
		f(
			{ chart: 'np', unitsPerPoint: 10, baseline: { points: 20 } },
			{ chart: 'np', sizes: 40, baseline: { points: 20 } },
		));
	it('np, of a known number', () =>
		f(
			{ chart: 'np', unitsPerPoint: 10, baseline: { centre: 18 } },
			{ chart: 'np', sizes: 40, baseline: { centre: 18 } },
		));
	it('c, whose sigma follows from its centre', () =>
		f({ chart: 'c', baseline: { centre: 18 } }, { chart: 'c', baseline: { centre: 18 } }));
	it('c, learnt from twenty', () =>
		f({ chart: 'c', baseline: { points: 20 } }, { chart: 'c', baseline: { points: 20 } }));
});

describe('a chart of counts', () => {
	const run = (plan: PlanInput, ...inputs: Parameters<typeof evaluate>[0]) => {
		const evaluator = createEvaluator();
		const verdicts = evaluate([declare(1, plan), ...inputs], evaluator);
		const view = createView(evaluator.state);
		return { verdicts, view, windows: view.windows(1), state: view.status(1)!.state };
	};
	const P: PlanInput = { chart: 'p', subgroup: { window: '10s' }, rules: [1], baseline: { centre: 0.1 } };

	it('tells the size of every point beside it', () => {
		const { windows } = run(P, points([0, 1, 0], 0), points([1, 1], 10), points([0], 20));
		expect(windows.map(({ chart, v }) => [chart, [...v]])).toEqual([
			['p', [1 / 3, 1]],
			['size', [3, 2]],
		]);
	});
	it('of a known share is in control from its first value on, before a sample is complete', () => {
		const { state, view, windows } = run(P, points([0], 3));
		expect([state, windows[0]!.v.length]).toEqual(['in-control', 0]);
		expect(view.limits(1)[0]).toMatchObject({
			chart: 'p',
			centre: 0.1,
			fromMicros: 3e6,
			sized: { centre: 0.1, spread: 1 },
		});
	});
	it('has the limits of its own size at a signal', () => {
		const { verdicts } = run(P, points([0, 1, 1], 0), points([1, 1], 10), points([0], 20));
		expect(episodesOf(verdicts).map(({ value, centre, sigma }) => [value, centre, sigma])).toEqual([
			[2 / 3, 0.1, 0.3 / Math.sqrt(3)],
		]);
		expect(signalsOf(verdicts)).toEqual(['2 p 1 above', '11 p 1 above']);
	});
	it('takes no share over one, no half and nothing below zero: that is not judged', () => {
		for (const v of [2, 0.5, -1]) {
			const { windows, state } = run(P, points([0, 1, 0, v], 0));
			expect([windows[0]!.v.length, state]).toEqual([0, 'not-judged']);
		}
		expect(run(P, points([0, 2, 0], 0), points([0], 10)).state).toBe('in-control');
	});
	it('that saw none at all has limits as for half of one', () => {
		const plan: PlanInput = { ...P, subgroup: { size: 10 }, baseline: { points: 20 } };
		const { verdicts, view } = run(
			plan,
			points(Array<number>(200).fill(0)),
			points([1, 1, 1, 1, 1, 0, 0, 0, 0, 0], 200),
		);
		expect(view.limits(1)[0]).toMatchObject({
			centre: 0.5 / 200,
			notes: [expect.stringContaining('no count among 200 units'), expect.stringContaining('by chance')],
		});
		expect(signalsOf(verdicts)).toEqual(['209 p 1 above']);
	});
	it('says how often a few counts are beyond their limits by chance', () => {
		const { view } = run(
			{ ...P, subgroup: { size: 20 }, baseline: { centre: 0.01 } },
			points(Array<number>(20).fill(0)),
		);
		// Two or more of twenty: 1 - 0.99^20 - 20 * 0.01 * 0.99^19.
		expect(view.limits(1)[0]?.notes).toEqual([
			'few counts in a sample (0.2 of 20): by chance one in 59 is beyond the limits',
		]);
	});

	describe('of so many at least', () => {
		const plan: PlanInput = { ...P, subgroup: { window: '10s', atLeast: 4 } };
		const sizes = (...inputs: Parameters<typeof evaluate>[0]) => [...run(plan, ...inputs).windows[1]!.v];
		it('lets a window with fewer go on into the next', () =>
			expect(sizes(points([0, 0], 0), points([0, 0, 0], 10), points([0], 20))).toEqual([5]));
		it('closes one that has enough when a later value comes', () =>
			expect(sizes(points([0, 0, 0, 0], 0), points([0, 0], 10))).toEqual([4]));
		it('is not closed by ticks before that', () => {
			const ticks = Array.from({ length: 30 }, (_, i) => tick(1000 + i));
			expect(sizes(tick(999), points([0, 0], 0), ...ticks, points([0, 0], 40))).toEqual([]);
			expect(
				sizes(tick(999), points([0, 0], 0), ...ticks, points([0, 0], 40), ...ticks.map((_, i) => tick(1030 + i))),
			).toEqual([4]);
		});
	});

	describe('that is curtailed', () => {
		const plan: PlanInput = {
			...P,
			subgroup: { window: '10s', atLeast: 20, curtailed: true },
			baseline: { centre: 0.01 },
		};
		it('tells of the second failure at once, and of nothing at the first', () => {
			const { verdicts, windows } = run(plan, points([0, 0, 1, 0, 0, 1], 0));
			expect(signalsOf(verdicts)).toEqual(['5 p 1 above']);
			expect([...windows[1]!.v]).toEqual([6]);
			expect(signalsOf(run(plan, points([0, 0, 1, 0, 0, 0], 0)).verdicts)).toEqual([]);
		});
		it('goes on over an outage, and is over with the first full sample after it', () => {
			const { verdicts } = run(plan, points(Array<number>(10).fill(1), 0), points(Array<number>(31).fill(0), 10));
			expect(episodesOf(verdicts).map(({ points: of, endedMicros }) => [of, endedMicros! / 1e6])).toEqual([[5, 29]]);
		});
		it('tells of too few as well', () => {
			const pass: PlanInput = { ...plan, baseline: { centre: 0.99 } };
			expect(signalsOf(run(pass, points([1, 1, 0, 1, 0, 1], 0)).verdicts)).toEqual(['4 p 1 below']);
		});
		it('signals where full samples would, and nowhere else', () =>
			fc.assert(
				fc.property(fc.array(fc.constantFrom(0, 0, 0, 0, 1), { minLength: 20, maxLength: 20 }), (values) => {
					const full = run({ ...plan, subgroup: { size: 20 }, baseline: { centre: 0.1 } }, points(values));
					const early = run(
						{ ...plan, subgroup: { size: 20, curtailed: true }, baseline: { centre: 0.1 } },
						points(values),
					);
					expect(signalsOf(early.verdicts).length > 0).toBe(signalsOf(full.verdicts).length > 0);
				}),
			));
	});
});
