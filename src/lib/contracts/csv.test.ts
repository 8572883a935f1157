import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnOfField, createCsvReader, parseFields } from './csv.ts';

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

/** Read in pieces of so many bytes. */
function read(text: string, piece = 1 << 20) {
	const bytes = new TextEncoder().encode(text);
	const reader = createCsvReader({ delimiter: ',' });
	const records = [];
	for (let at = 0; at < bytes.length; at += piece) records.push(...reader.push(bytes.subarray(at, at + piece)));
	return [...records, ...reader.end()];
}

describe('records', () => {
	const f = (text: string, want: unknown[]) =>
		expect(read(text).map((one) => [one.line, 'fields' in one ? one.fields : one.fault])).toEqual(want);
	it('are lines, with Windows ends too', () => f('a,b\r\nc,d\r\n', [[1, ['a', 'b']], [2, ['c', 'd']]])); // prettier-ignore
	it('need no line end at last, and no byte order mark', () => f('\ufeffa\nb', [[1, ['a']], [2, ['b']]])); // prettier-ignore
	it('leave empty lines out and count them', () => f('a\n\n\nb', [[1, ['a']], [4, ['b']]])); // prettier-ignore
	it('go on over lines in quotes', () => f('"a\nb",c\nd', [[1, ['a\nb', 'c']], [3, ['d']]])); // prettier-ignore
	it('cost one line when a quote is never closed', () =>
		f('"a,1\nb,2\nc,3', [[1, 'a quote is opened and never closed'], [2, ['b', '2']], [3, ['c', '3']]])); // prettier-ignore

	it('are the same however the bytes are cut, and reading goes on after any of them', () =>
		fc.assert(
			fc.property(
				fc.array(fc.constantFrom('a', 'é', '"', '""', ',', '\n', '\r\n', '1', '\n\n'), { maxLength: 60 }),
				fc.integer({ min: 1, max: 7 }),
				fc.nat(),
				(parts, piece, pick) => {
					const text = parts.join('');
					const whole = read(text);
					expect(read(text, piece)).toEqual(whole);
					const from = whole[pick % (whole.length || 1)]?.after;
					if (from === undefined) return;
					const rest = createCsvReader({ delimiter: ',', from });
					const bytes = new TextEncoder().encode(text).subarray(from.offset);
					expect([...rest.push(bytes), ...rest.end()]).toEqual(whole.slice((pick % whole.length) + 1));
				},
			),
		));
});

describe('the column of a field', () => {
	const f = (text: string, index: number, want: number) => expect(columnOfField(text, ',', index)).toBe(want);
	it('is counted from one', () => f('ab,c', 0, 1));
	it('stands behind the delimiter', () => f('ab,c', 1, 4));
	it('knows quotes', () => f('"a,b",c', 1, 7));
	it('is that in its own line', () => f('"a\nb",c', 1, 4));
});
