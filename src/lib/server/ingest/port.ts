import type { WebSocket } from 'ws';
import type { InputFault } from '#contracts/error.ts';
import type { Principal } from '#contracts/principal.ts';

export interface IngestAnswer {
	readonly accepted: number;
	readonly duplicates: number;
	readonly refused: number;
	/** The first hundred faults. */
	readonly errors: readonly InputFault[];
}

export type Precision = 'ns' | 'us' | 'ms' | 's';

/**
 * The ways in. All resolve once the points are in the journal.
 *
 * @throws InputError when nothing can be taken; QuotaError when it is of streams over the limit; JournalFullError when senders have to wait
 */
export interface Ingest {
	/**
	 * Before a body is read.
	 *
	 * @throws QuotaError when the key has sent more than it may
	 */
	admit(principal: Principal): void;
	/** Of a stream whose sender's clock is off now: by how much it is ahead of the hub's. */
	clockOf(streamId: number): { readonly source: string; readonly offsetSeconds: number } | undefined;
	/** `POST /api/v1/points`: ndjson or a JSON array. */
	points(request: {
		readonly principal: Principal;
		readonly body: Uint8Array;
		readonly contentType: string;
		readonly idempotencyKey?: string;
		/** Judged as history, never alerted. */
		readonly historical?: boolean;
	}): Promise<IngestAnswer>;
	/** `POST /api/v2/write`: InfluxDB line protocol. */
	lines(request: {
		readonly principal: Principal;
		readonly body: Uint8Array;
		readonly precision: Precision;
		/** `?partial=refuse`: one bad line refuses all. */
		readonly refusePartial: boolean;
	}): Promise<IngestAnswer>;
	/** `GET /api/v1/collect`: takes over the socket. */
	collect(socket: WebSocket, principal: Principal): void;
}
