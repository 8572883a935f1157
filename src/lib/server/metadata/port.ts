import type { Limits } from '#contracts/limits.ts';
import type { Plan } from '#contracts/plan.ts';
import type { Sites } from '#contracts/rights.ts';
import type { Stream, StreamKind, StreamName } from '#contracts/stream.ts';
import type { ActRecords, Actor } from './port-acts.ts';
import type { AnnotationRecords } from './port-annotations.ts';
import type { AlertRecords } from './port-alerts.ts';
import type { DocumentRecords } from './port-documents.ts';
import type { EventRecords } from './port-events.ts';
import type { RcaRecords } from './port-rca.ts';
import type { AccountRecords, KeyRecords, LinkRecords, SessionRecords } from './port-people.ts';
import type { RecordingRecords } from './port-recordings.ts';
import type { SecretRecords } from './port-secrets.ts';
import type { CauseRecords, ViewRecords, ViolationRecords } from './port-violations.ts';

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
		/**
		 * Takes the streams and events of a site out of everything that is read, violations with them. What is measured under
		 * such a name later is another stream: ids are never given again.
		 *
		 * @returns how many streams
		 */
		removeSite(site: string, by: Actor): Promise<number>;
	};
	readonly outbox: {
		/** Oldest first. */
		pending(limit: number): Promise<readonly OutboxRow[]>;
		done(ids: readonly number[]): Promise<void>;
	};
	readonly violations: ViolationRecords;
	readonly limits: {
		/** Every version of a stream's limits, oldest first. */
		of(streamId: number): Promise<readonly Limits[]>;
	};
	readonly keys: KeyRecords;
	readonly accounts: AccountRecords;
	readonly sessions: SessionRecords;
	readonly links: LinkRecords;
	readonly annotations: AnnotationRecords;
	readonly acts: ActRecords;
	readonly causes: CauseRecords;
	readonly secrets: SecretRecords;
	readonly views: ViewRecords;
	readonly events: EventRecords;
	readonly documents: DocumentRecords;
	readonly alerts: AlertRecords;
	readonly rca: RcaRecords;
	readonly recordings: RecordingRecords;
	close(): Promise<void>;
}
