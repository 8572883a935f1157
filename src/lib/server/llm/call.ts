import type { LlmErrorClass, LlmUsage } from '#contracts/llm.ts';
import type { CallInput, CallSource, CallTarget, LlmCall } from '#contracts/llm-call.ts';
import type { Labels } from '#contracts/stream.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import { tpotOf } from '#lib/llm/call-observations.ts';
import type { PriceBook } from '#lib/llm/price-book.ts';

/** A call as it is kept, from what somebody said of it: what follows from the rest is worked out, what is not known stays null. */
export function callOf(
	input: CallInput,
	given: { readonly id: string; readonly site: string; readonly source: CallSource; readonly prices: PriceBook },
): LlmCall {
	const { id, site, source, prices } = given;
	const usage = usageOf(input);
	const [ttftMs, totalMs] = [input.ttftMs ?? null, input.totalMs ?? null];
	const after = (ms: number) => Math.round(input.startedAt + ms * MICROS_PER_MS);
	return {
		id,
		site,
		source,
		provider: input.provider,
		model: input.model,
		promptClass: textOr(input.promptClass),
		deployment: textOr(input.deployment),
		region: textOr(input.region),
		environment: textOr(input.environment),
		startedMicros: input.startedAt,
		endedMicros: after(totalMs ?? ttftMs ?? 0),
		firstTokenMicros: ttftMs === null ? null : after(ttftMs),
		connectMs: input.connectMs ?? null,
		ttfcMs: input.ttfcMs ?? null,
		ttftMs,
		tpotMs: input.tpotMs ?? tpotOf({ ttftMs, totalMs, ...usage }),
		chunkGapP95Ms: input.chunkGapP95Ms ?? null,
		totalMs,
		serverMs: input.serverMs ?? null,
		queueMs: input.queueMs ?? null,
		loadMs: input.loadMs ?? null,
		...usage,
		...costOf(input, usage, prices),
		errorClass: (input.errorClass ?? null) as LlmErrorClass | null,
		status: input.status ?? null,
		retries: input.retries ?? null,
		finishReason: textOr(input.finishReason),
		responseModel: textOr(input.responseModel),
		fingerprint: textOr(input.fingerprint),
		passed: input.passed ?? null,
		traceId: textOr(input.traceId),
		spanId: textOr(input.spanId),
	};
}

function usageOf(input: CallInput): LlmUsage {
	return {
		inputTokens: input.inputTokens ?? null,
		outputTokens: input.outputTokens ?? null,
		cachedTokens: input.cachedTokens ?? null,
		cacheWriteTokens: input.cacheWriteTokens ?? null,
		reasoningTokens: input.reasoningTokens ?? null,
	};
}

/** What the sender says it cost counts; else the price list does, for the model that answered before the one that was asked for. */
function costOf(input: CallInput, usage: LlmUsage, prices: PriceBook): Pick<LlmCall, 'costUsd' | 'priceVersion'> {
	if (typeof input.costUsd === 'number') return { costUsd: input.costUsd, priceVersion: 'given' };
	const { provider, model, startedAt: atMicros } = input;
	const of = (name: string) => prices.costOf({ provider, model: name, usage, atMicros });
	const cost = of(model) ?? (input.responseModel ? of(input.responseModel) : null);
	return { costUsd: cost?.usd ?? null, priceVersion: cost?.version ?? null };
}

/** An empty text says nothing. */
function textOr(text: string | null | undefined): string | null {
	return text === undefined || text === '' ? null : text;
}

export function keyPrefixOf({ provider, model }: Pick<CallTarget, 'provider' | 'model'>): string {
	return `${provider}/${model}`;
}

/** What is not comparable stands on a chart of its own. */
export function labelsOfCall(
	call: Pick<CallTarget, 'source'> &
		Readonly<Partial<Record<'promptClass' | 'deployment' | 'region' | 'environment', string | null | undefined>>>,
): Labels {
	const { source, promptClass, deployment, region, environment } = call;
	return {
		source,
		...(promptClass ? { prompt_class: promptClass } : {}),
		...(deployment ? { deployment } : {}),
		...(region ? { region } : {}),
		...(environment ? { environment } : {}),
	};
}
