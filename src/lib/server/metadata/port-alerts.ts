import type { AlertAttempt, AlertChange, AlertContent, AlertMessage, AlertMessageState } from '#contracts/alert.ts';
import type { Violation } from '#contracts/violation.ts';
import type { StreamWithPlan } from './port.ts';

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

export interface AlertRecords {
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
	counts(): Promise<readonly { readonly channel: string; readonly state: AlertMessageState; readonly count: number }[]>;
	/** A dead message waits again. @returns false when there is no such dead message */
	again(id: number): Promise<boolean>;
	/** Channels that are turned off. */
	off(): Promise<ReadonlyMap<string, { readonly reason: string; readonly atMicros: number }>>;
	turnOn(channel: string): Promise<void>;
	/** Forgets what is done and older. */
	tidy(olderMicros: number): Promise<void>;
}
