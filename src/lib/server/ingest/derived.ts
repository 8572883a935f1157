import type { Publication } from '#server/journal/port.ts';
import { failOnQuota, type AcceptParts } from './accept.ts';
import { createBatch, nameFault, refuse, refusedCount, resolveStreams, wantStream, type Batch } from './batch.ts';
import type { DerivedAnswer, DerivedPoint, DerivedRequest } from './port.ts';
import { encodeRecords, pushRow } from './rows.ts';

/**
 * Points that follow from a record of another kind (the call of a language model), journaled with it: all or none. A resend of that
 * record under its key brings none of them again.
 */
export async function acceptDerived(
	parts: AcceptParts & { readonly now: () => number },
	{ principal, record, points }: DerivedRequest,
): Promise<DerivedAnswer> {
	const batch = createBatch();
	for (const point of points) add(batch, parts.registry, principal.writeSite, point);
	await resolveStreams(batch, parts.registry, principal.name);
	for (const [reason, count] of batch.refused) parts.metrics.refused.inc({ via: record.via, reason }, count);
	parts.rate.spend(principal.name, batch.rows.count + refusedCount(batch));
	if (batch.rows.count === 0) failOnQuota(parts, batch);
	parts.dropDuplicates(batch.rows);
	const [published] = await parts.journal.publishAll(publicationsOf(parts, record, batch));
	const duplicate = published?.duplicate === true;
	parts.metrics[duplicate ? 'duplicates' : 'accepted'].inc({ via: record.via }, batch.rows.count);
	return { duplicate, faults: batch.faults };
}

function add(batch: Batch, registry: AcceptParts['registry'], site: string, point: DerivedPoint): void {
	const { key, labels, unit, tMicros, v, quality } = point;
	const known = registry.find(site, key, labels);
	if (known !== undefined) return pushRow(batch.rows, known.id, tMicros, v, quality);
	const fault = nameFault(key, labels);
	if (fault !== undefined) return refuse(batch, 'stream', { path: key.slice(0, 60), message: fault });
	const wanted = { site, key, labels, kind: 'llm', unit } as const;
	pushRow(batch.rows, wantStream(batch, wanted, key), tMicros, v, quality);
}

function publicationsOf(parts: AcceptParts, record: DerivedRequest['record'], { rows }: Batch): Publication[] {
	const { partition } = parts;
	const { key, topic, bytes } = record;
	const of = (i: number) => (key === undefined ? {} : { id: { key: i === 0 ? key : `${key}:${i}` } });
	const points = encodeRecords(rows, { receivedMicros: record.receivedMicros, historical: false });
	const all = points.map((more) => ({ topic: 'points', bytes: more }) as const);
	const own = topic === undefined || bytes === undefined ? [] : [{ topic, bytes }];
	return [...own, ...all].map((one, i) => ({ ...one, partition, ...of(i) }));
}
