import type { Who } from '#contracts/principal.ts';
import { rightsAt, rightsOfGrants, rightsOfScopes, rightsOn, scopesOf } from '#contracts/rights.ts';
import type { Actor } from '../metadata/port-acts.ts';
import type { Account, ApiKey, StoredSession } from '../metadata/port-people.ts';
import type { From } from './port.ts';

/** @param defaultSite where somebody writes who may write to every site */
export function whoOfAccount(account: Account, session: StoredSession, defaultSite: string): Who {
	const rights = rightsOfGrants(account.grants);
	const writes = rightsOn(rights, 'write');
	return {
		kind: 'person',
		id: personId(account.id),
		name: account.name,
		sites: rightsOn(rights, 'look'),
		scopes: scopesOf(rights),
		writeSite: writes === 'all' ? defaultSite : (writes[0] ?? ''),
		rights,
		grants: account.grants,
		isOwner: account.grants.some(({ role }) => role === 'owner'),
		session: session.id,
	};
}

export function whoOfKey(key: ApiKey): Who {
	const sites = [key.site];
	return {
		kind: key.scopes.includes('display') ? 'display' : 'key',
		id: `key:${key.id}`,
		name: key.name,
		sites,
		scopes: key.scopes,
		writeSite: key.site,
		rights: rightsAt(sites, rightsOfScopes(key.scopes)),
		grants: [],
		isOwner: false,
	};
}

export function personId(accountId: number): string {
	return `person:${accountId}`;
}

/** @returns undefined when this is nobody with an account */
export function accountIdOf(who: Who): number | undefined {
	return who.kind === 'person' ? Number(who.id.slice('person:'.length)) : undefined;
}

export function actorOf({ name, id }: Pick<Who, 'name' | 'id'>, { address }: Pick<From, 'address'>): Actor {
	return { name, id, address };
}
