import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillTemplate, filterCovers, filterFault, filterMatches, filtersOverlap, templateFault } from './topic.ts';

const levels = (text: string) => text.split('/');

describe('a topic filter', () => {
	const f = (filter: string, want: string | undefined) =>
		want === undefined ? expect(filterFault(filter)).toBeUndefined() : expect(filterFault(filter)).toContain(want);
	it('may be a plain topic', () => f('plant/cell/temperature', undefined));
	it('may have wildcards', () => f('+/x/+/#', undefined));
	it('may be everything', () => f('#', undefined));
	it('has # at its end only', () => f('plant/#/x', 'last level'));
	it('has # alone in its level', () => f('plant/a#', 'stands alone'));
	it('has + alone in its level', () => f('plant/a+/x', 'stands alone'));
	it('is not empty', () => f('', 'bytes'));
	it('is not shared: the order of a stream would be lost', () => f('$share/group/x', 'shared'));
});

describe('a filter and a topic', () => {
	const f = (filter: string, topic: string, want: boolean) =>
		expect(filterMatches(levels(filter), levels(topic))).toBe(want);
	it('match level by level', () => f('a/b', 'a/b', true));
	it('do not match when one is longer', () => f('a/b', 'a/b/c', false));
	it('match one level with +', () => f('a/+/c', 'a/b/c', true));
	it('match an empty level with +', () => f('a/+', 'a/', true));
	it('do not match two levels with +', () => f('a/+', 'a/b/c', false));
	it('match all that follows with #', () => f('a/#', 'a/b/c', true));
	it('match the parent with #', () => f('a/#', 'a', true));
	it('leave the topics of the broker alone', () => f('#', '$SYS/load', false));
});

describe('two filters', () => {
	const f = (a: string, b: string, want: boolean) => {
		expect(filtersOverlap(levels(a), levels(b))).toBe(want);
		expect(filtersOverlap(levels(b), levels(a))).toBe(want);
	};
	it('overlap when they are the same', () => f('a/b', 'a/b', true));
	it('overlap in what both wildcards take', () => f('a/+/c', 'a/b/+', true));
	it('overlap with everything', () => f('#', 'a/b', true));
	it('overlap in the parent of a #', () => f('a/#', 'a', true));
	it('do not overlap when a level differs', () => f('a/+/c', 'a/+/d', false));
	it('do not overlap when one is longer', () => f('a/+', 'a/+/+', false));
	it('do not overlap where a wildcard at the front leaves the topics of the broker out', () => f('#', '$SYS/#', false));
});

describe('a filter that covers another one', () => {
	const f = (a: string, b: string, want: boolean) => expect(filterCovers(levels(a), levels(b))).toBe(want);
	it('is the same', () => f('a/+', 'a/+', true));
	it('has a wildcard where the other has a level', () => f('a/+/c', 'a/b/c', true));
	it('has a # where the other ends, or goes on', () => {
		f('a/#', 'a', true);
		f('a/#', 'a/+/c/#', true);
	});
	it('does not end before the other', () => f('a/+', 'a/#', false));
	it('has no level where the other has a wildcard', () => f('a/b', 'a/+', false));
	it('does not begin with a wildcard where the other is of the broker', () => f('#', '$SYS/a', false));

	const level = fc.constantFrom('a', 'b', '$c');
	const topics = fc.array(level, { minLength: 1, maxLength: 4 });
	const filters = fc
		.tuple(fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 3 }), fc.constantFrom('a', '+', '#'))
		.map(([first, last]) => [...first, last]);
	it('takes all that the other takes, and those with a topic in common overlap', () => {
		fc.assert(
			fc.property(filters, filters, topics, (a, b, topic) => {
				if (!filterMatches(b, topic)) return;
				if (filterCovers(a, b)) expect(filterMatches(a, topic)).toBe(true);
				if (filterMatches(a, topic)) expect(filtersOverlap(a, b)).toBe(true);
			}),
			{ numRuns: 2000 },
		);
	});
});

describe('a template', () => {
	const f = (template: string, topic: string, want: string) =>
		expect(fillTemplate(template, levels(topic), 'speed')).toBe(want);
	it('takes levels, the first is 1', () =>
		f('{2}/{3}/temperature', 'plant/cell-7/a/temperature', 'cell-7/a/temperature'));
	it('takes the whole topic and the name of the value', () => f('{topic}/{name}', 'a/b', 'a/b/speed'));
	it('takes a level as it is, braces and dollars included', () => f('x/{1}', '$&{2}', 'x/$&{2}'));
	const g = (template: string, filter: string, names: string[], want: string | undefined) => {
		const fault = templateFault(template, filter, names);
		return want === undefined ? expect(fault).toBeUndefined() : expect(fault).toContain(want);
	};
	it('cannot ask for a level that the topic does not have', () =>
		g('{5}', 'plant/+/+/t', [], 'the topic has 4 levels'));
	it('may ask for any level below #', () => g('{5}', 'plant/#', [], undefined));
	it('knows no other braces', () => g('{line}', 'plant/#', [], 'braces hold'));
	it('has no {name} when there is one value', () => g('{name}', 'plant/#', [], 'several "values"'));
});
