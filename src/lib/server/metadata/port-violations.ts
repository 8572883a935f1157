import type { Verdict } from '#contracts/verdict.ts';
import type { Violation, ViolationState } from '#contracts/violation.ts';
import type { Actor } from './port-acts.ts';
import type { AlertDeciding } from './port-alerts.ts';

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

export interface ViolationRecords {
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
}

export interface CauseRecords {
	list(): Promise<readonly Cause[]>;
	/** Adds it, or changes the one of that name. */
	put(cause: Cause, by: Actor): Promise<void>;
}
