import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CRITERIA, recommend, type Measures, type Weights } from './recommendation.ts';

const EVEN: Weights = { latency: 1, cost: 1, quality: 1, stability: 1 };
const only = (name: keyof Weights): Weights => ({ latency: 0, cost: 0, quality: 0, stability: 0, [name]: 1 });
const quick: Measures = { name: 'quick', latency: 100, cost: 4, quality: 0.9, stability: 0.99 };
const cheap: Measures = { name: 'cheap', latency: 200, cost: 1, quality: 0.9, stability: 0.99 };

describe('a recommendation', () => {
	const f = (weights: Weights, first: string) => expect(recommend([quick, cheap], weights).ranked[0]?.name).toBe(first);
	it('for who weighs latency is the quick one', () => f(only('latency'), 'quick'));
	it('for who weighs cost is the cheap one', () => f(only('cost'), 'cheap'));
	it('is a ratio to the best: a quarter of the price weighs more than twice the time', () => f(EVEN, 'cheap'));
	it('explains itself', () =>
		expect(recommend([quick, cheap], EVEN).sentence).toBe(
			'By these weights cheap comes before quick for its cost, although quick is better in latency.',
		));
	it('says when two are as good', () =>
		expect(recommend([quick, { ...quick, name: 'same' }], EVEN).sentence).toMatch(/as good as each other/));
	it('leaves out what is not known of all, and says so', () => {
		const { ranked, unknown } = recommend([{ ...quick, cost: null }, cheap], EVEN);
		expect([ranked[0]?.name, unknown]).toEqual(['quick', ['cost']]);
	});
	it('without a weight says nothing', () =>
		expect(recommend([quick, cheap], { latency: 0, cost: 0, quality: 0, stability: 0 }).sentence).toMatch(/^Nothing/));
	it('never puts one first that is worse in everything', () =>
		fc.assert(
			fc.property(
				fc.record({
					latency: fc.double({ min: 1, max: 1e4, noNaN: true }),
					cost: fc.double({ min: 1e-6, max: 10, noNaN: true }),
					quality: fc.double({ min: 0.01, max: 1, noNaN: true }),
					stability: fc.double({ min: 0.01, max: 1, noNaN: true }),
				}),
				fc.tuple(...CRITERIA.map(() => fc.integer({ min: 1, max: 10 }))),
				(good, given) => {
					const weights = Object.fromEntries(CRITERIA.map((name, i) => [name, given[i]])) as unknown as Weights;
					const worse = { latency: good.latency * 2, cost: good.cost * 2, quality: good.quality / 2 };
					const targets = [
						{ name: 'bad', ...worse, stability: good.stability / 2 },
						{ name: 'good', ...good },
					];
					expect(recommend(targets, weights).ranked[0]?.name).toBe('good');
				},
			),
		));
});
