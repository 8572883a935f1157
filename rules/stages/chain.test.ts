import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScores, type Learnt } from './chain.ts';
import { createEwma } from './ewma.ts';
import { createResidual } from './residual.ts';
import { createSubgroup } from './subgroup.ts';

const SHAPE = { family: 'normal', mean: 0, sigma: 1 } as const;
const PLAIN: Learnt = {
	subgroup: { kind: 'size', points: 1 },
	scale: { kind: 'none' },
	season: null,
	residual: { kind: 'none' },
	shape: SHAPE,
};

const learnt: fc.Arbitrary<Learnt> = fc.record({
	subgroup: fc.constantFrom(
		{ kind: 'size', points: 3 } as const,
		{ kind: 'window', micros: 5e6 } as const,
		PLAIN.subgroup,
	),
	scale: fc.constantFrom({ kind: 'none' } as const, { kind: 'log' } as const, { kind: 'box-cox', power: 0.3 } as const),
	season: fc.constantFrom(null, { periodMs: 86_400_000, originMs: 0, waves: [{ k: 1, a: 0.5, b: -1 }] }),
	residual: fc.constantFrom(
		{ kind: 'none' } as const,
		{ kind: 'ar1', mean: 0, phi: 0.8 } as const,
		{ kind: 'ewma', lambda: 0.3 } as const,
	),
	shape: fc.constantFrom(
		SHAPE,
		{ family: 'student', location: 0, scale: 1, degrees: 4 } as const,
		{ family: 'sinh-arcsinh', location: 0, scale: 1, skew: 0.2, tail: 0.8 } as const,
		{ family: 'two-normal', weight: 0.4, means: [-1, 1], sigmas: [1, 2] } as const,
	),
});
const values = fc.array(fc.oneof(fc.double({ min: -5, max: 50, noNaN: true }), fc.constant(NaN)), { maxLength: 60 });

/** NaN stands for a gap. */
function run(stage: ReturnType<typeof createScores>, slot: number, values: readonly number[], from = 0): number[] {
	return values.map((v, i) => (v === v ? stage.push(slot, v, (from + i) * 1e6) : (stage.reset(slot), NaN)));
}

describe('a chain of stages', () => {
	it('goes on in a restored slot, also of a grown chain, as if never stopped', () =>
		fc.assert(
			fc.property(learnt, values, fc.nat(), (learnt, values, at) => {
				const stop = at % (values.length + 1);
				const whole = createScores(1);
				const other = createScores(1);
				whole.set(0, learnt);
				run(whole, 0, values.slice(0, stop));
				other.grow(3);
				other.set(2, learnt);
				const state = JSON.parse(JSON.stringify(whole.snapshot(0))) as (number | null)[];
				other.restore(
					2,
					state.map((v) => v ?? NaN),
				);
				const rest = values.slice(stop);
				expect(run(other, 2, rest, stop)).toEqual(run(whole, 0, rest, stop));
			}),
		));
	it('keeps slots apart', () =>
		fc.assert(
			fc.property(learnt, values, values, (learnt, one, two) => {
				const apart = createScores(1);
				apart.set(0, learnt);
				const together = createScores(2);
				together.set(0, learnt);
				together.set(1, learnt);
				run(together, 1, two);
				expect(run(together, 0, one)).toEqual(run(apart, 0, one));
			}),
		));
	it('looks across nothing after a reset', () =>
		fc.assert(
			fc.property(learnt, values, values, (learnt, before, after) => {
				const stage = createScores(1);
				stage.set(0, learnt);
				const fresh = run(stage, 0, after);
				stage.reset(0);
				run(stage, 0, before);
				stage.reset(0);
				expect(run(stage, 0, after)).toEqual(fresh);
			}),
		));
	it('never answers more than eight sigma, nor NaN for what the shape cannot produce', () => {
		const stage = createScores(1);
		stage.set(0, { ...PLAIN, shape: { family: 'log-normal', mean: 0, sigma: 1 } });
		expect(run(stage, 0, [-3, 0, 1, 1e300])).toEqual([-8, -8, 0, 8]);
	});
});

describe('a subgroup', () => {
	it('is the mean of so many', () => {
		const stage = createSubgroup(1);
		stage.set(0, { kind: 'size', points: 2 });
		expect([1, 3, 5, 7].map((v) => stage.push(0, v, 0))).toEqual([NaN, 2, NaN, 6]);
	});
	it('of a window ends with the next window, or at a tick', () => {
		const stage = createSubgroup(1);
		stage.set(0, { kind: 'window', micros: 10 });
		expect([1, 5, 12, 25].map((t) => stage.push(0, t, t))).toEqual([NaN, NaN, 3, 12]);
		expect([stage.close(0), stage.close(0)]).toEqual([25, NaN]);
	});
});

describe('residuals', () => {
	const f = (parameters: Parameters<ReturnType<typeof createResidual>['set']>[1], want: number[]) => {
		const stage = createResidual(1);
		stage.set(0, parameters);
		expect([10, 14, 12].map((v) => stage.push(0, v, 0))).toEqual(want);
	};
	it('of AR(1) are what the value before did not say', () => f({ kind: 'ar1', mean: 10, phi: 0.5 }, [0, 4, 0]));
	it('of an EWMA are the distance to it', () => f({ kind: 'ewma', lambda: 0.5 }, [NaN, 4, 0]));
});

describe('an EWMA of scores', () => {
	it('counts a far value for its cap only', () => {
		const stage = createEwma(2);
		stage.set(0, { lambda: 0.1, cap: 4 });
		stage.set(1, { lambda: 0.1, cap: 4 });
		expect(stage.push(0, 1000, 0)).toBe(stage.push(1, 4, 0));
	});
});
