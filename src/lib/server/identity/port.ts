import type { Grant, Role, Scope, Who } from '#contracts/principal.ts';
import type { Act, ActFilter } from '../metadata/port-acts.ts';
import type { Account, ApiKey } from '../metadata/port-people.ts';

/** Where a request comes from, as far as that is known. */
export interface From {
	/** Of the nearest hop that is not a proxy of ours. */
	readonly address: string;
	/** The browser's or program's own word, cut short. */
	readonly agent: string;
}

/** A secret that was shown this once. */
export interface SignedIn {
	/** Goes into the cookie. */
	readonly secret: string;
	readonly account: Account;
}

export interface SessionInfo {
	readonly id: string;
	readonly createdMicros: number;
	readonly seenMicros: number;
	/** Without being used, at the latest. */
	readonly expiresMicros: number;
	readonly address: string;
	readonly agent: string;
	/** The one that asks. */
	readonly isThis: boolean;
}

export interface Invitation {
	readonly email: string;
	readonly name: string;
	readonly grants: readonly Grant[];
}

/** What somebody typed who sets a password. */
export interface Credentials {
	readonly email: string;
	readonly password: string;
}

/**
 * Accounts, sessions, API keys and who may manage them.
 *
 * Methods that act for somebody take `who` and refuse with a Refusal what it may not do; what is of a foreign site does
 * not exist for it.
 */
export interface Identity {
	/** Whether an owner can sign in: from then on a start link opens nothing. */
	isSetUp(): boolean;
	/** Called after whatever may have changed what somebody may do: open sockets look again. */
	onChange(listener: () => void): () => void;

	/** The first account, the owner's. @throws Refusal when there is one already */
	setUp(owner: Credentials & { readonly name: string }, from: From): Promise<SignedIn>;
	/**
	 * The same answer and the same time whatever is wrong.
	 *
	 * @throws QuotaError after too many attempts, RetriableError when too many sign in at once
	 */
	signIn(credentials: Credentials, from: From): Promise<SignedIn | undefined>;
	signOut(who: Who, from: From): Promise<void>;
	/** @returns undefined when the secret opens nothing (any more) */
	ofSession(secret: string): Promise<Who | undefined>;
	/** @returns undefined when the key opens nothing (any more) */
	ofKey(secret: string): Promise<Who | undefined>;

	sessions(who: Who): Promise<readonly SessionInfo[]>;
	/** One of its own. */
	endSession(who: Who, id: string): Promise<void>;
	endOtherSessions(who: Who): Promise<void>;
	changePassword(who: Who, change: { readonly current: string; readonly next: string }, from: From): Promise<SignedIn>;

	people(who: Who): Promise<readonly Person[]>;
	/** @returns the link's secret; null when the address has an account, which now has these roles too */
	invite(
		who: Who,
		invitation: Invitation,
		from: From,
	): Promise<{ readonly person: Person; readonly secret: string | null }>;
	changePerson(who: Who, id: string, change: PersonChange, from: From): Promise<Person>;
	removePerson(who: Who, id: string, from: From): Promise<void>;
	/** A new link to set a password by. @returns its secret */
	resetPerson(who: Who, id: string, from: From): Promise<string>;
	endSessionsOf(who: Who, id: string, from: From): Promise<void>;

	/** @returns undefined when the link is used, expired or none */
	lookAtLink(
		secret: string,
	): Promise<{ readonly kind: 'invite' | 'reset'; readonly email: string; readonly name: string } | undefined>;
	/** Sets the password and signs in. @returns undefined when the link is used, expired or none */
	useLink(secret: string, password: string, from: From): Promise<SignedIn | undefined>;

	keys(who: Who): Promise<readonly ApiKey[]>;
	createKey(who: Who, key: NewKey, from: From): Promise<{ readonly secret: string; readonly key: ApiKey }>;
	removeKey(who: Who, id: string, from: From): Promise<void>;

	/** A screen without a keyboard asks to be let in. @throws QuotaError when too many do */
	askForDisplay(from: From): DisplayRequest;
	/** Somebody who stands before it types its code where he is signed in. */
	approveDisplay(who: Who, display: NewDisplay, from: From): Promise<void>;
	/** @returns the key for its cookie, once; `waiting` until somebody has typed the code; undefined when it is over */
	claimDisplay(claim: string): { readonly key: string } | 'waiting' | undefined;

	audit(
		who: Who,
		filter: Omit<ActFilter, 'sites'>,
	): Promise<{ readonly items: readonly Act[]; readonly cursor: string | null }>;
	/** Only for who sees every site. */
	verifyAudit(): Promise<{ readonly checked: number; readonly brokenAt: number | null }>;
}

export interface NewKey {
	readonly name: string;
	readonly site: string;
	readonly scopes: readonly Scope[];
	readonly expiresMicros: number | null;
}

export interface NewDisplay {
	readonly code: string;
	readonly name: string;
	readonly site: string;
}

export interface DisplayRequest {
	/** Short, to be read from a screen: `7KD-P9Q`. */
	readonly code: string;
	/** What the screen alone knows. */
	readonly claim: string;
}

/** An account as somebody sees it who manages people. */
export interface Person {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	/** Those that the reader may know of. */
	readonly grants: readonly Grant[];
	readonly state: 'active' | 'invited' | 'disabled';
	readonly seenMicros: number | null;
	/** Whether the reader may reset, shut or remove it: all of its roles are his to give. */
	readonly isMine: boolean;
}

export interface PersonChange {
	readonly name?: string;
	readonly isDisabled?: boolean;
	/** In place of those on the sites that the changer manages; others stay. */
	readonly grants?: readonly { readonly site: string; readonly role: Role }[];
}

/** What somebody asked for and may not have, in words for that person. */
export class Refusal extends Error {
	override readonly name = 'Refusal';
	/** `missing`: does not exist, as far as who asks may know. `conflict`: not as things are now. */
	readonly kind: 'forbidden' | 'missing' | 'conflict';
	constructor(kind: Refusal['kind'], message: string) {
		super(message);
		this.kind = kind;
	}
}
