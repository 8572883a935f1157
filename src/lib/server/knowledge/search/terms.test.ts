import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuse } from './fuse.ts';
import { excerpt, highlightsOf } from './highlight.ts';
import { termsOf, wordsOf } from './terms.ts';

describe('the terms of a text', () => {
	const f = (text: string, terms: string[]) => expect(termsOf(text)).toEqual(terms);
	it('are stems in small letters', () => f('Pumps OVERHEATING', ['pump', 'overheat']));
	it('leave out what every text has', () => f('what is the cause of it', ['caus']));
	it('are the same with and without accents', () => f('Überlast', termsOf('uberlast')));
	it('of a code are its parts and the whole of it', () => f('E-3021', ['e', '3021', 'e3021']));
	it('of a code in one piece are its numbers too', () => f('E3021', ['e3021', '3021']));
	it('find a code however it is spaced', () => {
		for (const written of ['E-118', 'E118', 'E 118']) expect(termsOf(written)).toContain('118');
		expect(termsOf('HLP46').some((term) => termsOf('HLP 46').includes(term))).toBe(true);
	});
	it('of a path are its parts', () => f('press-1/temperature', ['press', '1', 'temperatur', 'press1temperature']));
	it('stand where their words do', () =>
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (text) => {
				for (const { from, to, word } of wordsOf(text)) expect(text.slice(from, to).toLowerCase()).toBe(word);
			}),
		));
});

describe('marks', () => {
	const terms = new Set(termsOf('pump overheated 3021'));
	it('are the words that were looked for, in any form', () =>
		expect(highlightsOf('Pumps overheat: E-3021', terms).map(([a, b]) => 'Pumps overheat: E-3021'.slice(a, b))).toEqual(
			['Pumps', 'overheat', 'E-3021'],
		));
	it('are in the excerpt of a long text', () => {
		const text = `${'x '.repeat(2000)}pump ${'y '.repeat(2000)}`;
		const cut = excerpt(text, terms, 200);
		expect(cut).toContain('pump');
		expect(cut.length).toBeLessThanOrEqual(202);
		expect(excerpt('short', terms, 200)).toBe('short');
	});
});

describe('fused lists', () => {
	const f = (lists: readonly (readonly string[])[], order: string) =>
		expect(
			fuse(lists.map((items, i) => ({ name: String(i), items })), (item) => item)
				.map(({ item }) => item)
				.join(''),
		).toBe(order); // prettier-ignore
	it('of one keep its order', () => f([['a', 'b', 'c']], 'abc'));
	it('put first what is in both', () => f([['a', 'c'], ['b', 'c']], 'cab')); // prettier-ignore
	it('of nothing are nothing', () => f([[], []], ''));
	it('say which list each is of, and count heavier ones more', () =>
		expect(
			fuse([{ name: 'x', items: ['a'] }, { name: 'y', items: ['b'], weight: 2 }, { name: 'z', items: ['a'] }], (item) => item),
		).toMatchObject([{ item: 'a', by: ['x', 'z'] }, { item: 'b', by: ['y'] }])); // prettier-ignore
});
