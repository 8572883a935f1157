import type { LlmErrorClass, LlmUsage } from '#contracts/llm.ts';

/** Own deadlines, from the call's beginning or between two signs of life, in milliseconds: no client of a provider has these. */
export interface Deadlines {
	readonly firstTokenMs: number;
	readonly idleMs: number;
	readonly totalMs: number;
}

/**
 * One measured call. Latencies count from the request's sending on an open connection; null is what was not observed. `at…` are
 * microseconds since 1970: when a value was known.
 */
export interface MeasuredCall {
	readonly startedMicros: number;
	readonly endedMicros: number;
	readonly connection: 'new' | 'reused';
	readonly connectMs: number | null;
	/** First event of any kind. */
	readonly ttfcMs: number | null;
	readonly ttftMs: number | null;
	readonly firstTokenMicros: number | null;
	/** Of a complete answer only. */
	readonly totalMs: number | null;
	readonly tpotMs: number | null;
	readonly chunkGapP95Ms: number | null;
	readonly outputTps: number | null;
	readonly serverMs: number | null;
	readonly queueMs: number | null;
	readonly loadMs: number | null;
	readonly usage: LlmUsage;
	readonly finish: string | null;
	readonly responseModel: string | null;
	/** Of the deployment that answered, where the provider says one. */
	readonly fingerprint: string | null;
	/** null: a good call. */
	readonly errorClass: LlmErrorClass | null;
	/** For people: what the provider or the network said; no secret. */
	readonly errorText: string | null;
	/** How long the provider asks to be left alone. */
	readonly retryAfterMs: number | null;
	/** How long was waited in vain, of a call that ran into a deadline: the latency is at least this. */
	readonly censoredMs: number | null;
	/** The answer's text, for checks; never stored. */
	readonly text: string;
}
