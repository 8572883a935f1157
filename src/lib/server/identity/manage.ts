import { EVERY_SITE, covers, type Grant, type Who } from '#contracts/principal.ts';
import { rightsOn, type Sites } from '#contracts/rights.ts';
import type { Account } from '../metadata/port-people.ts';
import { Refusal } from './port.ts';

/** Who may manage whom: every question about it is answered here. */

/** Sites whose people and keys somebody manages. */
export function managedBy(who: Who): Sites {
	return rightsOn(who.rights, 'admin');
}

/** Whether this role there is somebody's to give and to take. */
export function mayGive(who: Who, { site, role }: Grant): boolean {
	if (role === 'owner') return site === EVERY_SITE && who.isOwner;
	return site === EVERY_SITE ? managedBy(who) === 'all' : covers(managedBy(who), site);
}

/** Whether somebody may know of this account: it has a role where he manages. */
export function mayKnow(who: Who, account: Account): boolean {
	return account.grants.some((grant) => shownTo(who, grant)) || managedBy(who) === 'all';
}

/** Of a colleague's roles an admin sees those on his sites, and those on every site: they count there too. */
export function shownTo(who: Who, { site }: Grant): boolean {
	return site === EVERY_SITE || covers(managedBy(who), site);
}

/**
 * Whether the account as a whole is somebody's to manage. Who could set the password of a colleague with a role on
 * another site would have that role.
 */
export function mayManage(who: Who, account: Account): boolean {
	return account.grants.every((grant) => mayGive(who, grant)) && mayKnow(who, account);
}

/** @throws Refusal */
export function refuseUnlessMine(who: Who, account: Account): void {
	if (mayManage(who, account)) return;
	throw new Refusal(
		'forbidden',
		`${account.name} has roles that are not yours to give: ask somebody who manages all of them.`,
	);
}

/** @throws Refusal naming the first role that is not this one's to give */
export function refuseUnlessGiveable(who: Who, grants: readonly Grant[]): void {
	const grant = grants.find((one) => !mayGive(who, one));
	if (!grant) return;
	const where = grant.site === EVERY_SITE ? 'every site' : `site "${grant.site}"`;
	throw new Refusal('forbidden', `The role ${grant.role} on ${where} is not yours to give.`);
}

/** @returns the account's roles when those that `who` manages become these */
export function mergedGrants(who: Who, account: Account, wanted: readonly Grant[]): readonly Grant[] {
	const others = account.grants.filter((grant) => !mayGive(who, grant));
	const taken = new Set(others.map(({ site }) => site));
	return [...others, ...wanted.filter(({ site }) => !taken.has(site))];
}
