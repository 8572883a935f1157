import type { Gap, PointColumns } from '#contracts/point.ts';
import type { Limits } from '#contracts/limits.ts';
import type { CallSource, CallTarget, LlmCall } from '#contracts/llm-call.ts';
import type { LlmErrorClass } from '#contracts/llm.ts';
import type { Signal } from '#contracts/verdict.ts';
import type { Episode } from '#contracts/violation.ts';
import type { Stream } from '#contracts/stream.ts';
import type { KnowledgeRecords } from './port-knowledge.ts';

/** RowBinary of (UInt32 stream_id, Int64 t µs, Float64 v, UInt8 quality, Int64 received µs, UInt8 flags). */
export const STORED_ROW_BYTES = 30;

/** One entry per bucket that has points: `tMicros` is where it begins, `v` the mean of its points. */
export interface Thinned extends PointColumns {
	/** 0 = there were no more points than asked for, and these are they. */
	readonly bucketMicros: number;
	readonly min: Float64Array;
	readonly max: Float64Array;
	readonly count: Float64Array;
}

/** What the store has of a range, and up to where it has anything of the stream. */
export interface StoredBuckets extends Thinned {
	/** -Infinity = nothing. */
	readonly newestMicros: number;
}

export interface StoreSizes {
	readonly rows: number;
	readonly bytes: number;
	/** Active ones, of all tables. */
	readonly parts: number;
}

export interface PointName {
	readonly streamId: number;
	readonly tMicros: number;
}

/** One time that a point came. */
export interface Arrival extends PointName {
	readonly receivedMicros: number;
}

/** Both ends belong to it. */
export interface PointRange {
	readonly streamId: number;
	readonly fromMicros: number;
	readonly toMicros: number;
}

/** A stretch of a stream with about so many points. Both ends belong to it. */
export interface Slice {
	readonly fromMicros: number;
	readonly toMicros: number;
	readonly points: number;
}

export interface ExportedStream {
	readonly id: number;
	/** As the rows call it; spreadsheets read it, so it begins with nothing that they would run. */
	readonly name: string;
}

/** Rows of (stream_id, stream, time, value, quality, flags, signals), by stream and time. */
export interface ExportWish {
	/** CSV has no head here: stretches stand one after the other. */
	readonly format: 'csv' | 'parquet';
	readonly streams: readonly ExportedStream[];
	/** Both ends belong to it. */
	readonly fromMicros: number;
	readonly toMicros: number;
	/** What came in later is left out, so that an export that goes on is of the same data. */
	readonly asOfMicros: number;
}

export interface CallsFilter {
	/** Sites that the reader may see. */
	readonly sites: readonly string[] | 'all';
	/** Both ends belong to it. */
	readonly fromMicros: number;
	readonly toMicros: number;
	/** Whose times from and to are; default the call's end. */
	readonly time?: 'started' | 'first-event' | 'first-token' | 'ended';
	readonly provider?: string;
	readonly model?: string;
	readonly source?: CallSource;
	/** With null those that say nothing. */
	readonly target?: Pick<CallTarget, 'promptClass' | 'deployment' | 'region' | 'environment'>;
	readonly failed?: boolean;
	readonly errorClass?: string;
	readonly traceId?: string;
	readonly limit: number;
	/** The last one of the page before. */
	readonly after?: { readonly endedMicros: number; readonly id: string };
}

/** Several streams over one time, both ends of which belong to it. */
export interface SideBySide {
	readonly streamIds: readonly number[];
	readonly fromMicros: number;
	readonly toMicros: number;
	readonly bucketMicros: number;
}

/** How many calls ended so. */
export interface CallOutcome {
	/** null: well. */
	readonly errorClass: LlmErrorClass | null;
	readonly calls: number;
}

/** A version of a model as its answers name it; empty where they do not. */
export interface CallVersion {
	readonly responseModel: string;
	readonly fingerprint: string;
	readonly firstMicros: number;
	readonly calls: number;
}

/**
 * ClickHouse behind a URL. Writes are idempotent by token.
 *
 * Methods throw RetriableError while it cannot be reached or has too much to do. Writes throw StoreRefusedError
 * (errors.ts) for content that it will never take.
 */
export interface Store extends KnowledgeRecords {
	ping(): Promise<boolean>;
	migrate(): Promise<void>;
	/** One insert; repeated with the same token it changes nothing. */
	insertPoints(insert: { readonly token: string; readonly rows: Uint8Array }): Promise<void>;
	insertVerdicts(insert: {
		readonly token: string;
		readonly signals: readonly Signal[];
		readonly limits: readonly Limits[];
		readonly episodes: readonly Episode[];
	}): Promise<void>;
	insertGaps(insert: {
		readonly token: string;
		readonly gaps: readonly Gap[];
		readonly receivedMicros: number;
	}): Promise<void>;
	insertCalls(insert: {
		readonly token: string;
		readonly calls: readonly LlmCall[];
		readonly receivedMicros: number;
	}): Promise<void>;
	putStreams(streams: readonly Stream[]): Promise<void>;
	/** The largest stream id that the store knows; after a restore the larger counter wins. */
	maxStreamId(): Promise<number>;
	countPoints(range: PointRange): Promise<number>;
	/** @param range with `asOfMicros` without what arrived later */
	points(range: PointRange & { readonly asOfMicros?: number }): Promise<PointColumns>;
	lastPoints(streamId: number, count: number, beforeMicros?: number): Promise<PointColumns>;
	thinnedPoints(range: PointRange & { readonly maxPoints: number }): Promise<StoredBuckets>;
	/**
	 * At most maxPoints of the range's own points, those that keep the shape of its line (Steinarsson 2013, "largest
	 * triangle three buckets"), oldest first. @throws InputError for a range of more points than can be looked at
	 */
	shapedPoints(range: PointRange & { readonly maxPoints: number }): Promise<PointColumns>;
	/** Cuts a range into stretches of at most about `most` points, oldest first, by the rollups; stretches without points are left out. */
	slices(range: PointRange & { readonly most: number }): Promise<readonly Slice[]>;
	/** What ClickHouse writes itself, as it comes. Ending the iteration, or the signal, ends the query. */
	exported(wish: ExportWish, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
	/** What is stored of these points. */
	arrivals(names: readonly PointName[]): Promise<readonly Arrival[]>;
	signals(range: PointRange): Promise<readonly Signal[]>;
	/** Of each of these streams that has some: means of its points in buckets, at the first point's time in each, oldest first. */
	sideBySide(
		of: SideBySide,
	): Promise<ReadonlyMap<number, { readonly tMicros: Float64Array; readonly v: Float64Array }>>;
	/** Gaps of these streams that touch the time, oldest first; the first five hundred. */
	gapsOf(of: Omit<SideBySide, 'bucketMicros'>): Promise<readonly Gap[]>;
	/** Gaps that touch the range. */
	gaps(range: PointRange): Promise<readonly Gap[]>;
	/** Versions of a model that answered calls, by when each first did, oldest first. */
	callVersions(of: {
		readonly site: string;
		readonly provider: string;
		readonly model: string;
		readonly source: CallSource;
		readonly fromMicros: number;
		readonly toMicros: number;
	}): Promise<readonly CallVersion[]>;
	/** How calls ended, the most frequent end first; without a limit. */
	callOutcomes(filter: Omit<CallsFilter, 'limit' | 'after'>): Promise<readonly CallOutcome[]>;
	/** Calls of language models, newest first. */
	calls(filter: CallsFilter): Promise<readonly LlmCall[]>;
	/** Newest t of each stream that has points: where the writer goes on after a restart. */
	lastTimes(): Promise<ReadonlyMap<number, number>>;
	/** Has what has outlived the retention of its site deleted, by the sites of `putStreams`. @returns how many months of tables are written anew */
	expire(): Promise<number>;
	/** Of what is stored now. */
	sizes(): Promise<StoreSizes>;
	/**
	 * Links all that is stored under another name; a moment's work, in which nothing should be inserted.
	 *
	 * @returns the BACKUP statement that saves it, but for its destination
	 */
	freeze(): Promise<string>;
	/** Writes what was frozen to a file (`NAME.tar`) in the server's own folder for backups, however long that takes. */
	saveFrozen(file: string): Promise<void>;
	/** Lets go of what was frozen. */
	thaw(): Promise<void>;
	/** Brings in what `saveFrozen` wrote. @throws Error unless the store is empty */
	restoreFrom(file: string): Promise<void>;
	close(): Promise<void>;
}
