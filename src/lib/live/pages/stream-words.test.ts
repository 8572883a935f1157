import { describe, expect, it } from 'vitest';
import { chanceWords, indexWords, normalityWords, runsWords } from './stream-words.ts';

describe('what a test found, in words', () => {
	it.each([
		[0.0000001, 'p under 0.001'],
		[0.012, 'p 0.012'],
		[0.5, 'p 0.50'],
	])('a chance of %d is %s', (p, words) => expect(chanceWords(p)).toBe(words));
	it('says whether values may be normal', () => {
		expect(normalityWords({ statistic: 3, p: 0.0001 })).toBe('not normal, p under 0.001');
		expect(normalityWords({ statistic: 0.2, p: 0.4 })).toBe('may be normal, p 0.40');
		expect(normalityWords(null)).toBeUndefined();
	});
	it('says what an unlikely number of runs means', () => {
		expect(runsWords({ count: 5, expected: 21, p: 0.001, longest: 9 })).toContain('too few');
		expect(runsWords({ count: 39, expected: 21, p: 0.001, longest: 2 })).toContain('a swing');
		expect(runsWords({ count: 20, expected: 21, p: 0.7, longest: 4 })).toContain('as by chance');
	});
	it('gives an index its interval where there is one', () => {
		expect(indexWords({ value: 1.333, low: 1.1, high: 1.56 })).toBe('1.33 (1.10 to 1.56)');
		expect(indexWords({ value: 1.333, low: null, high: null })).toBe('1.33');
	});
});
