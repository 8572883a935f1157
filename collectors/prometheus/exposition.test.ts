import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExposition } from './exposition.ts';

const parse = (text: string, isOpenMetrics = false) => parseExposition(text, { isOpenMetrics });

describe('a line', () => {
	const f = (line: string, want: unknown[]) => {
		const { samples, faults } = parse(line);
		expect([samples.map(({ name, labels, value, tMicros }) => [name, [...labels], value, tMicros]), faults]).toEqual([
			[want],
			[],
		]);
	};
	it('has a name and a number', () => f('load1 0.5', ['load1', [], 0.5, undefined]));
	it('may have labels', () =>
		f('a_total{code="200", method="post",} 1.027e3', [
			'a_total',
			[
				['code', '200'],
				['method', 'post'],
			],
			1027,
			undefined,
		]));
	it('may have a time, in milliseconds', () => f('a{} 1 1395066363000', ['a', [], 1, 1_395_066_363_000_000]));
	it('has a time in seconds in OpenMetrics', () =>
		expect(parse('a 1 1395066363.5', true).samples[0]?.tMicros).toBe(1_395_066_363_500_000));
	it('has escapes in what is quoted', () =>
		f(String.raw`a{path="C:\\DIR",error="no \"x\"\nthere"} 1`, [
			'a',
			[
				['path', 'C:\\DIR'],
				['error', 'no "x"\nthere'],
			],
			1,
			undefined,
		]));
	it('may have braces, commas and hashes in a value', () =>
		f('a{q="}, #=1"} 2', ['a', [['q', '}, #=1']], 2, undefined]));
	it('may have an exemplar, which is none of ours', () =>
		f('a_bucket{le="1"} 3 # {trace_id="x"} 0.67', ['a_bucket', [['le', '1']], 3, undefined]));
	it('may have its name in quotes', () => f('{"my.metric", "a.b"="c"} 4', ['my.metric', [['a.b', 'c']], 4, undefined]));
	it('may say that there is no number, or an endless one', () => {
		f('a NaN', ['a', [], NaN, undefined]);
		f('a +Inf', ['a', [], Infinity, undefined]);
		f('a -Inf', ['a', [], -Infinity, undefined]);
	});
	it.each([
		['a', /^line 1: a has no number/],
		['a one', /a has no number/],
		['a 1x', /a has no number/],
		['a 1 2 3', /more than a number and a time/],
		['a{b="c" 1', /its labels do not end/],
		['a{b=c} 1', /no value in quotes/],
		['a{b} 1', /label b has no value/],
		['a{b="1",b="2"} 1', /stands there twice/],
		['{b="1"} 1', /a metric has a name/],
	])('that is %s is said, with its number', (line, want) =>
		expect(parse(line).faults).toEqual([expect.stringMatching(want)]),
	);
});

describe('a text', () => {
	it('says what its metrics are, and their unit', () => {
		const { types, units } = parse('# HELP a of it\n# TYPE a counter\n# UNIT a seconds\n# TYPE "b.c" untyped\n# EOF\n');
		expect([[...types], [...units]]).toEqual([
			[
				['a', 'counter'],
				['b.c', 'unknown'],
			],
			[['a', 'seconds']],
		]);
	});
	it('with a bad line has the others', () =>
		expect(parse('a 1\nb\r\nc 3\r\n').samples.map(({ name }) => name)).toEqual(['a', 'c']));
	it('is read whatever stands in it', () =>
		fc.assert(
			fc.property(fc.string(), (text) => void parse(text)),
			{ numRuns: 10_000 },
		));
	const label = fc.tuple(fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/), fc.string());
	it('gives back what was written', () =>
		fc.assert(
			fc.property(
				fc.uniqueArray(label, { selector: ([name]) => name }),
				fc.double({ noNaN: true }),
				(labels, value) => {
					const escaped = (text: string) =>
						text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
					const line = `m{${labels.map(([name, text]) => `${name}="${escaped(text)}"`).join(',')}} ${value === Infinity ? '+Inf' : value}`;
					// What ends a line elsewhere ends none here.
					expect(parse(line).samples.map((one) => [[...one.labels], one.value === 0 ? 0 : one.value])).toEqual([
						[labels, value === 0 ? 0 : value],
					]);
				},
			),
		));
});
