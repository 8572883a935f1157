import { Counter, Gauge, type Registry } from 'prom-client';

/** Why a point was not taken. */
export type RefusalReason =
	'malformed' | 'field' | 'stream' | 'labels' | 'unit' | 'time' | 'value' | 'quality' | 'stream-limit' | 'batch';

export type Way = 'points' | 'lines' | 'collect' | 'calls';

/** What came in, by the way it came. Counts of points unless the name says otherwise. */
export interface IngestMetrics {
	readonly accepted: Counter<'via'>;
	readonly refused: Counter<'via' | 'reason'>;
	readonly duplicates: Counter<'via'>;
	readonly bytes: Counter<'via'>;
	/** Of collectors: lines of logs, calls. What comes over HTTP is counted there. */
	readonly documents: Counter<'kind' | 'result'>;
	readonly skippedFields: Counter;
	readonly sessions: Gauge;
	/** Requests of HTTP that were refused, and pauses of collectors, by the limit that did it. */
	readonly quota: Counter<'limit'>;
	/** What collectors have sent and the journal has not; each connection is read no further at 4 MiB. */
	readonly inboxBytes: Gauge;
}

export function createIngestMetrics(registry: Registry): IngestMetrics {
	const registers = [registry];
	const counter = <T extends string>(name: string, help: string, labelNames: T[]) =>
		new Counter({ name: `sigmascope_ingest_${name}`, help, labelNames, registers });
	return {
		accepted: counter('points_accepted_total', 'Points that are in the journal', ['via']),
		refused: counter('points_refused_total', 'Points that could not be taken', ['via', 'reason']),
		duplicates: counter('points_duplicate_total', 'Points that were there already', ['via']),
		documents: counter('documents_total', 'Lines of logs and calls that collectors sent, by what became of them', [
			'kind',
			'result',
		]),
		bytes: counter('bytes_total', 'Bytes of bodies and batches, unpacked', ['via']),
		skippedFields: counter('skipped_fields_total', 'String fields of line protocol: they are no values', []),
		quota: counter('quota_total', 'Requests refused and collectors paused, by limit', ['limit']),
		inboxBytes: new Gauge({
			name: 'sigmascope_collect_inbox_bytes',
			help: 'Sent by collectors and not yet in the journal; 4 MiB at most for each connection',
			registers,
		}),
		sessions: new Gauge({ name: 'sigmascope_collect_sessions', help: 'Connected collectors', registers }),
	};
}
