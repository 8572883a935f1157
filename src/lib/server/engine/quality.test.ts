import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '#contracts/rows.ts';
import { createEvaluator } from './evaluator.ts';
import { stateOf } from './partition-state.ts';
import { declare, episodesOf, evaluate, gap, rows, signalsOf, tick, type Input } from './testing/records.ts';

const BY = { baseline: { centre: 0, sigma: 1 }, rules: [1, 2, 3] };
const QUALITIES = [0, 64, 192] as const;
const row = (second: number, v: number, quality: (typeof QUALITIES)[number]): Row => ({
	...{ stream: 1, tMicros: second * 1e6, v, quality },
});
const measured = fc.array(
	fc.record({ v: fc.constantFrom(0, 0.5, 1.5, -1.5, 4), quality: fc.constantFrom(...QUALITIES) }),
	{ minLength: 1, maxLength: 60 },
);

describe('for any values and qualities', () => {
	for (const [admit, least] of [
		['good', 192],
		['uncertain', 64],
	] as const)
		it(`a plan that admits ${admit} judges those points and looks across no other`, () =>
			fc.assert(
				fc.property(measured, (points) => {
					const all = rows(points.map(({ v, quality }, i) => row(i, v, quality)));
					const judged = signalsOf(evaluate([declare(1, { ...BY, admit }), all]));
					// The same without them, but for a gap in their place.
					const cut = points.flatMap(({ v, quality }, i): Input[] =>
						quality >= least ? [rows([row(i, v, 192)])] : [gap(1, i, i)],
					);
					expect(judged).toEqual(signalsOf(evaluate([declare(1, BY), ...cut])));
					for (const one of judged) expect(points[Number(one.split(' ')[0])]!.quality).toBeGreaterThanOrEqual(least);
				}),
			));

	it('a stream is in the state that its newest moment says', () =>
		fc.assert(
			fc.property(
				fc.array(fc.constantFrom('calm', 'out', 'bad', 'gap', 'silence'), { minLength: 1, maxLength: 25 }),
				(steps) => {
					const evaluator = createEvaluator();
					const state = () => stateOf(evaluator.state, evaluator.state.table.at(0));
					evaluate([declare(1, { baseline: { centre: 0, sigma: 1 }, rules: [1], expect: '2s' })], evaluator);
					expect(state()).toBe('learning');
					let second = 0;
					let clock = 0;
					// Out by 3.2 sigma, so that the moving range of what follows is not out too.
					// Watched for longer than senders get to come back.
					evaluate(
						Array.from({ length: 20 }, () => tick(++clock)),
						evaluator,
					);
					evaluate([rows([row(++second, 0, 192)]), tick(++clock)], evaluator);
					for (const step of steps) {
						second++;
						if (step === 'gap') evaluate([gap(1, second, second)], evaluator);
						else if (step === 'silence')
							evaluate(
								Array.from({ length: 9 }, () => tick(++clock)),
								evaluator,
							);
						else
							evaluate(
								[rows([row(second, step === 'out' ? 3.2 : 0, step === 'bad' ? 0 : 192)]), tick(++clock)],
								evaluator,
							);
						const want = {
							calm: 'in-control',
							out: 'violating',
							bad: 'bad-quality',
							gap: 'no-data',
							silence: 'no-data',
						};
						expect(state()).toBe(want[step]);
					}
				},
			),
		));

	it('an absence is one episode, from where the first point is missing to the point that ends it', () =>
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 40, max: 90 }), (expect_, silent) => {
				const inputs = [
					declare(1, { baseline: { centre: 0, sigma: 1 }, expect: `${expect_}s` }),
					...Array.from({ length: 20 }, (_, i) => tick(i)),
					rows([row(100, 0, 192)]),
					...Array.from({ length: silent }, (_, i) => tick(20 + i)),
					rows([row(100 + silent, 0, 192)]),
				];
				const found = episodesOf(evaluate(inputs)).map(({ rule, firstMicros, endedMicros }) => [
					rule,
					firstMicros,
					endedMicros,
				]);
				expect(found).toEqual([['no-data', (100 + expect_) * 1e6, (100 + silent) * 1e6]]);
			}),
		));
});
