import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExpressionFault, parseExpression } from './expression.ts';

describe('an expression', () => {
	const terms = (text: string, want: unknown) => {
		const parsed = parseExpression(text);
		expect(isExpressionFault(parsed) ? parsed : parsed.terms).toEqual(want);
	};
	const value = (name: string) => ({ name, of: 'value', argument: 0 });
	it('names streams, each once, in their order', () => terms('a + b * a', [value('a'), value('b')]));
	it('names those that are no plain word in quotes', () =>
		terms('"part-count" / "zone 3/°C"', [value('part-count'), value('zone 3/°C')]));
	it('may name a stream like a function, in quotes', () => terms('"min" * 2', [value('min')]));
	it('may name streams with any letters', () => terms('größe - Länge_2', [value('größe'), value('Länge_2')]));
	it('tells a stream from its rate', () => terms('rate(n) / n', [{ name: 'n', of: 'rate', argument: 0 }, value('n')]));
	it('says where a counter rolls over', () => terms('rate(n, 65536)', [{ name: 'n', of: 'rate', argument: 65536 }]));
	it('says over how many points', () => terms('rms("x", 64)', [{ name: 'x', of: 'rms', argument: 64 }]));

	const fault = (text: string, at: number, message: RegExp) => {
		const parsed = parseExpression(text);
		expect(isExpressionFault(parsed) && parsed.at).toBe(at);
		expect(parsed).toMatchObject({ message: expect.stringMatching(message) as string });
	};
	it('that ends too soon', () => fault('a + ', 3, /expected before the end/));
	it('with an operator too few', () => fault('a b', 2, /an operator is expected before "b"/));
	it('with a bracket too few', () => fault('(a + b', 6, /"\)" is expected before the end/));
	it('with a function that is none', () => fault('2 * sqr(a)', 4, /no function "sqr"; did you mean "sqrt"/));
	it('with too many arguments', () => fault('abs(a, b)', 0, /abs takes 1, not 2/));
	it('with a function without arguments', () => fault('max + 1', 0, /max is a function/));
	it('with the rate of no stream', () => fault('rate(2 * a)', 5, /rate is of a stream/));
	it('with an rms of no number of points', () => fault('rms(a)', 0, /rms takes a stream and a number of points/));
	it('with an rms of too many', () => fault('rms(a, 5000)', 7, /2 to 1000/));
	it('with a counter that rolls over at once', () => fault('rate(a, 1)', 8, /begins at 0 again/));
	it('with a name that does not end', () => fault('1 + "abc', 4, /does not end/));
	it('with what is not known', () => fault('a = b', 2, /"=" is not understood/));
	it('of numbers alone', () => fault('1 + 2', 0, /names no stream/));
	it('of too many streams', () => fault('a+b+c+d+e+f+g+h+i', 16, /more than 8 streams/));
	it('that is nested without end', () => fault(`${'('.repeat(400)}`, 41, /nested/));
	it('of many signs', () => fault(`${'-'.repeat(400)}a`, 41, /nested/));
	it('without end', () => fault('a'.repeat(501), 500, /500 are allowed/));
	it('with a number beyond all numbers', () => fault('a * 1e999', 4, /too large/));

	it('is read or refused, whatever it is', () =>
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string({ unit: 'grapheme' }),
					fc
						.array(fc.constantFrom('a', '"b"', '1', '+', '-', '*', '/', '(', ')', ',', 'min', 'rate', ' '))
						.map((all) => all.join('')),
				),
				(text) => {
					const parsed = parseExpression(text);
					if (isExpressionFault(parsed)) expect(parsed.at).toBeLessThanOrEqual(text.length);
				},
			),
		));
});
