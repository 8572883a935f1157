import type { Limits } from '#contracts/limits.ts';
import type { Plan } from '#contracts/plan.ts';
import type { Principal, Scope } from '#contracts/principal.ts';
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
		setPlan(id: number, plan: Plan, source: string | null): Promise<StreamWithPlan>;
	};
	readonly outbox: {
		/** Oldest first. */
		pending(limit: number): Promise<readonly OutboxRow[]>;
		done(ids: readonly number[]): Promise<void>;
	};
	readonly violations: {
		/** Upserts what the record at `seq` says (a smaller revision never replaces a larger one) and moves the position. @returns the violations that changed */
		apply(seq: number, verdicts: readonly Verdict[]): Promise<readonly Violation[]>;
		/** Journal position of the last verdict record applied; 0 = none. */
		position(): Promise<number>;
		list(filter: ViolationFilter): Promise<{ readonly items: readonly Violation[]; readonly cursor: string | null }>;
		get(id: string): Promise<Violation | undefined>;
		active(streamIds: readonly number[]): Promise<readonly Violation[]>;
		/** Those of these streams with violations that are not resolved, and how many. History does not count: nobody has to act on it. */
		openCounts(streamIds: readonly number[]): Promise<ReadonlyMap<number, number>>;
		setState(id: string, state: ViolationState, by: string, comment?: string): Promise<Violation | undefined>;
	};
	readonly limits: {
		/** Every version of a stream's limits, oldest first. */
		of(streamId: number): Promise<readonly Limits[]>;
	};
	readonly keys: {
		/** @returns the key in clear, this once; only its SHA-256 is kept */
		create(key: { readonly name: string; readonly site: string; readonly scopes: readonly Scope[] }): Promise<string>;
		find(secret: string): Promise<Principal | undefined>;
	};
	close(): Promise<void>;
}
