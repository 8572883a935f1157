import type { Grant, Scope } from '#contracts/principal.ts';
import type { Sites } from '#contracts/rights.ts';
import type { Actor } from './port-acts.ts';

export interface ApiKey {
	readonly id: number;
	/** How it begins; empty when that was not kept. */
	readonly shown: string;
	readonly name: string;
	readonly site: string;
	readonly scopes: readonly Scope[];
	readonly createdMicros: number;
	readonly createdBy: string;
	readonly expiresMicros: number | null;
	readonly usedMicros: number | null;
}

export interface Account {
	readonly id: number;
	/** Lower case. */
	readonly email: string;
	readonly name: string;
	readonly grants: readonly Grant[];
	readonly isDisabled: boolean;
	/** False until the invitation is taken. */
	readonly hasPassword: boolean;
	readonly createdMicros: number;
}

export interface NewAccount extends Pick<Account, 'email' | 'name' | 'grants'> {
	/** Hashed. */
	readonly password: string | null;
	/** Only when there is no account yet. */
	readonly ifFirst?: true;
}

export type AccountChange = Partial<Pick<Account, 'name' | 'grants' | 'isDisabled'>>;

export interface StoredSession {
	/** SHA-256 of its secret, hexadecimal. */
	readonly id: string;
	readonly accountId: number;
	readonly createdMicros: number;
	/** Moves on while it is used. */
	readonly expiresMicros: number;
	/** Does not. */
	readonly endsMicros: number;
	readonly seenMicros: number;
	readonly address: string;
	readonly agent: string;
}

export interface KeyRecords {
	/** @returns the key in clear, this once; only its SHA-256 is kept */
	create(key: {
		readonly name: string;
		readonly site: string;
		readonly scopes: readonly Scope[];
		/** Null or absent: works until it is removed. */
		readonly expiresMicros?: number | null;
		readonly by?: Actor;
	}): Promise<string>;
	/** Also one that has expired. */
	find(secret: string): Promise<ApiKey | undefined>;
	get(id: number): Promise<ApiKey | undefined>;
	list(sites: Sites): Promise<readonly ApiKey[]>;
	used(id: number, atMicros: number): Promise<void>;
	remove(id: number, by: Actor): Promise<void>;
}

export interface AccountRecords {
	count(): Promise<number>;
	/** @returns undefined when the address has an account already, or `ifFirst` and there is one */
	create(account: NewAccount, by: Actor): Promise<Account | undefined>;
	all(): Promise<readonly Account[]>;
	get(id: number): Promise<Account | undefined>;
	byEmail(email: string): Promise<{ readonly account: Account; readonly password: string | null } | undefined>;
	/** Other roles, or none, end its sessions. */
	change(id: number, change: AccountChange, by: Actor): Promise<Account | undefined>;
	/** Ends its sessions and links. */
	setPassword(id: number, password: string, by: Actor): Promise<void>;
	/** The same password under a stronger hash. */
	renewHash(id: number, password: string): Promise<void>;
	remove(id: number, by: Actor): Promise<void>;
}

export interface SessionRecords {
	add(session: StoredSession): Promise<void>;
	/** Also one that is over. */
	get(id: string): Promise<{ readonly session: StoredSession; readonly account: Account } | undefined>;
	of(accountId: number): Promise<readonly StoredSession[]>;
	extend(id: string, expiresMicros: number): Promise<void>;
	seen(id: string, atMicros: number): Promise<void>;
	remove(id: string): Promise<void>;
	removeOf(accountId: number, except?: string): Promise<void>;
	removeOver(nowMicros: number): Promise<void>;
}

export interface LinkRecords {
	/** In place of the one that the account had. */
	add(link: {
		readonly hash: string;
		readonly accountId: number;
		readonly kind: 'invite' | 'reset';
		readonly expiresMicros: number;
		readonly site: string | null;
		readonly by: Actor;
	}): Promise<void>;
	/** @returns undefined when there is none, or it has expired */
	find(hash: string): Promise<{ readonly kind: 'invite' | 'reset'; readonly account: Account } | undefined>;
	/** Once: the second taker gets nothing. @returns the account's id */
	take(hash: string): Promise<number | undefined>;
}
