import type { InputFault } from '#contracts/error.ts';
import type { LlmErrorClass } from '#contracts/llm.ts';
import type { CallInput } from '#contracts/llm-call.ts';
import { classOfError, classOfStatus } from '#lib/llm/error-class.ts';
import { amountOf, fieldsOf, textOf, type Fields } from '#lib/llm/field.ts';
import { cut, whole } from './foreign.ts';

const MICROS_PER_S = 1_000_000;

/**
 * An item of LiteLLM's `generic_api` callback (its "standard logging payload"). `response_time` is not looked at: it is the time to
 * the first token of what streams, and the whole time of what does not.
 *
 * @returns undefined for what no provider was asked: answers from LiteLLM's own cache would stand on the charts as fast ones
 */
export function callOfLitellm(item: unknown): CallInput | undefined | readonly InputFault[] {
	if (typeof item !== 'object' || item === null || Array.isArray(item))
		return [{ path: '', message: 'is not a LiteLLM log of a call' }];
	const log = item as Fields;
	if (log.cache_hit === true || log.cache_hit === 'True') return undefined;
	const [start, end] = [secondsOf(log.startTime), secondsOf(log.endTime)];
	if (start === null) return [{ path: '.startTime', message: 'is missing: it is seconds since 1970' }];
	const provider = cut(textOf(log.custom_llm_provider).replaceAll('/', '_') || 'litellm', 60);
	const model = cut(textOf(log.model), 120);
	if (model === undefined) return [{ path: '.model', message: 'is missing' }];
	const first = log.stream === true ? secondsOf(log.completionStartTime) : null;
	const between = (from: number, to: number | null) => (to === null || to < from ? null : (to - from) * 1000);
	return {
		provider: provider ?? 'litellm',
		model: withoutProvider(model, provider),
		startedAt: Math.round(start * MICROS_PER_S),
		// Without streaming LiteLLM says the end here, which is no first token.
		ttftMs: first !== null && first !== end ? between(start, first) : null,
		totalMs: between(start, end),
		...tokensOf(log),
		// 0 is what LiteLLM says when it has no price.
		costUsd: amountOf(log.response_cost) || null,
		errorClass: log.status === 'failure' ? failureOf(fieldsOf(log.error_information), textOf(log.error_str)) : null,
		deployment: cut(textOf(log.model_group), 100),
		traceId: cut(textOf(log.trace_id), 64),
	};
}

function secondsOf(value: unknown): number | null {
	return amountOf(typeof value === 'string' && value !== '' ? Number(value) : value);
}

function withoutProvider(model: string, provider: string | undefined): string {
	return provider !== undefined && model.startsWith(`${provider}/`) ? model.slice(provider.length + 1) : model;
}

function tokensOf(log: Fields): Partial<CallInput> {
	const usage = fieldsOf(fieldsOf(log.metadata).usage_object);
	const failed = log.status === 'failure';
	// A failed call has zeros, which nobody counted.
	const count = (value: unknown) => (failed ? null : whole(value));
	return {
		inputTokens: count(log.prompt_tokens),
		outputTokens: count(log.completion_tokens),
		cachedTokens: count(fieldsOf(usage.prompt_tokens_details).cached_tokens),
		reasoningTokens: count(fieldsOf(usage.completion_tokens_details).reasoning_tokens),
	};
}

function failureOf(information: Fields, words: string): LlmErrorClass {
	const name = textOf(information.error_class);
	if (/timeout/i.test(name)) return 'timeout_total';
	const status = Number(information.error_code);
	const byStatus = Number.isInteger(status) && status >= 400 ? classOfStatus(status) : undefined;
	return byStatus ?? classOfError({ type: name, message: words });
}
