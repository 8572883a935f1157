import type { ApiAct, ApiKeyInfo, ApiMe, ApiPerson, ApiSession, ApiSite } from '#contracts/access.ts';
import type { ApiList } from '#contracts/api.ts';
import type { Grant } from '#contracts/principal.ts';
import type { Scope } from '#contracts/rights.ts';
import { ApiError, problemOf } from '#lib/live/api.ts';
import * as m from '#messages';

export interface NewKey {
	readonly name: string;
	readonly site: string;
	readonly scopes: readonly Scope[];
	readonly expiresAt: string | null;
}

export interface AuditQuery {
	readonly cursor?: string | undefined;
	readonly act?: string | undefined;
	readonly actor?: string | undefined;
}

/** People, keys and the own account, as the pages use them. Every method rejects with ApiError. */
export interface AccessApi {
	isSetUp(): Promise<boolean>;
	signIn(email: string, password: string): Promise<void>;
	signOut(): Promise<void>;
	setUp(owner: { readonly name: string; readonly email: string; readonly password: string }): Promise<void>;
	lookAtLink(
		link: string,
	): Promise<{ readonly kind: 'invite' | 'reset'; readonly email: string; readonly name: string }>;
	useLink(link: string, password: string): Promise<void>;
	me(): Promise<ApiMe>;
	changePassword(current: string, next: string): Promise<void>;
	sessions(): Promise<readonly ApiSession[]>;
	endSession(id: string): Promise<void>;
	endOtherSessions(): Promise<void>;
	sites(): Promise<readonly ApiSite[]>;
	people(): Promise<readonly ApiPerson[]>;
	/** @returns the link to send on; null when the address has an account already */
	invite(person: {
		readonly name: string;
		readonly email: string;
		readonly grants: readonly Grant[];
	}): Promise<string | null>;
	changePerson(
		id: string,
		change: { readonly grants?: readonly Grant[]; readonly isDisabled?: boolean; readonly name?: string },
	): Promise<ApiPerson>;
	removePerson(id: string): Promise<void>;
	resetPerson(id: string): Promise<string>;
	signOutPerson(id: string): Promise<void>;
	keys(): Promise<readonly ApiKeyInfo[]>;
	/** @returns the key, this once */
	createKey(key: NewKey): Promise<string>;
	removeKey(id: string): Promise<void>;
	askForDisplay(): Promise<{ readonly code: string; readonly claim: string }>;
	/** @returns whether this browser is let in now */
	claimDisplay(claim: string): Promise<boolean>;
	approveDisplay(display: { readonly code: string; readonly name: string; readonly site: string }): Promise<void>;
	audit(query: AuditQuery): Promise<ApiList<ApiAct>>;
	checkAudit(): Promise<{ readonly checked: number; readonly brokenAt: string | null }>;
}

export function createAccessApi(fetcher: typeof fetch): AccessApi {
	async function call<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
		const headers = {
			accept: 'application/json',
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
		};
		const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
		const response = await fetcher(`/api/v1${path}`, init).catch(() => {
			throw new ApiError(0, m.ui_no_answer());
		});
		if (!response.ok) throw await problemOf(response);
		return (response.status === 204 ? undefined : await response.json()) as T;
	}
	const items = async <T>(path: string) => (await call<{ readonly items: readonly T[] }>('GET', path)).items;
	const one = (id: string, more = '') => `/people/${encodeURIComponent(id)}${more}`;

	return {
		isSetUp: async () => (await call<{ readonly isSetUp: boolean }>('GET', '/sign-in')).isSetUp,
		signIn: (email, password) => call('POST', '/sign-in', { email, password }),
		signOut: () => call('POST', '/sign-out', {}),
		setUp: (owner) => call('POST', '/set-up', owner),
		lookAtLink: (link) => call('POST', '/links/look', { link }),
		useLink: (link, password) => call('POST', '/links/use', { link, password }),
		me: () => call('GET', '/me'),
		changePassword: (current, next) => call('PUT', '/me/password', { current, next }),
		sessions: () => items('/me/sessions'),
		endSession: (id) => call('DELETE', `/me/sessions/${encodeURIComponent(id)}`),
		endOtherSessions: () => call('DELETE', '/me/sessions'),
		sites: () => items('/sites'),
		people: () => items('/people'),
		invite: async (person) => (await call<{ readonly link: string | null }>('POST', '/people', person)).link,
		changePerson: (id, change) => call('PUT', one(id), change),
		removePerson: (id) => call('DELETE', one(id)),
		resetPerson: async (id) => (await call<{ readonly link: string }>('POST', one(id, '/reset'), {})).link,
		signOutPerson: (id) => call('POST', one(id, '/sign-out'), {}),
		keys: () => items('/keys'),
		createKey: async (key) => (await call<{ readonly key: string }>('POST', '/keys', key)).key,
		removeKey: (id) => call('DELETE', `/keys/${encodeURIComponent(id)}`),
		askForDisplay: () => call('POST', '/displays', {}),
		claimDisplay: async (claim) =>
			(await call<{ readonly state: string }>('POST', '/displays/claim', { claim })).state === 'paired',
		approveDisplay: (display) => call('POST', '/displays/approve', display),
		audit: ({ cursor, act, actor }) => {
			const query = new URLSearchParams({ limit: '100' });
			for (const [name, value] of Object.entries({ cursor, act, actor })) if (value) query.set(name, value);
			return call('GET', `/audit?${query}`);
		},
		checkAudit: () => call('GET', '/audit/check'),
	};
}
