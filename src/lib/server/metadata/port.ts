import type { AlertAttempt, AlertChange, AlertContent, AlertMessage, AlertMessageState } from '#contracts/alert.ts';
import type { Limits } from '#contracts/limits.ts';
import type { Plan } from '#contracts/plan.ts';
import type { Grant, Scope } from '#contracts/principal.ts';
import type { Sites } from '#contracts/rights.ts';
import type { Stream, StreamKind, StreamName } from '#contracts/stream.ts';
import type { Verdict } from '#contracts/verdict.ts';
import type { Violation, ViolationState } from '#contracts/violation.ts';

export interface NewStream extends StreamName {
	readonly asset: string;
	readonly kind: StreamKind;
	readonly unit: string;
	readonly plan: Plan;
	/** `file:line` of the configuration that sets the plan; absent or null = the default. */
	readonly planSource?: string | null;
}

export interface StreamWithPlan {
	readonly stream: Stream;
	readonly plan: Plan;
	readonly planRevision: number;
	/** `file:line` of the configuration that sets the plan; null = the default or a person's. */
	readonly planSource: string | null;
}

/** A row of the outbox: written with the change that it tells of, removed once it is in the journal. */
export interface OutboxRow {
	readonly id: number;
	/** No other row of this or another database has it: publishing the row again under it is harmless. */
	readonly key: string;
	readonly bytes: Uint8Array;
}

export interface StreamFilter {
	/** Sites that the reader may see. */
	readonly sites: readonly string[] | 'all';
	readonly asset?: string;
	/** The key as a whole. */
	readonly key?: string;
	/** Ids above this one. */
	readonly afterId: number;
	readonly limit: number;
}

export interface ViolationFilter {
	/** Sites that the reader may see. */
	readonly sites: readonly string[] | 'all';
	readonly fromMicros?: number;
	readonly toMicros?: number;
	readonly streamId?: number;
	readonly rule?: string;
	readonly state?: ViolationState;
	readonly active?: boolean;
	readonly limit: number;
	readonly cursor?: string;
}

/** Who did something, as the audit keeps it. */
export interface Actor {
	readonly name: string;
	/** `person:7`, `key:3`; null where only a name is known. */
	readonly id: string | null;
	readonly address: string | null;
}

export interface NewAct {
	readonly by: Actor;
	/** `key.create`, `person.change`, `plan`, `acknowledged`, … */
	readonly act: string;
	/** `violation:<id>`, `stream:<id>`, `key:<id>`, `person:<id>`, `server`. */
	readonly subject: string;
	/** Null: about the whole server, or several sites. */
	readonly site: string | null;
	readonly detail?: string | null;
	readonly before?: unknown;
	readonly after?: unknown;
}

export interface Act extends Required<NewAct> {
	readonly id: number;
	readonly atMicros: number;
}

export interface ActFilter {
	/** What is of no one site is shown to who sees all. */
	readonly sites: Sites;
	readonly act?: string;
	readonly subject?: string;
	readonly actor?: string;
	readonly fromMicros?: number;
	readonly toMicros?: number;
	readonly beforeId?: number;
	readonly limit: number;
}

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

/** What somebody does about a violation; what is left out stays. */
export interface ViolationChange {
	readonly by: Actor;
	readonly state?: ViolationState;
	readonly comment?: string;
	/** Null: nobody in particular. */
	readonly assignee?: string | null;
	/** Of the catalogue. */
	readonly cause?: string | null;
}

export interface Cause {
	readonly name: string;
	readonly title: string;
	/** Not offered any more; what named it still does. */
	readonly isRetired: boolean;
}

/** A violation that opens, with what a route may ask about. */
export interface AlertOpening {
	readonly violation: Violation;
	readonly stream: { readonly id: number; readonly site: string; readonly asset: string; readonly key: string };
	/** That the stream's plan names. */
	readonly route: string | undefined;
}

/** Says of a batch of verdicts who is to be told; asked inside of the transaction that keeps them, so it must not wait. */
export interface AlertDeciding {
	/** Bits of `CHANGE_BITS`. */
	changesOf(violationId: string): number;
	decide(opening: AlertOpening): readonly { readonly route: string; readonly group: string }[];
}

export interface AlertGroup {
	readonly route: string;
	readonly group: string;
	/** When it had its last message; 0 = never. */
	readonly lastMicros: number;
}

/** What a group has waiting, at the moment at which its message is made. */
export interface AlertTold {
	readonly changes: readonly { readonly id: string; readonly change: AlertChange }[];
	/** The first of them in full. */
	readonly shown: readonly {
		readonly change: AlertChange;
		readonly violation: Violation;
		readonly of: StreamWithPlan;
	}[];
}

export interface AlertGathering extends Pick<AlertGroup, 'route' | 'group'> {
	/** Bits of the changes that are told; all others are dropped. */
	readonly mask: number;
	/** One for each channel. */
	readonly compose: (told: AlertTold) => readonly { readonly channel: string; readonly content: AlertContent }[];
}

/** What an attempt came to. */
export interface AlertOutcome {
	readonly message: AlertMessage;
	readonly state: AlertMessageState;
	readonly tookMs: number;
	readonly status: number | null;
	readonly detail: string;
	/** When it is tried again. */
	readonly dueMicros?: number;
	/** Where the channel has it, for what follows. */
	readonly thread: string | null;
	/** The other side said that there is nobody any more: the channel is turned off. */
	readonly isGone?: true;
}

export interface AlertFilter {
	readonly channel?: string;
	readonly state?: AlertMessageState;
	readonly beforeId?: number;
	readonly limit: number;
}

/**
 * People's and the system's small records; SQLite embedded, PostgreSQL later.
 * Every method is one transaction.
 */
export interface Metadata {
	readonly streams: {
		/** Ids are given once, for ever, from 1. Existing names keep theirs; a changed unit is recorded. New and changed ones get an outbox row (Command `stream`). */
		ensure(streams: readonly NewStream[]): Promise<readonly Stream[]>;
		all(): Promise<readonly StreamWithPlan[]>;
		get(id: number): Promise<StreamWithPlan | undefined>;
		/** Those of these that exist, by id. */
		some(ids: readonly number[]): Promise<readonly StreamWithPlan[]>;
		/** In the order of their ids, from one on: a page costs what it holds, however many streams there are. */
		page(filter: StreamFilter): Promise<readonly Stream[]>;
		/** Sites of these that have streams, and how many. */
		countBySite(sites: Sites): Promise<ReadonlyMap<string, number>>;
		setPlan(id: number, plan: Plan, source: string | null, by?: Actor): Promise<StreamWithPlan>;
	};
	readonly outbox: {
		/** Oldest first. */
		pending(limit: number): Promise<readonly OutboxRow[]>;
		done(ids: readonly number[]): Promise<void>;
	};
	readonly violations: {
		/** Upserts what the record at `seq` says (a smaller revision never replaces a larger one) and moves the position. @returns the violations that changed */
		apply(seq: number, verdicts: readonly Verdict[], deciding?: AlertDeciding): Promise<readonly Violation[]>;
		/** Journal position of the last verdict record applied; 0 = none. */
		position(): Promise<number>;
		list(filter: ViolationFilter): Promise<{ readonly items: readonly Violation[]; readonly cursor: string | null }>;
		get(id: string): Promise<Violation | undefined>;
		active(streamIds: readonly number[]): Promise<readonly Violation[]>;
		/** Those of these streams with violations that are not resolved, and how many. History does not count: nobody has to act on it. */
		openCounts(streamIds: readonly number[]): Promise<ReadonlyMap<number, number>>;
		/** @returns undefined when there is none */
		change(id: string, change: ViolationChange): Promise<Violation | undefined>;
		setState(id: string, state: ViolationState, by: string, comment?: string): Promise<Violation | undefined>;
	};
	readonly limits: {
		/** Every version of a stream's limits, oldest first. */
		of(streamId: number): Promise<readonly Limits[]>;
	};
	readonly keys: {
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
	};
	readonly accounts: {
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
	};
	readonly sessions: {
		add(session: StoredSession): Promise<void>;
		/** Also one that is over. */
		get(id: string): Promise<{ readonly session: StoredSession; readonly account: Account } | undefined>;
		of(accountId: number): Promise<readonly StoredSession[]>;
		extend(id: string, expiresMicros: number): Promise<void>;
		seen(id: string, atMicros: number): Promise<void>;
		remove(id: string): Promise<void>;
		removeOf(accountId: number, except?: string): Promise<void>;
		removeOver(nowMicros: number): Promise<void>;
	};
	readonly links: {
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
	};
	readonly acts: {
		add(act: NewAct): Promise<void>;
		/** The newest first. */
		list(filter: ActFilter): Promise<{ readonly items: readonly Act[]; readonly cursor: string | null }>;
		/** @returns the first row that does not follow from the one before; null when none was changed or taken out */
		verify(): Promise<{ readonly checked: number; readonly brokenAt: number | null }>;
	};
	readonly causes: {
		list(): Promise<readonly Cause[]>;
		/** Adds it, or changes the one of that name. */
		put(cause: Cause, by: Actor): Promise<void>;
	};
	readonly alerts: {
		/** Those with changes that no message tells yet. */
		groups(): Promise<readonly AlertGroup[]>;
		/** Makes messages of what a group has waiting, all or nothing. @returns how many */
		gather(gathering: AlertGathering): Promise<number>;
		/** To be sent by then, in the order in which they were made. */
		waiting(filter: {
			readonly upToMicros: number;
			readonly limit: number;
			readonly notOf: readonly string[];
		}): Promise<readonly AlertMessage[]>;
		/** When the first message has to be sent of those that have to wait until later than this. */
		nextDue(afterMicros: number): Promise<number | undefined>;
		/** Makes all that waits due, of one channel or of every one. */
		hurry(channel?: string): Promise<void>;
		record(outcome: AlertOutcome): Promise<void>;
		/** Where a channel has violations, by their ids. */
		threads(channel: string, violationIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
		get(id: number): Promise<AlertMessage | undefined>;
		/** The newest first. */
		list(filter: AlertFilter): Promise<{ readonly items: readonly AlertMessage[]; readonly cursor: string | null }>;
		log(filter: Omit<AlertFilter, 'state'>): Promise<{
			readonly items: readonly AlertAttempt[];
			readonly cursor: string | null;
		}>;
		counts(): Promise<
			readonly { readonly channel: string; readonly state: AlertMessageState; readonly count: number }[]
		>;
		/** A dead message waits again. @returns false when there is no such dead message */
		again(id: number): Promise<boolean>;
		/** Channels that are turned off. */
		off(): Promise<ReadonlyMap<string, { readonly reason: string; readonly atMicros: number }>>;
		turnOn(channel: string): Promise<void>;
		/** Forgets what is done and older. */
		tidy(olderMicros: number): Promise<void>;
	};
	close(): Promise<void>;
}
