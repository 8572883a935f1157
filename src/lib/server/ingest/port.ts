import type { WebSocket } from 'ws';
import type { InputFault } from '#contracts/error.ts';
import type { Quality } from '#contracts/point.ts';
import type { Principal } from '#contracts/principal.ts';
import type { Labels } from '#contracts/stream.ts';

export interface IngestAnswer {
	readonly accepted: number;
	readonly duplicates: number;
	readonly refused: number;
	/** The first hundred faults. */
	readonly errors: readonly InputFault[];
}

export type Precision = 'ns' | 'us' | 'ms' | 's';

/** A point that follows from something else; its stream, of kind `llm`, is made when it is new. */
export interface DerivedPoint {
	readonly key: string;
	readonly labels: Labels;
	readonly unit: string;
	readonly tMicros: number;
	readonly v: number;
	readonly quality: Quality;
}

export interface DerivedRequest {
	readonly principal: Principal;
	readonly record: {
		readonly via: 'calls';
		/** Journaled with the points, before them. */
		readonly topic?: 'calls' | 'logs';
		readonly bytes?: Uint8Array;
		readonly receivedMicros: number;
		/** Makes a resend of the whole harmless for a day. */
		readonly key?: string | undefined;
	};
	readonly points: readonly DerivedPoint[];
}

export interface DerivedAnswer {
	/** It was there already: nothing was written. */
	readonly duplicate: boolean;
	/** Of streams that could not be made. */
	readonly faults: readonly InputFault[];
}

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
	/** Counts what came another way (lines of logs) as so many points of the key. */
	spend(principal: Principal, points: number): void;
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
	/** A record with the points that follow from it, in one transaction. @throws QuotaError when none of its streams may be made */
	derived(request: DerivedRequest): Promise<DerivedAnswer>;
	/** `GET /api/v1/collect`: takes over the socket. */
	collect(socket: WebSocket, principal: Principal): void;
}
