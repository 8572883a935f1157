import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonPath } from './json-path.ts';

const document = JSON.parse(
	'{"a": {"b c": [1, 2, 3], "": 0}, "__proto__": {"x": 7}, "load-1": 5, "a.b": 6, "it\'s": 8, "°C": 9}',
) as unknown;

describe('a path', () => {
	const f = (path: string, want: unknown) => expect(parseJsonPath(path)?.(document)).toEqual(want);
	it('is the whole document', () => expect(parseJsonPath('$')?.(5)).toBe(5));
	it('goes by name', () => f("$.a['b c'][0]", 1));
	it('goes by name in double quotes', () => f('$["a"]["b c"][1]', 2));
	it('counts from the end', () => f('$.a["b c"][-1]', 3));
	it('takes names with a dash, as devices write them', () => f('$.load-1', 5));
	it('takes names of any script', () => f("$['°C']", 9));
	it('takes a name with a dot in brackets', () => f("$['a.b']", 6));
	it('takes an escaped quote', () => f("$['it\\'s']", 8));
	it('finds nothing beyond the end', () => f('$.a["b c"][9]', undefined));
	it('finds nothing below a number', () => f('$.load-1.x', undefined));
	it('finds nothing that all objects have', () => f('$.constructor', undefined));
	it('finds nothing that all lists have', () => f('$.a["b c"].length', undefined));
	it('reads a key called __proto__ as any other', () => f('$.__proto__.x', 7));
	const bad = [
		'',
		'a',
		'$a',
		'$.',
		'$..a',
		'$[*]',
		'$.*',
		'$[?(@.x)]',
		'$[1:2]',
		'$["a"',
		'$.a b',
		'$[a]',
		'$.a;process',
	];
	it.each(bad)('is not %j', (text) => expect(parseJsonPath(text)).toBeUndefined());
	it('never throws, whatever stands in it', () =>
		fc.assert(
			fc.property(fc.string(), fc.jsonValue(), (text, value) => void parseJsonPath(`$${text}`)?.(value)),
			{ numRuns: 10_000 },
		));
});
