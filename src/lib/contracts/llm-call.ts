import { z } from 'zod';
import { LLM_ERROR_CLASSES, type LlmErrorClass, type LlmUsage } from './llm.ts';
import { formatTime, parseTime } from './time.ts';

/** How a call became known here. */
export const CALL_SOURCES = ['probe', 'api', 'proxy', 'otlp', 'litellm'] as const;
export type CallSource = (typeof CALL_SOURCES)[number];

/** What tells calls apart that are not comparable; null = nobody said. */
export interface CallTarget {
	readonly source: CallSource;
	readonly provider: string;
	readonly model: string;
	readonly promptClass: string | null;
	readonly deployment: string | null;
	readonly region: string | null;
	readonly environment: string | null;
}

/**
 * One call of a language model, as it is kept. Durations count from `startedMicros`; null is what is not known, never 0.
 *
 * `endedMicros` and `firstTokenMicros` are when something became known; no two calls of one target share one, so that they are the
 * times of the points made of them.
 */
export interface LlmCall extends CallTarget, LlmUsage {
	readonly id: string;
	readonly site: string;
	readonly startedMicros: number;
	readonly endedMicros: number;
	readonly firstTokenMicros: number | null;
	readonly connectMs: number | null;
	/** To the first event, which for some providers is not yet a token. */
	readonly ttfcMs: number | null;
	readonly ttftMs: number | null;
	readonly tpotMs: number | null;
	readonly chunkGapP95Ms: number | null;
	/** Of a failed call too: how long it took to fail. */
	readonly totalMs: number | null;
	/** As the provider says: its own processing, waiting in its queue, loading of the model. */
	readonly serverMs: number | null;
	readonly queueMs: number | null;
	readonly loadMs: number | null;
	readonly costUsd: number | null;
	/** Whose price `costUsd` is: a version of the price list, `own <date>`, or `given`. */
	readonly priceVersion: string | null;
	/** null: a good call. */
	readonly errorClass: LlmErrorClass | null;
	/** Of the answer, where there was one. */
	readonly status: number | null;
	readonly retries: number | null;
	readonly finishReason: string | null;
	readonly responseModel: string | null;
	/** Of the deployment that answered, where the provider says one (OpenAI's system_fingerprint). */
	readonly fingerprint: string | null;
	/** Whether the answer passed a check of the sender's. */
	readonly passed: boolean | null;
	readonly traceId: string | null;
	readonly spanId: string | null;
}

const ms = z.number().min(0).max(86_400_000).nullish();
const tokens = z.number().int().min(0).max(4_294_967_295).nullish();
/** Of a stream's labels too. */
const word = z.string().max(100).nullish();
const time = z.unknown().transform((given, context) => {
	const micros = parseTime(given);
	if (micros !== undefined) return micros;
	const message =
		given === undefined
			? 'is missing: say when the call began'
			: 'is no time: write RFC 3339 like "2026-01-31T12:00:00Z" or integer microseconds';
	context.addIssue({ code: 'custom', message });
	return z.NEVER;
});

/** A call as `POST /api/v1/llm/calls` takes it: all but the first three may be left out or null. */
export const callInputSchema = z.strictObject({
	provider: z
		.string()
		.min(1)
		.max(60)
		.regex(/^[^/]*$/, 'must not have a slash: it is the first segment of the streams'),
	model: z.string().min(1).max(120),
	startedAt: time,
	ttftMs: ms,
	totalMs: ms,
	ttfcMs: ms,
	tpotMs: ms,
	chunkGapP95Ms: ms,
	connectMs: ms,
	serverMs: ms,
	queueMs: ms,
	loadMs: ms,
	inputTokens: tokens,
	outputTokens: tokens,
	cachedTokens: tokens,
	cacheWriteTokens: tokens,
	reasoningTokens: tokens,
	costUsd: z.number().min(0).max(1_000_000).nullish(),
	errorClass: z.enum(LLM_ERROR_CLASSES).nullish(),
	status: z.number().int().min(100).max(599).nullish(),
	retries: z.number().int().min(0).max(1000).nullish(),
	finishReason: word,
	responseModel: z.string().max(200).nullish(),
	fingerprint: word,
	passed: z.boolean().nullish(),
	region: word,
	deployment: word,
	environment: word,
	promptClass: word,
	traceId: z.string().max(64).nullish(),
	spanId: z.string().max(64).nullish(),
});
export type CallInput = z.output<typeof callInputSchema>;

/** A call in the API: times are RFC 3339. */
export type ApiCall = Omit<LlmCall, 'startedMicros' | 'endedMicros' | 'firstTokenMicros'> & {
	readonly startedAt: string;
	readonly endedAt: string;
	readonly firstTokenAt: string | null;
};

export function toApiCall({ startedMicros, endedMicros, firstTokenMicros, ...call }: LlmCall): ApiCall {
	return {
		...call,
		startedAt: formatTime(startedMicros),
		endedAt: formatTime(endedMicros),
		firstTokenAt: firstTokenMicros === null ? null : formatTime(firstTokenMicros),
	};
}

/** A journal record of topic `calls`. */
export interface CallsRecord {
	readonly receivedMicros: number;
	readonly calls: readonly LlmCall[];
}

const VERSION = 1;

export function encodeCalls(record: CallsRecord): Uint8Array {
	return new TextEncoder().encode(JSON.stringify({ version: VERSION, ...record }));
}

/** @throws RangeError when the bytes are no record of calls; that is a fault of ours, never of a sender */
export function parseCalls(bytes: Uint8Array): CallsRecord {
	const record = JSON.parse(new TextDecoder().decode(bytes)) as CallsRecord & { version: unknown };
	if (record.version !== VERSION || !Array.isArray(record.calls))
		throw new RangeError(`cannot read a record of calls: version ${String(record.version)} is not known`);
	return record;
}
