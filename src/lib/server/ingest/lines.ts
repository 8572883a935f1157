import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InputError } from '#contracts/error.ts';
import { type AcceptParts, accept } from './accept.ts';
import { type Batch, createBatch } from './batch.ts';
import { createLineReader } from './line-reader.ts';
import type { Ingest, IngestAnswer } from './port.ts';
import { createRows, type Rows } from './rows.ts';
import { createSeriesCache, type SeriesCache } from './series-cache.ts';

type LinesRequest = Parameters<Ingest['lines']>[0];

/** The same body this much later is no longer taken for a resend. */
const RESEND_MS = 10 * 60_000;
/** Bytes between two turns of the event loop: about two milliseconds of reading. */
const BYTES_PER_TURN = 256 * 1024;
const USUAL_ROWS = 5000;
const SPARE_ROWS = 4;
const MOST_SPARE_BYTES = 1024 * 1024;

/** `POST /api/v2/write`: InfluxDB line protocol. See ./port.ts. */
export function createLines(parts: AcceptParts & { readonly now: () => number }): Ingest['lines'] {
	const caches = new Map<string, SeriesCache>();
	/** Rows of requests that are done: buffers that are made for each make the collector of garbage look at everything. */
	const spare: Rows[] = [];
	const cacheOf = (site: string) => {
		const cache = caches.get(site) ?? createSeriesCache();
		caches.set(site, cache);
		return cache;
	};

	return async (request) => {
		const { body, principal, precision } = request;
		const site = principal.writeSite;
		const nowMicros = parts.now();
		const rows = spare.pop() ?? createRows(USUAL_ROWS);
		const batch = createBatch(rows);
		parts.metrics.bytes.inc({ via: 'lines' }, body.length);
		const { registry } = parts;
		const reader = createLineReader(body, {
			batch,
			registry,
			cache: cacheOf(site),
			site,
			precision,
			nowMicros,
		});
		try {
			while (reader.read(BYTES_PER_TURN)) await nextTurn();
			return await acceptLines(parts, request, { batch, nowMicros });
		} finally {
			if (spare.length < SPARE_ROWS && rows.bytes.length <= MOST_SPARE_BYTES) spare.push(rows);
			rows.count = 0;
		}
	};
}

async function acceptLines(
	parts: AcceptParts,
	request: LinesRequest,
	{ batch, nowMicros }: { readonly batch: Batch; readonly nowMicros: number },
): Promise<IngestAnswer> {
	const { principal, refusePartial } = request;
	try {
		return await accept(parts, {
			batch,
			via: 'lines',
			principal,
			receivedMicros: nowMicros,
			historical: false,
			refusePartial,
			// A line that was given the hub's time is another point each time it is sent.
			...(batch.stamped ? {} : { recordKey: { key: resendKey(request, batch), keptMs: RESEND_MS } }),
		});
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		const what = refusePartial ? 'nothing was stored' : 'partial write';
		throw new InputError(`${what}: ${error.message}`, error.faults);
	}
}

/**
 * The same body of the same key is a resend. How many of its rows were good belongs to it: a body whose points were
 * refused for their time is another one when the clock has been set.
 */
function resendKey({ principal, precision, body }: LinesRequest, batch: Batch): string {
	const scope = [principal.kind, principal.name, principal.writeSite, precision, batch.rows.count];
	return `lines:${createHash('sha256').update(JSON.stringify(scope)).update(body).digest('hex')}`;
}
