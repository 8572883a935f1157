import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf } from './search-marks.ts';

describe('a text with marked words', () => {
	const f = (text: string, highlights: [number, number][], pieces: string[]) =>
		expect(piecesOf(text, highlights).map((one) => (one.isMarked ? `[${one.text}]` : one.text))).toEqual(pieces);
	it('is cut at them', () => f('an error 3021 here', [[3, 8], [9, 13]], ['an ', '[error]', ' ', '[3021]', ' here'])); // prettier-ignore
	it('without any is one piece', () => f('plain', [], ['plain']));
	it('marked as a whole is one piece', () => f('word', [[0, 4]], ['[word]']));
	it('leaves out marks that cannot be', () => f('abc', [[2, 9], [0, 1]], ['[a]', 'bc'])); // prettier-ignore
	it('shows what would turn the line around', () => f('a\u202eb', [], ['a\ufffdb']));
	it('keeps lines and tabs', () => f('a\n\tb\r\nc', [], ['a\n\tb\n c']));
	it('loses no character and moves none', () =>
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.array(fc.tuple(fc.nat(20), fc.nat(20))), (text, highlights) => {
				const pieces = piecesOf(text, highlights);
				expect(pieces.map((piece) => piece.text).join('')).toHaveLength(text.length);
			}),
		));
});
