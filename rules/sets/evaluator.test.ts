import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBank, type RuleOptions } from '../bank/bank.ts';
import { NELSON_RULES, type Condition } from './condition.ts';
import { literalHolds } from '../testing/literal-conditions.ts';
import { createRuleEvaluator } from './evaluator.ts';
import { rulesOf } from './rule-sets.ts';

/** Indices at which a condition holds around centre 0 with sigma 1. */
function heldAt(condition: Condition, values: readonly number[], options: RuleOptions = {}): number[] {
	const evaluator = createRuleEvaluator({ capacity: 1, rules: [{ name: 'x', condition }], options });
	evaluator.setLimits(0, { centre: 0, sigma: 1 });
	return values.flatMap((value, i) => (evaluator.push(0, value) ? [i] : []));
}

describe('a rule written as data', () => {
	const f = (condition: Condition, values: number[], at: number[]) => expect(heldAt(condition, values)).toEqual(at);
	const twoOfFour = { count: 2, of: 4, beyond: 1.5 };
	it('counts on one side', () => f({ ...twoOfFour, side: 'same' }, [1.6, 0, -1.6, 1.6, 0], [3]));
	it('counts on either', () => f({ ...twoOfFour, side: 'either' }, [1.6, 0, -1.6, 0], [2]));
	it('wants both sides', () => f({ count: 2, of: 2, beyond: 2, side: 'both' }, [2.1, 2.2, -2.1], [2]));
	it('counts within', () => f({ count: 3, of: 4, within: 1 }, [0, 2, 1, 0.5, 2], [3]));
	it('takes a run', () => f({ run: 4 }, [1, 1, 1, 1, 0, 1], [3]));
	it('takes a trend', () => f({ trend: 4 }, [4, 3, 2, 1, 1], [3]));
	it('takes alternation', () => f({ alternating: 4 }, [0, 1, 0, 1, 1], [3]));
	it('takes one or the other', () => f({ any: [{ run: 3 }, { trend: 3 }] }, [-1, 0, 1, 2, 1], [2, 3, 4]));
	it('takes both together, on one side', () => f({ all: [{ run: 3 }, { trend: 3 }] }, [1, 2, 3, 2, 1], [2]));
	it('is not both together on different sides', () => f({ all: [{ run: 3 }, { trend: 3 }] }, [3, 2, 1], []));
});

const series = fc.array(
	fc.oneof(
		fc.double({ min: -4, max: 4, noNaN: true }),
		fc.constantFrom(0, 1, -1, 2, -2, 3, -3, NaN),
		fc.integer({ min: -3, max: 3 }),
	),
	{ maxLength: 120 },
);
const options = fc.record({
	missing: fc.constantFrom('break' as const, 'skip' as const),
	startup: fc.constantFrom('partial' as const, 'full-window' as const),
});

const halves = fc.integer({ min: -5, max: 5 }).map((v) => v / 2);
const tied = fc.array(fc.oneof({ weight: 20, arbitrary: halves }, fc.constant(NaN)), { minLength: 40, maxLength: 80 });
const sigmas = fc.constantFrom(0.5, 1, 1.5, 2);
const counts = fc
	.tuple(fc.integer({ min: 1, max: 6 }), fc.nat(4))
	.map(([count, more]) => ({ count, of: count + more }));
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
	condition: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		fc
			.tuple(counts, sigmas, fc.constantFrom('same' as const, 'either' as const))
			.map(([window, beyond, side]) => ({ ...window, beyond, side })),
		fc
			.tuple(counts, sigmas)
			.map(([{ count, of }, beyond]) => ({ count: count + 1, of: of + 1, beyond, side: 'both' as const })),
		fc.tuple(counts, sigmas).map(([window, within]) => ({ ...window, within })),
		fc.integer({ min: 2, max: 6 }).map((run) => ({ run })),
		fc.integer({ min: 2, max: 5 }).map((trend) => ({ trend })),
		fc.integer({ min: 3, max: 6 }).map((alternating) => ({ alternating })),
		fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
		fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
	),
}));

describe('rules written as data and their definitions, read literally', () => {
	it('agree at every point: ties, lines, gaps, phases, any of and all of', () => {
		let held = 0;
		fc.assert(
			fc.property(condition, tied, options, fc.nat(120), (condition, values, options, phase) => {
				const evaluator = createRuleEvaluator({ capacity: 1, rules: [{ name: 'x', condition }], options });
				evaluator.setLimits(0, { centre: 0, sigma: 1 });
				let window: number[] = [];
				values.forEach((value, i) => {
					if (i === phase) {
						evaluator.setLimits(0, { centre: 0, sigma: 1 });
						window = [];
					}
					const bits = evaluator.push(0, value);
					if (Number.isNaN(value)) {
						if (options.missing === 'break') window = [];
						return expect(bits).toBe(0);
					}
					window.push(value);
					const where = literalHolds(condition, window, options);
					held += bits;
					expect(bits).toBe(+(where.size > 0));
					if (bits === 0) return;
					const side = evaluator.side(0, 0);
					if (where.has('no side')) expect(['none', 'both']).toContain(side);
					else expect(side).toBe(where.has('above') ? 'above' : 'below');
				});
			}),
			{ numRuns: 500 },
		);
		expect(held).toBeGreaterThan(2000);
	});
});

describe("Nelson's rules written as data", () => {
	it('are what the bank judges: rule, side and span', () =>
		fc.assert(
			fc.property(series, options, (values, options) => {
				const bank = createBank({ capacity: 1, options });
				const evaluator = createRuleEvaluator({ capacity: 1, rules: NELSON_RULES, options });
				bank.setLimits(0, { centre: 0, sigma: 1, rules: 0xff });
				evaluator.setLimits(0, { centre: 0, sigma: 1 });
				for (const value of values) {
					const bits = bank.push(0, value);
					expect(evaluator.push(0, value)).toBe(bits);
					for (const rule of rulesOf(bits))
						expect([evaluator.side(0, rule - 1), evaluator.span(0, rule - 1)]).toEqual([
							bank.side(0, rule),
							bank.span(0, rule),
						]);
				}
			}),
		));
	it('go on in a restored slot as if never stopped', () =>
		fc.assert(
			fc.property(series, fc.nat(), (values, at) => {
				const evaluator = createRuleEvaluator({ capacity: 2, rules: NELSON_RULES });
				evaluator.setLimits(0, { centre: 0, sigma: 1 });
				const stop = at % (values.length + 1);
				values.slice(0, stop).forEach((value) => evaluator.push(0, value));
				const state: unknown = JSON.parse(JSON.stringify(evaluator.snapshot(0)));
				evaluator.restore(1, state as ReturnType<typeof evaluator.snapshot>);
				for (const value of values.slice(stop)) expect(evaluator.push(1, value)).toBe(evaluator.push(0, value));
			}),
		));
});
