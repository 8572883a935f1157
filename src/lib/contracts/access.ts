import type { Grant, Principal } from './principal.ts';
import type { Rights, Scope } from './rights.ts';

/** `GET /api/v1/me`. */
export interface ApiMe extends Omit<Principal, 'sees'> {
	readonly id: string;
	readonly rights: Rights;
	readonly grants: readonly Grant[];
}

export interface ApiPerson {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	readonly grants: readonly Grant[];
	readonly state: 'active' | 'invited' | 'disabled';
	readonly seenAt: string | null;
	/** All of its roles are the reader's to give: he may reset and remove it. */
	readonly isMine: boolean;
}

export interface ApiSession {
	readonly id: string;
	readonly createdAt: string;
	readonly seenAt: string;
	readonly expiresAt: string;
	readonly address: string;
	readonly agent: string;
	readonly isThis: boolean;
}

export interface ApiKeyInfo {
	readonly id: string;
	/** How it begins. */
	readonly shown: string;
	readonly name: string;
	readonly site: string;
	readonly scopes: readonly Scope[];
	readonly createdAt: string;
	readonly createdBy: string;
	readonly usedAt: string | null;
	readonly expiresAt: string | null;
	readonly isExpired: boolean;
}

export interface ApiAct {
	readonly id: string;
	readonly at: string;
	readonly by: { readonly name: string; readonly id: string | null; readonly address: string | null };
	readonly act: string;
	readonly subject: string;
	readonly site: string | null;
	readonly detail: string | null;
	readonly before: unknown;
	readonly after: unknown;
}

export interface ApiSite {
	readonly site: string;
	readonly streams: number;
}
