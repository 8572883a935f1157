import type { IncomingMessage } from 'node:http';
import { classOfError, classOfFinish, classOfStatus } from '#lib/llm/error-class.ts';
import type { LlmErrorClass } from '#contracts/llm.ts';
import type { CallInput } from '#contracts/llm-call.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import { modelInPath, type LlmApi } from '#lib/llm/api.ts';
import { gapP95, timePerToken } from '#lib/llm/tally.ts';
import { cut } from '../foreign.ts';
import { createAnswerReader, type AnswerReader } from './answer.ts';
import type { Ending, Witness } from './forward.ts';
import { createModelFinder } from './json-model.ts';
import type { ProxyTarget } from './targets.ts';

/** Watches one call pass and says what it was. */
export interface Measured {
	readonly witness: Witness;
	/** @returns undefined when not even its beginning was seen */
	call(ending: Ending): Promise<CallInput>;
}

export function measureCall(options: {
	readonly api: LlmApi;
	readonly target: ProxyTarget;
	readonly request: IncomingMessage;
	readonly path: string;
	readonly startedMicros: number;
	readonly nowMs: () => number;
}): Measured {
	const { api, path, nowMs } = options;
	const startedMs = nowMs();
	const finder = createModelFinder();
	const seen: Seen = {
		sentMs: startedMs,
		connectMs: undefined,
		status: undefined,
		serverMs: undefined,
		reader: undefined,
		model: () => modelInPath(path) ?? finder.model(),
	};
	return {
		witness: {
			sent(atMs, connectMs) {
				seen.sentMs = atMs;
				seen.connectMs = connectMs;
			},
			asked: finder.take,
			answered({ statusCode = 0, headers }) {
				seen.status = statusCode;
				seen.serverMs = numberOf(headers['openai-processing-ms']);
				if (statusCode < 200 || statusCode > 299) return;
				const contentType = headers['content-type'] ?? '';
				seen.reader = createAnswerReader(api, { contentType, encoding: headers['content-encoding'] ?? '' });
			},
			chunk: (chunk, atMs) => seen.reader?.take(chunk, atMs),
		},
		async call(ending) {
			const endedMs = nowMs();
			await seen.reader?.end();
			const startedAt = Math.round(options.startedMicros + (seen.sentMs - startedMs) * MICROS_PER_MS);
			return callOf({ ...options, seen, ending, endedMs, startedAt });
		},
	};
}

interface Seen {
	sentMs: number;
	connectMs: number | undefined;
	status: number | undefined;
	serverMs: number | undefined;
	reader: AnswerReader | undefined;
	readonly model: () => string | undefined;
}

interface Found {
	readonly target: ProxyTarget;
	readonly request: IncomingMessage;
	readonly seen: Seen;
	readonly ending: Ending;
	readonly endedMs: number;
	readonly startedAt: number;
}

function callOf({ target, request, seen, ending, endedMs, startedAt }: Found): CallInput {
	const { reader, sentMs } = seen;
	const tally = reader?.tally;
	const errorClass = faultOf(seen, ending);
	const isWhole = errorClass === null || errorClass === 'content_filter';
	const since = (ms: number | undefined) => (ms === undefined ? null : Math.max(0, ms - sentMs));
	// Of what comes in one piece the first byte says nothing of a first token.
	const streamed = reader?.isStream === true ? tally : undefined;
	const endMs = isWhole && streamed?.lastEventMs !== undefined ? streamed.lastEventMs : endedMs;
	const responseModel = tally?.model;
	return {
		provider: target.provider,
		model: cut(seen.model() ?? responseModel ?? '', 120) ?? 'unknown',
		startedAt,
		connectMs: seen.connectMs ?? null,
		ttfcMs: since(streamed?.firstEventMs),
		ttftMs: since(streamed?.firstTokenMs),
		tpotMs: streamed && isWhole ? timePerToken(streamed) : null,
		chunkGapP95Ms: streamed && isWhole ? gapP95(streamed) : null,
		totalMs: since(endMs),
		serverMs: tally?.serverMs ?? seen.serverMs ?? null,
		queueMs: tally?.queueMs ?? null,
		loadMs: tally?.loadMs ?? null,
		...tally?.usage,
		errorClass,
		status: seen.status ?? null,
		finishReason: cut(tally?.finish ?? '', 100) ?? null,
		responseModel: cut(responseModel ?? '', 200) ?? null,
		fingerprint: cut(tally?.fingerprint ?? '', 100) ?? null,
		...labelsOf(target, request),
		...traceOf(request),
	};
}

/** The first that applies: what the provider said, what the network did, what is missing. */
function faultOf({ status, reader }: Seen, ending: Ending): LlmErrorClass | null {
	const tally = reader?.tally;
	if (status !== undefined && reader === undefined) return classOfStatus(status) ?? null;
	if (tally?.error) return classOfError(tally.error);
	if (tally?.finish !== undefined) return classOfFinish(tally.finish) ?? null;
	if (ending.kind === 'client-gone') return 'client_abort';
	if (ending.kind === 'failed') return 'network';
	// What could not be read may have ended as it should.
	return reader === undefined || reader.isUnread() ? null : 'truncated';
}

function labelsOf({ deployment, region, environment }: ProxyTarget, { headers }: IncomingMessage): Partial<CallInput> {
	const said = (name: string) => cut(String(headers[`x-sigmascope-${name}`] ?? ''), 100) ?? null;
	return {
		deployment: deployment ?? null,
		region: region ?? null,
		environment: environment ?? said('environment'),
		promptClass: said('prompt-class'),
	};
}

/** W3C Trace Context, where the client has one. */
function traceOf({ headers }: IncomingMessage): Partial<CallInput> {
	const [, traceId, spanId] = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-/.exec(String(headers.traceparent ?? '')) ?? [];
	return { traceId: traceId ?? null, spanId: spanId ?? null };
}

function numberOf(header: string | string[] | undefined): number | undefined {
	return typeof header === 'string' && /^\d+(\.\d+)?$/.test(header) ? Number(header) : undefined;
}
