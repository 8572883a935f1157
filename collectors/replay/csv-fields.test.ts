import { describe, expect, it } from 'vitest';
import { parseFields } from './csv-fields.ts';

describe('the fields of a line', () => {
	const f = (text: string, want: unknown, delimiter = ',') => {
		const parsed = parseFields(text, delimiter);
		expect(parsed === 'open' ? 'open' : 'fields' in parsed ? parsed.fields : parsed.fault).toEqual(want);
	};
	it('stand between delimiters', () => f('a,b,c', ['a', 'b', 'c']));
	it('may be empty', () => f(',a,', ['', 'a', '']));
	it('keep their spaces', () => f(' a , b', [' a ', ' b']));
	it('may stand between other delimiters', () => f('a;b,c', ['a', 'b,c'], ';'));
	it('in quotes may hold a delimiter', () => f('"a,b",c', ['a,b', 'c']));
	it('in quotes may hold a quote, doubled', () => f('"a""b",""', ['a"b', '']));
	it('in quotes may hold a line end', () => f('"a\nb",c', ['a\nb', 'c']));
	it('have a quote inside that is just a quote', () => f('5" pipe,c', ['5" pipe', 'c']));
	it('are open when their quote is', () => f('a,"b', 'open'));
	it('may not go on after their quote', () => f('a,"b"c,d', 'column 2 goes on after its closing quote'));
});
