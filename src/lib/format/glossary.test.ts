import { describe, expect, it } from 'vitest';
import { findTerms, glossary } from './glossary.ts';

const words = (query: string) => findTerms(query).map(({ word }) => word);

describe('the glossary', () => {
	it('finds a term by its other names', () => expect(words('cpk')).toEqual(['Capability']));
	it('finds by all words, in any order and case', () => expect(words('CHART moving')).toContain('Individuals chart'));
	it('finds nothing for what it does not know', () => expect(words('zzz')).toEqual([]));
	it('has every term once, with an address of its own', () =>
		expect(new Set(glossary().map(({ id }) => id)).size).toBe(glossary().length));
	it('explains in sentences', () =>
		expect(
			glossary()
				.filter(({ text }) => !/^[A-Z“].*[.”]$/.test(text))
				.map(({ word }) => word),
		).toEqual([]));
});
