import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { principalFor, type Who } from './principal.ts';
import { RIGHTS, ROLES, SCOPES, rightsAt, rightsOfGrants, rightsOfRole, rightsOfScopes, scopesOf } from './rights.ts';

describe('a role', () => {
	const f = (role: (typeof ROLES)[number], rights: string) => expect(rightsOfRole(role).join(' ')).toBe(rights);
	it('display looks', () => f('display', 'self look'));
	it('viewer reads', () => f('viewer', 'self look read'));
	it('operator acts', () => f('operator', 'self look read act note'));
	it('engineer plans and imports', () => f('engineer', 'self look read act write note plan'));
	it('admin manages', () => f('admin', 'self look read act write note plan admin'));
	it('owner does everything', () => f('owner', RIGHTS.join(' ')));
	it('may whatever the next one may', () =>
		ROLES.slice(1).forEach((role, i) =>
			expect(rightsOfRole(ROLES[i]!)).toEqual(expect.arrayContaining([...rightsOfRole(role)])),
		));
});

describe('scopes of a key', () => {
	const f = (scopes: (typeof SCOPES)[number][], rights: string) =>
		expect([...rightsOfScopes(scopes)].sort().join(' ')).toBe(rights);
	it('none is nothing', () => f([], ''));
	it('read', () => f(['read'], 'look read self'));
	it('write sends points and says what happened, no more', () => f(['write'], 'note self write'));
	it('read and write act on violations', () => f(['read', 'write'], 'act look note read self write'));
	it('admin does not read', () => f(['admin'], 'admin plan self'));
	it('display', () => f(['display'], 'look self'));
	it('proxy', () => f(['proxy'], 'proxy self'));
	it('more never allow less', () =>
		fc.assert(
			fc.property(fc.subarray([...SCOPES]), fc.constantFrom(...SCOPES), (some, one) => {
				expect(rightsOfScopes([...some, one])).toEqual(expect.arrayContaining([...rightsOfScopes(some)]));
			}),
		));
	it('are told back', () => expect(scopesOf(rightsAt('all', RIGHTS))).toEqual(['read', 'write', 'admin', 'proxy']));
	it('of an operator are those of a reader', () =>
		expect(scopesOf(rightsOfGrants([{ site: 'a', role: 'operator' }]))).toEqual(['read']));
});

describe('roles on sites', () => {
	const who = (...grants: { site: string; role: (typeof ROLES)[number] }[]): Who => ({
		kind: 'person',
		name: 'Ann',
		id: 'person:1',
		sites: [],
		scopes: [],
		writeSite: 'a',
		grants,
		isOwner: false,
		rights: rightsOfGrants(grants),
	});
	const ann = who({ site: 'a', role: 'engineer' }, { site: 'b', role: 'viewer' });
	it('each give their rights there only', () => {
		expect(principalFor(ann, 'plan')?.sites).toEqual(['a']);
		expect(principalFor(ann, 'read')?.sites).toEqual(['a', 'b']);
	});
	it('say what may be looked at beside what may be done', () =>
		expect(principalFor(ann, 'plan')?.sees).toEqual(['a', 'b']));
	it('that give a right nowhere make nobody for it', () => expect(principalFor(ann, 'admin')).toBeUndefined());
	it('on every site win', () =>
		expect(principalFor(who({ site: '*', role: 'viewer' }, { site: 'a', role: 'admin' }), 'read')?.sites).toBe('all'));
	it('on every site give no more than they are', () =>
		expect(principalFor(who({ site: '*', role: 'viewer' }, { site: 'a', role: 'admin' }), 'admin')?.sites).toEqual([
			'a',
		]));
	it('none at all are nobody', () => expect(principalFor(who(), 'self')).toBeUndefined());
	it('on a site called all are on that one only', () =>
		expect(principalFor(who({ site: 'all', role: 'viewer' }), 'read')?.sites).toEqual(['all']));
});
