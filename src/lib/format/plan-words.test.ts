import { describe, expect, it } from 'vitest';
import { noteParts } from './plan-words.ts';

describe('a remark about limits', () => {
	const f = (note: string, parts: readonly [string, string]) => expect(noteParts(note)).toEqual(parts);
	it('has a heading where its kind is known', () => f('skewed: skewness 1.7', ['Skewed', 'skewness 1.7']));
	it('is left as it is where it is not', () => f('odd: what', ['', 'odd: what']));
	it('without a kind is left as it is', () => f('given by hand', ['', 'given by hand']));
});
