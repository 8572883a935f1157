import { describe, expect, it } from 'vitest';
import { baselineWords, noteParts, planRules } from './plan-words.ts';

describe('a remark about limits', () => {
	const f = (note: string, parts: readonly [string, string]) => expect(noteParts(note)).toEqual(parts);
	it('has a heading where its kind is known', () => f('skewed: skewness 1.7', ['Skewed', 'skewness 1.7']));
	it('is left as it is where it is not', () => f('odd: what', ['', 'odd: what']));
	it('without a kind is left as it is', () => f('given by hand', ['', 'given by hand']));
});

describe('a plan without rules', () => {
	it('learns nothing', () => expect(baselineWords({ rules: 'none' })).toBe('none: nothing is judged'));
	it('learns what its points are made of', () =>
		expect(baselineWords({ rules: 'none', chart: 'ewma' })).toBe('first 100 points'));
	it('has the limits that it is given', () =>
		expect(baselineWords({ rules: 'none', baseline: { centre: 5 } })).toMatch(/5/));
	it('says so, whatever its chart', () => expect(planRules({ rules: 'none', chart: 'auto' })).toHaveLength(1));
});
