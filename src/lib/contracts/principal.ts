import type { Right, Rights, Role, Scope, Sites } from './rights.ts';
import { rightsOn } from './rights.ts';

export type { Right, Role, Scope } from './rights.ts';

/** Who a request or socket acts for, as the parts behind the guard see it; resolved before anything is read. */
export interface Principal {
	/** `owner`: of the start link or its token, while there is no account to sign in with, and on the machine itself. */
	readonly kind: 'owner' | 'person' | 'key' | 'display';
	/** Name for logs and audit; never the secret. */
	readonly name: string;
	/** Sites on which it may do what it asks for; 'all' is the owner's. */
	readonly sites: Sites;
	/** Sites that it may look at, where these are more. Elsewhere nothing exists for it. */
	readonly sees?: Sites;
	readonly scopes: readonly Scope[];
	/** The site that what it writes belongs to. */
	readonly writeSite: string;
}

/** Somebody who was recognised, with everything that it may do anywhere. */
export interface Who extends Omit<Principal, 'sees'> {
	/** For limits and the audit, never given twice: `person:7`, `key:3`, `start-link`. */
	readonly id: string;
	readonly rights: Rights;
	/** Of a person: the role on each site; `*` is every site. */
	readonly grants: readonly Grant[];
	/** Only an owner makes and unmakes owners. Whoever holds the machine itself counts as one. */
	readonly isOwner: boolean;
	/** Of a person: the session that this came with, by the id that the list of sessions shows. */
	readonly session?: string;
}

export interface Grant {
	/** A site, or `*` for every one. */
	readonly site: string;
	readonly role: Role;
}

export const EVERY_SITE = '*';

export function maySee(principal: Pick<Principal, 'sites'>, site: string): boolean {
	return covers(principal.sites, site);
}

export function covers(sites: Sites, site: string): boolean {
	return sites === 'all' || sites.includes(site);
}

/** @returns the principal for something that needs this right, on the sites where it has it; undefined when nowhere */
export function principalFor(who: Who, right: Right): Principal | undefined {
	const sites = rightsOn(who.rights, right);
	if (sites !== 'all' && sites.length === 0) return undefined;
	const { kind, name, scopes, writeSite } = who;
	return { kind, name, sites, sees: rightsOn(who.rights, 'look'), scopes, writeSite };
}
