import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModelFinder } from './json-model.ts';

function find(document: unknown, cuts: readonly number[] = []): string | undefined {
	const bytes = new TextEncoder().encode(typeof document === 'string' ? document : JSON.stringify(document));
	const finder = createModelFinder();
	let from = 0;
	for (const cut of [...cuts.map((part) => Math.floor(part * bytes.length)).sort((a, b) => a - b), bytes.length]) {
		finder.take(bytes.subarray(from, cut));
		from = cut;
	}
	return finder.model();
}

describe('the model in a request', () => {
	const f = (document: unknown, model: string | undefined) => expect(find(document)).toBe(model);
	it('at the beginning', () => f({ model: 'a', x: 1 }, 'a'));
	it('at the end', () => f({ x: [1, { model: 'no' }], model: 'a' }, 'a'));
	it('is not a word of the prompt', () => f({ messages: [{ content: '"model": "no"' }], model: 'a' }, 'a'));
	it('is not a text that is called model', () => f({ x: 'model', y: 'no' }, undefined));
	it('is not one inside something', () => f({ tool: { model: 'no' } }, undefined));
	it('is text', () => f({ model: 5 }, undefined));
	it('may have escapes', () => f('{"model":"a\\u002fb\\"c"}', 'a/b"c'));
	it('is not in what is no object', () => f('["model", "a"]', undefined));
	it('is not of a kilobyte', () => f({ model: 'x'.repeat(1000) }, undefined));

	it('is what a parser finds, wherever the document is cut', () =>
		fc.assert(
			fc.property(
				fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('model', 'messages', 'a\\"b')), fc.jsonValue()),
				fc.option(fc.string({ maxLength: 40 })),
				fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
				(rest, model, cuts) => {
					const document = { ...rest, ...(model === null ? {} : { model }) } as Record<string, unknown>;
					const wanted = typeof document.model === 'string' && document.model !== '' ? document.model : undefined;
					const short = wanted === undefined || JSON.stringify(wanted).length < 250;
					if (short) expect(find(document, cuts)).toBe(wanted);
				},
			),
		));
});
