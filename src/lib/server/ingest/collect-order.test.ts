import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrder } from './collect-order.ts';

describe('the order of a connection', () => {
	const f = (resumeAfter: number, seqs: number[], turns: string) => {
		const order = createOrder(resumeAfter);
		expect(seqs.map((seq) => order.turn(seq)[0]).join('')).toBe(turns);
	};
	it('takes what grows', () => f(0, [1, 2, 3], 'ttt'));
	it('has what it was welcomed with', () => f(5, [4, 5, 6], 'hht'));
	it('has what came before', () => f(0, [1, 2, 2, 1, 3], 'tthht'));
	it('allows holes: what was refused for good is not sent again', () => f(3, [5, 9], 'tt'));
	it('after a retry drops what was under way, until the sender has gone back', () => {
		const order = createOrder(0);
		expect([1, 2, 3].map((seq) => order.turn(seq))).toEqual(['take', 'take', 'take']);
		order.acknowledge(1);
		order.backTo(2);
		expect([4, 5].map((seq) => order.turn(seq))).toEqual(['drop', 'drop']);
		expect([2, 3, 4, 5].map((seq) => order.turn(seq))).toEqual(['take', 'take', 'take', 'take']);
		expect(order.acked()).toBe(1);
	});
	it('for any failures takes every number, and each in order, when the sender goes back as it is told', () =>
		fc.assert(
			fc.property(fc.array(fc.record({ inFlight: fc.integer({ min: 1, max: 6 }), full: fc.boolean() })), (rounds) => {
				const order = createOrder(0);
				const journal: number[] = [];
				let next = 1;
				for (const { inFlight, full } of rounds) {
					const sent = Array.from({ length: inFlight }, (_, i) => next + i);
					const taken = sent.filter((seq) => order.turn(seq) === 'take');
					expect(taken).toEqual(sent);
					if (full) {
						order.backTo(next);
						for (let late = 0; late < inFlight; late++) expect(order.turn(next + inFlight + late)).toBe('drop');
					} else {
						journal.push(...taken);
						next += inFlight;
					}
				}
				expect(journal).toEqual(journal.map((_, i) => i + 1));
			}),
		));
});
