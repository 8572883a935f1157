import { InputError, QuotaError } from '#contracts/error.ts';
import type { Principal } from '#contracts/principal.ts';
import { ROW_BYTES, ROWS_HEADER_BYTES } from '#contracts/rows.ts';
import type { Journal } from '#server/journal/port.ts';
import { type Batch, refusedCount, resolveStreams } from './batch.ts';
import type { DropDuplicates } from './duplicates.ts';
import type { IngestMetrics, Way } from './metrics.ts';
import type { IngestAnswer } from './port.ts';
import type { Rate } from './rate.ts';
import type { StreamRegistry } from './registry.ts';
import { encodeRecords, type Rows } from './rows.ts';
import type { Sources } from './sources.ts';

export interface AcceptParts {
	readonly journal: Journal;
	readonly registry: StreamRegistry;
	readonly partition: number;
	readonly metrics: IngestMetrics;
	readonly rate: Rate;
	readonly sources: Sources;
	readonly dropDuplicates: DropDuplicates;
}

export interface AcceptRequest {
	readonly batch: Batch;
	readonly via: Way;
	readonly principal: Principal;
	readonly receivedMicros: number;
	readonly historical: boolean;
	/** Makes a resend harmless, for `keptMs` or a day. */
	readonly recordKey?: { readonly key: string; readonly keptMs?: number };
	/** One fault refuses all. */
	readonly refusePartial?: boolean;
}

/**
 * Parsed points into the journal: makes new streams, drops duplicates, publishes.
 *
 * @returns once everything accepted is durable
 * @throws QuotaError when all of it is of streams over the limit; InputError when nothing of it was good (or anything was bad, with `refusePartial`); JournalFullError
 */
export async function accept(parts: AcceptParts, request: AcceptRequest): Promise<IngestAnswer> {
	const { batch, via } = request;
	const { metrics } = parts;
	const refuseAll = request.refusePartial === true && batch.faults.length > 0;
	if (!refuseAll) await resolveStreams(batch, parts.registry, request.principal.name);
	for (const [reason, count] of batch.refused) metrics.refused.inc({ via, reason }, count);
	metrics.skippedFields.inc(batch.skipped);
	parts.rate.spend(request.principal.name, batch.rows.count + refusedCount(batch));
	if (!request.historical) noteSource(parts, request);
	if (batch.rows.count === 0) failOnQuota(parts, batch);
	if (request.refusePartial === true || batch.rows.count === 0) failOnFaults(batch);

	const given = batch.rows.count;
	parts.dropDuplicates(batch.rows);
	const accepted = await publishRows(parts, batch.rows, request);
	metrics.accepted.inc({ via }, accepted);
	metrics.duplicates.inc({ via }, given - accepted);
	parts.sources.duplicates(sourceName(request), given - accepted);
	return { accepted, duplicates: given - accepted, refused: refusedCount(batch), errors: batch.faults };
}

function sourceName({ principal }: AcceptRequest): string {
	return `key:${principal.name}`;
}

/** Before what is bad is thrown out: a clock an hour ahead has nothing else. */
function noteSource({ sources }: AcceptParts, request: AcceptRequest): void {
	const { rows, refusedMicros } = request.batch;
	if (rows.count === 0 && refusedMicros === -Infinity) return;
	const { receivedMicros } = request;
	const { view, count } = rows;
	sources.note({ source: sourceName(request), receivedMicros, view, from: 0, count, refusedMicros });
}

/** Room for streams is made by a person. */
const MORE_STREAMS_MS = 60_000;

/** A sender that hears 400 drops its points, and one that hears 429 keeps them until there is room. */
export function failOnQuota({ metrics }: AcceptParts, batch: Batch): void {
	const [first] = batch.faults;
	if (first === undefined || batch.refused.get('stream-limit') !== refusedCount(batch)) return;
	metrics.quota.inc({ limit: 'streams' });
	throw new QuotaError(first.message, { retryAfterMs: MORE_STREAMS_MS, faults: batch.faults });
}

function failOnFaults(batch: Batch): void {
	const [first] = batch.faults;
	if (first === undefined) return;
	const more = refusedCount(batch) - 1;
	throw new InputError(`${first.path}: ${first.message}${more > 0 ? ` (and ${more} more)` : ''}`, batch.faults);
}

/** @returns how many of the rows were new to the journal */
async function publishRows(parts: AcceptParts, rows: Rows, request: AcceptRequest): Promise<number> {
	const { recordKey } = request;
	const records = encodeRecords(rows, { receivedMicros: request.receivedMicros, historical: request.historical });
	if (records.length === 0) return 0;
	const sizes = records.map((bytes) => bytes.length);
	const results = await parts.journal.publishAll(
		records.map((bytes, i) => ({
			topic: 'points' as const,
			partition: parts.partition,
			...(recordKey === undefined ? {} : { id: i === 0 ? recordKey : { ...recordKey, key: `${recordKey.key}:${i}` } }),
			bytes,
		})),
	);
	const repeated = results.filter((result) => result.duplicate).length;
	if (repeated === 0) return rows.count;
	return rowsIn(sizes.filter((_, i) => results[i]?.duplicate === false));
}

function rowsIn(recordSizes: readonly number[]): number {
	return recordSizes.reduce((sum, bytes) => sum + (bytes - ROWS_HEADER_BYTES) / ROW_BYTES, 0);
}
