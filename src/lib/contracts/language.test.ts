import { describe, expect, it } from 'vitest';
import { settings } from '#messages/fresh.mjs';
import { chosenLanguage, LANGUAGES, preferredLanguage } from './language.ts';

it('there are words in every language, and in no other', () => expect(settings().locales).toEqual([...LANGUAGES]));

describe('what a browser asks for', () => {
	const f = (header: string, language: string) => expect(preferredLanguage(header)).toBe(language);
	it('is taken where there are words for it', () => f('de', 'de'));
	it('is the language of a region', () => f('de-AT,de;q=0.9,en;q=0.8', 'de'));
	it('comes by weight, not by place', () => f('en;q=0.3, de;q=0.7', 'de'));
	it('is passed over where there are none', () => f('fr-FR,fr;q=0.9,de;q=0.5,en;q=0.4', 'de'));
	it('is not what it refuses', () => f('de;q=0, en', 'en'));
	it('is English where it asks for nothing', () => f('', 'en'));
	it('is English where it asks for anything', () => f('*', 'en'));
	it('harms nobody', () => f(`${'x,'.repeat(1e5)}de;q=;;=,=`, 'en'));
});

describe('what somebody chose', () => {
	const f = (cookies: string, language: string | undefined) => expect(chosenLanguage(cookies)).toBe(language);
	it('is in a cookie', () => f('a=b; sigmascope-language=de', 'de'));
	it('is nothing where the cookie says nothing that there is', () => f('sigmascope-language=xx', undefined));
	it('is nothing without one', () => f('', undefined));
});
