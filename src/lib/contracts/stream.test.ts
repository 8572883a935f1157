import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalLabels, canonicalName, defaultAsset, keyFault, labelsFault, quote } from './stream.ts';

/** What no name may have, by its code point: this file stays readable and nothing in it hides. */
const ODD: Readonly<Record<string, number>> = {
	'a null': 0,
	'a tab': 9,
	'a line feed': 10,
	'an escape': 0x1b,
	'a delete': 0x7f,
	'a C1 control character': 0x85,
	'a soft hyphen': 0xad,
	'an Arabic letter mark': 0x61c,
	'a zero-width space': 0x200b,
	'a right-to-left mark': 0x200f,
	'a line separator': 0x2028,
	'a paragraph separator': 0x2029,
	'a right-to-left override': 0x202e,
	'a word joiner': 0x2060,
	'a first strong isolate': 0x2068,
	'a byte order mark': 0xfeff,
	'a tag letter': 0xe0041,
	'half a surrogate pair': 0xd800,
	'the other half': 0xdfff,
	'a less-than sign': 0x3c,
	'a greater-than sign': 0x3e,
	'a double quote': 0x22,
	'a single quote': 0x27,
	'a backtick': 0x60,
	'a backslash': 0x5c,
};

describe('a key that is fine', () => {
	const f = (key: string) => expect(keyFault(key)).toBe(undefined);
	it('has segments', () => f('press-1/temperature'));
	it('needs none', () => f('x'));
	it('has 200 characters', () => f('k'.repeat(200)));
	it('is of any script', () => f('Presse 1/Öltemperatur/温度/حرارة'));
	it('has letters beyond 16 bits', () => f('𝒙/🌡'));
	it('has punctuation', () => f('openai/gpt-4o:latest/ttft_ms (p50) @ 20 °C & 3 % #1;2=3'));
});

describe('a key that is none', () => {
	const f = (key: unknown, fault: RegExp) => expect(keyFault(key)).toMatch(fault);
	it('is missing', () => f(undefined, /^stream must be a string, not undefined$/));
	it('is null', () => f(null, /^stream must be a string, not null$/));
	it('is a number', () => f(7, /^stream must be a string, not number$/));
	it('is empty', () => f('', /^stream is empty$/));
	it('has 201 characters', () => f('k'.repeat(201), /^stream has 201 characters; 200 are allowed$/));
	it('has 10 kB, and is not repeated in the answer', () => f('k'.repeat(10_240), /^.{1,80}$/));
	it('begins with a slash', () => f('/a', /^stream "\/a" has an empty segment$/));
	it('ends with a slash', () => f('a/', /has an empty segment$/));
	it('has two slashes together', () => f('a//b', /has an empty segment$/));
	it('is markup', () =>
		f('<script>alert(1)</script>', /^stream "<script>.*" has a character that a name may not have/));
	it.each(Object.entries(ODD))('has %s', (_, code) =>
		f(`a${String.fromCodePoint(code)}b`, /has a character that a name may not have/),
	);
});

describe('labels that are fine', () => {
	const f = (labels: unknown) => expect(labelsFault(labels)).toBe(undefined);
	it('are none', () => f({}));
	it('are sixteen', () => f(Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`l${i}`, '']))));
	it('have an empty value', () => f({ line: '' }));
	it('have a hundred characters', () => f({ ['n'.repeat(100)]: 'v'.repeat(100) }));
	it('are called as what objects have', () => f(JSON.parse('{"__proto__": "a", "constructor": "b"}')));
});

describe('labels that are none', () => {
	const f = (labels: unknown, fault: RegExp) => expect(labelsFault(labels)).toMatch(fault);
	it('are null', () => f(null, /^labels must be an object of strings$/));
	it('are a list', () => f(['a'], /^labels must be an object of strings$/));
	it('are a string', () => f('a=b', /^labels must be an object of strings$/));
	it('are seventeen', () =>
		f(Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`l${i}`, ''])), /^17 labels; 16 are allowed$/));
	it('have a number', () => f({ line: 3 }, /^label "line" must be a string$/));
	it('have no name', () => f({ '': 'a' }, /^label "" is empty or longer than 100 characters$/));
	it('have a long name, cut in the answer', () =>
		f({ ['n'.repeat(10_240)]: '' }, /^label "n{57}\.\.\." is empty or longer/));
	it('have a long value, not repeated', () =>
		f({ line: 'v'.repeat(101) }, /^label "line" is empty or longer than 100/));
	it.each(Object.entries(ODD))('have %s in a name', (_, code) =>
		f({ [`a${String.fromCodePoint(code)}`]: '' }, /has a character that a name may not have$/),
	);
	it.each(Object.entries(ODD))('have %s in a value', (_, code) =>
		f({ a: String.fromCodePoint(code) }, /^label "a" has a character that a name may not have$/),
	);
});

describe('a fault', () => {
	it('is one line of what can be seen, whatever the name', () =>
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
				for (const fault of [keyFault(text), labelsFault({ [text]: '' }), labelsFault({ a: text })])
					expect(fault ?? '').not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
			}),
		));
});

describe('a quoted text', () => {
	const f = (text: string, quoted: string) => void expect(quote(text)).toBe(quoted);
	it('is in quotes', () => f('a', '"a"'));
	it('of sixty characters is whole', () => f('a'.repeat(60), `"${'a'.repeat(60)}"`));
	it('of more is cut to sixty', () => f('a'.repeat(61), `"${'a'.repeat(57)}..."`));
	it('shows a line feed as an escape', () => f('a\nb', '"a\\nb"'));
	it('shows an override as an escape', () => f(String.fromCodePoint(0x202e), '"\\u202e"'));
	it('shows a tag letter as an escape', () => f(String.fromCodePoint(0xe0041), '"\\udb40\\udc41"'));
	it('shows half of what was cut as an escape', () => f(`${'a'.repeat(56)}😀bcde`, `"${'a'.repeat(56)}\\ud83d..."`));
	it('is JSON of the text', () =>
		fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => JSON.parse(quote(text)) === text)));
});

describe('the one spelling of a name', () => {
	const labels = fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), {
		maxKeys: 6,
		noNullPrototype: true,
	});
	const name = fc.record({ site: fc.constantFrom('a', 'b'), key: fc.constantFrom('k', 'l'), labels });
	const shuffled = (of: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(of).reverse());

	it('is site, key and labels', () =>
		expect(canonicalName({ site: 's', key: 'k', labels: { b: '2', a: '1' } })).toBe('s\nk\n[["a","1"],["b","2"]]'));
	it('sorts labels by character, in every language', () =>
		expect(canonicalLabels({ ä: '', b: '', B: '' })).toBe('[["B",""],["b",""],["ä",""]]'));
	it('does not depend on the order of labels', () =>
		fc.assert(
			fc.property(
				name,
				(one) => void expect(canonicalName({ ...one, labels: shuffled(one.labels) })).toBe(canonicalName(one)),
			),
		));
	it('is that of no other name', () =>
		fc.assert(
			fc.property(name, name, (one, other) => {
				const same = one.site === other.site && one.key === other.key && isSame(one.labels, other.labels);
				expect(canonicalName(one) === canonicalName(other)).toBe(same);
			}),
		));
	it('tells a label from two', () =>
		expect(canonicalLabels({ a: '1","b' })).not.toBe(canonicalLabels({ a: '1', b: '' })));

	function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
		const names = Object.keys(a);
		return (
			names.length === Object.keys(b).length && names.every((label) => Object.hasOwn(b, label) && a[label] === b[label])
		);
	}
});

describe('the asset of a key', () => {
	const f = (key: string, asset: string) => expect(defaultAsset(key)).toBe(asset);
	it('is its first segment', () => f('press-1/hydraulics/pressure', 'press-1'));
	it('is all of a key of one', () => f('pressure', 'pressure'));
});
