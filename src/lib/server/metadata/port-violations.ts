import type { Verdict } from '#contracts/verdict.ts';
import type { Severity, Violation, ViolationState } from '#contracts/violation.ts';
import type { Actor } from './port-acts.ts';
import type { AlertDeciding } from './port-alerts.ts';

/** Which violations; what is left out is not asked about. */
export interface ViolationMatch {
	/** Sites that the reader may see. */
	readonly sites: readonly string[] | 'all';
	/** What overlaps the range; one that goes on has no end yet. */
	readonly fromMicros?: number;
	readonly toMicros?: number;
	readonly streamId?: number;
	readonly asset?: string;
	readonly rule?: string;
	readonly chart?: string;
	readonly state?: ViolationState | 'unresolved';
	readonly active?: boolean;
	readonly severity?: Severity;
	/** Null: none is named yet. */
	readonly cause?: string | null;
	/** Null: nobody looks after it. */
	readonly assignee?: string | null;
}

export interface ViolationFilter extends ViolationMatch {
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
	/** Back to how it stood: what is resolved may become acknowledged again. */
	readonly isReturn?: true;
}

/** What of a violation is people's. */
export type ViolationStanding = Pick<Violation, 'state' | 'assignee' | 'cause'>;

export interface WantedChange {
	readonly id: string;
	readonly change: ViolationChange;
	/** Only while it stands like this: else somebody did something since. */
	readonly ifNow?: ViolationStanding;
}

export interface ChangedViolation {
	readonly before: Violation;
	readonly after: Violation;
}

export const GROUPINGS = ['asset', 'stream', 'rule', 'cause', 'severity', 'assignee'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Violations that have something in common. */
export interface ViolationGroup {
	/** Of streams their id; null: no cause, nobody. */
	readonly key: string | null;
	/** For people: of a stream its key. */
	readonly title: string | null;
	readonly count: number;
	readonly unresolved: number;
	readonly active: number;
	readonly critical: number;
	readonly newestMicros: number;
}

/** How long something took, of those in which it happened. */
export interface Durations {
	readonly count: number;
	/** Null: it never happened. */
	readonly medianMs: number | null;
	readonly p90Ms: number | null;
}

export interface HandlingTimes {
	readonly opened: number;
	/** From when it became known here. */
	readonly acknowledged: Durations;
	readonly resolved: Durations;
}

export interface ViolationSummary {
	readonly total: HandlingTimes;
	/** By the Monday (UTC) on which the week began in which it became known, oldest first. */
	readonly weeks: readonly (HandlingTimes & { readonly fromMicros: number })[];
	/** There were more than are looked at: the newest count. */
	readonly isCut: boolean;
}

/** Null: it has not happened, or was not kept then. */
export interface ViolationTimes {
	readonly openedMicros: number | null;
	readonly acknowledgedMicros: number | null;
	readonly resolvedMicros: number | null;
}

/** A step of the reaction plan. */
export interface ReactionStep {
	readonly step: string;
	readonly done: { readonly atMicros: number; readonly by: string } | null;
	/** False: it was done, and the plan does not have it any more. */
	readonly isPlanned: boolean;
}

export interface Cause {
	readonly name: string;
	readonly title: string;
	/** Not offered any more; what named it still does. */
	readonly isRetired: boolean;
}

export interface KnownCause extends Cause {
	/** That violations which named it now name. */
	readonly mergedInto: string | null;
	/** Violations that name it. */
	readonly uses: number;
}

/** A filter of a page that somebody keeps. */
export interface SavedView {
	readonly name: string;
	/** As the page's address holds it. */
	readonly query: string;
}

export interface ViolationRecords {
	/** Upserts what the record at `seq` says (a smaller revision never replaces a larger one) and moves the position. @returns the violations that changed */
	apply(seq: number, verdicts: readonly Verdict[], deciding?: AlertDeciding): Promise<readonly Violation[]>;
	/** Journal position of the last verdict record applied; 0 = none. */
	position(): Promise<number>;
	list(filter: ViolationFilter): Promise<{ readonly items: readonly Violation[]; readonly cursor: string | null }>;
	get(id: string): Promise<Violation | undefined>;
	/** Those of these that exist. */
	some(ids: readonly string[]): Promise<readonly Violation[]>;
	active(streamIds: readonly number[]): Promise<readonly Violation[]>;
	/** Those of these streams with violations that are not resolved, and how many. History does not count: nobody has to act on it. */
	openCounts(streamIds: readonly number[]): Promise<ReadonlyMap<number, number>>;
	/** @returns undefined when there is none */
	change(id: string, change: ViolationChange): Promise<Violation | undefined>;
	/** All or none, in their order. @returns those that exist and were as they had to be */
	changeAll(changes: readonly WantedChange[]): Promise<readonly ChangedViolation[]>;
	/** The largest first; history is left out, as nobody has to act on it. */
	groups(
		filter: ViolationMatch & { readonly by: Grouping; readonly limit: number },
	): Promise<readonly ViolationGroup[]>;
	/** How long people took; without history. */
	summary(filter: ViolationMatch): Promise<ViolationSummary>;
	times(id: string): Promise<ViolationTimes | undefined>;
	/** Of the plan in force, once it is resolved of the plan then; and what was ticked besides. */
	steps(id: string): Promise<readonly ReactionStep[]>;
	/** @returns false when the plan has no such step */
	tick(id: string, tick: { readonly step: string; readonly isDone: boolean; readonly by: Actor }): Promise<boolean>;
	setState(id: string, state: ViolationState, by: string, comment?: string): Promise<Violation | undefined>;
}

export interface CauseRecords {
	list(): Promise<readonly KnownCause[]>;
	/** Adds it, or changes the one of that name. */
	put(cause: Cause, by: Actor): Promise<void>;
	/** What named it names the other from now on; it is retired. @returns how many did; undefined when either is missing */
	merge(name: string, into: string, by: Actor): Promise<number | undefined>;
	/** @returns false when violations name it, or it is none */
	remove(name: string, by: Actor): Promise<boolean>;
}

export interface ViewRecords {
	list(owner: string, page: string): Promise<readonly SavedView[]>;
	/** In place of the one of that name. @returns false when there are too many */
	put(owner: string, page: string, view: SavedView): Promise<boolean>;
	remove(owner: string, page: string, name: string): Promise<boolean>;
}
