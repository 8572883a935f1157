import { describe, expect, it } from 'vitest';
import type { Grant, Who } from '#contracts/principal.ts';
import { ROLES, type Role } from '#contracts/rights.ts';
import type { Account } from '../metadata/port-people.ts';
import { mayGive, mayKnow, mayManage, mergedGrants } from './manage.ts';
import { whoOfAccount } from './who.ts';

const grantsOf = (text: string): Grant[] =>
	text
		.split(' ')
		.filter(Boolean)
		.map((part) => part.split(':'))
		.map(([site = '', role = '']) => ({ site, role: role as Role }));
const account = (text: string): Account => ({
	id: 1,
	email: 'x@x',
	name: 'X',
	grants: grantsOf(text),
	isDisabled: false,
	hasPassword: true,
	createdMicros: 0,
});
const who = (text: string): Who =>
	whoOfAccount(
		account(text),
		{ id: 's', accountId: 1, createdMicros: 0, expiresMicros: 0, endsMicros: 0, seenMicros: 0, address: '', agent: '' },
		'default',
	);

describe('a role is somebody’s to give', () => {
	const f = (giver: string, grant: string, may: boolean) => expect(mayGive(who(giver), grantsOf(grant)[0]!)).toBe(may);
	it('an owner gives any', () =>
		ROLES.forEach((role) => f('*:owner', `${role === 'owner' ? '*' : 'a'}:${role}`, true)));
	it('an admin of a site gives admin there', () => f('a:admin', 'a:admin', true));
	it('nowhere else', () => f('a:admin', 'b:viewer', false));
	it('not on every site', () => f('a:admin', '*:viewer', false));
	it('an admin of every site gives there', () => f('*:admin', '*:engineer', true));
	it('but makes no owner', () => f('*:admin', '*:owner', false));
	it('an owner is one of every site or none', () => f('*:owner', 'a:owner', false));
	it('an engineer gives none', () => f('a:engineer', 'a:viewer', false));
});

describe('an account', () => {
	const f = (reader: string, of: string, expected: 'unknown' | 'known' | 'mine') => {
		const is = (check: typeof mayKnow) => check(who(reader), account(of));
		expect(is(mayManage) ? 'mine' : is(mayKnow) ? 'known' : 'unknown').toBe(expected);
	};
	it('of the own site is mine', () => f('a:admin', 'a:engineer', 'mine'));
	it('of another site is unknown', () => f('a:admin', 'b:engineer', 'unknown'));
	it('of both is known and not mine: its password opens the other site', () =>
		f('a:admin', 'a:viewer b:viewer', 'known'));
	it('of every site is known and not mine', () => f('a:admin', '*:viewer', 'known'));
	it('of the owner is not an admin’s', () => f('*:admin', '*:owner', 'known'));
	it('of the owner is another owner’s', () => f('*:owner', '*:owner', 'mine'));
	it('of both is mine when both sites are', () => f('a:admin b:admin', 'a:viewer b:viewer', 'mine'));
	it('without a role is not an admin’s', () => f('a:admin', '', 'unknown'));
	it('without a role is the owner’s', () => f('*:owner', '', 'mine'));
});

describe('roles that become others', () => {
	const f = (changer: string, before: string, wanted: string, after: string) =>
		expect(
			[...mergedGrants(who(changer), account(before), grantsOf(wanted))]
				.map(({ site, role }) => `${site}:${role}`)
				.join(' '),
		).toBe(after);
	it('change on the own site', () => f('a:admin', 'a:viewer', 'a:engineer', 'a:engineer'));
	it('stay on others', () => f('a:admin', 'a:viewer b:admin', 'a:engineer', 'b:admin a:engineer'));
	it('go where none is wanted', () => f('a:admin', 'a:viewer b:admin', '', 'b:admin'));
	it('do not take what was not theirs to take', () => f('*:admin', '*:owner', '', '*:owner'));
});
