import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '#messages/en/problem.json' with { type: 'json' };
import { inLanguage } from '#lib/format/in-language.ts';
import { fieldWords, problemWords, serverWords } from './problem-words.ts';

describe('what the server says', () => {
	const inGerman = (detail: string) => inLanguage('de', () => problemWords(detail));

	it('is said in the language of the page', () =>
		expect(inGerman('This address and password do not go together.')).toBe(
			'Diese Adresse und dieses Passwort passen nicht zusammen.',
		));
	it('keeps what differs inside of it', () =>
		expect(inGerman('On site "plant 1" Ann "Bee" may not do this.')).toBe(
			'Am Standort „plant 1“ darf Ann "Bee" das nicht.',
		));
	it('is shown as it is where the page has no words for it, and says that the server says so', () => {
		const said = inGerman('the journal is full');
		expect(said).toBe('Der Server sagt: the journal is full');
		expect(inLanguage('de', () => serverWords(said))).toEqual(['Der Server sagt: ', 'the journal is full', '']);
	});
	it('is no mixture of two languages', () =>
		expect(inLanguage('de', () => serverWords('Dieser Code gilt nicht mehr.'))).toBeUndefined());
	it('stays as it is on an English page', () => expect(problemWords('anything at all')).toBe('anything at all'));
	it('of a field is said there', () => {
		const f = (message: string) => inLanguage('de', () => fieldWords(message));
		expect(f('is no e-mail address')).toBe('ist keine E-Mail-Adresse');
		expect(f('has 3 characters: take 12 or more, for example four words')).toMatch(/^hat 3 Zeichen: Nehmen Sie 12/);
		expect(f('is odd')).toBe('is odd');
	});
	it('stands word by word in the source of the server', () => {
		const folder = join(import.meta.dirname, '../server');
		const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
			.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
			.map((file) => readFileSync(join(folder, file), 'utf8'))
			.join('\n');
		const pieces = Object.values(en).flatMap((text) => text.split(/\{\w+\}/));
		expect(pieces.filter((piece) => piece.trim().length > 3 && !source.includes(piece))).toEqual([]);
	});
});
