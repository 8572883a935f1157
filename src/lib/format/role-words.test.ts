import { describe, expect, it } from 'vitest';
import { ROLES, SCOPES } from '#contracts/rights.ts';
import { actWords, agentWords, changeWords, grantWords, roleMay, scopeMay } from './role-words.ts';

describe('words for who may what', () => {
	it('a role on a site', () => expect(grantWords({ site: 'plant-a', role: 'engineer' })).toBe('Engineer of plant-a'));
	it('on every site', () => expect(grantWords({ site: '*', role: 'viewer' })).toBe('Viewer of every site'));
	it('an owner is one everywhere', () => expect(grantWords({ site: '*', role: 'owner' })).toBe('Owner'));
	it('every role and scope has some', () => {
		for (const role of ROLES) expect(roleMay(role)).toMatch(/\w/);
		for (const scope of SCOPES) expect(scopeMay(scope)).toMatch(/\w/);
	});
	it('an act that is not known is called what it is', () => expect(actWords('alert.sent')).toBe('alert.sent'));
});

describe('a browser', () => {
	const f = (agent: string, words: string) => expect(agentWords(agent)).toBe(words);
	it('Chrome', () =>
		f('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36', 'Chrome on Linux'));
	it('Edge', () => f('Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0', 'Edge on Windows'));
	it('an iPhone', () =>
		f('Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1', 'Safari on iOS'));
	it('a program', () => f('curl/8.5.0', 'curl/8.5.0'));
	it('none', () => f('', 'unknown'));
});

describe('what changed', () => {
	const f = (before: unknown, after: unknown, words: string[]) => expect(changeWords(before, after)).toEqual(words);
	it('one field', () => f({ name: 'a', role: 'x' }, { name: 'a', role: 'y' }, ['role: x → y']));
	it('deeper down', () => f({ a: [{ site: 'p', role: 'x' }] }, { a: [{ site: 'p', role: 'y' }] }, ['a 1 role: x → y']));
	it('something new', () => f(null, { name: 'a' }, ['name: a']));
	it('something gone', () => f({ name: 'a' }, null, ['name: a']));
	it('a list that is empty now', () => f({ a: [1] }, { a: [] }, ['a 1: 1 → –', 'a: – → none']));
	it('a word', () => f('open', 'resolved', ['open → resolved']));
	it('nothing', () => f({ a: 1 }, { a: 1 }, []));
});
