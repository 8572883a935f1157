import type { LlmUsage } from '#contracts/llm.ts';
import { amountOf, fieldsOf, textOf, type Fields } from './field.ts';
import type { WireEvent, WireReader } from './wire-event.ts';

/** Deltas of `POST /v1/responses` with `stream` that are tokens. */
const TOKENS: Readonly<Record<string, 'text' | 'reasoning' | 'tool'>> = {
	'response.output_text.delta': 'text',
	'response.refusal.delta': 'text',
	'response.reasoning_text.delta': 'reasoning',
	'response.reasoning_summary_text.delta': 'reasoning',
	'response.function_call_arguments.delta': 'tool',
};

export function createOpenAiResponsesReader(): WireReader {
	return {
		take(event) {
			const { type: given, delta, response: body, ...rest } = fieldsOf(event);
			const type = textOf(given);
			const response = fieldsOf(body);
			const of = Object.hasOwn(TOKENS, type) ? TOKENS[type] : undefined;
			if (of) return textOf(delta) === '' ? [] : [{ kind: 'token', of, text: textOf(delta) }];
			switch (type) {
				case 'response.created':
					return [{ kind: 'answer', model: textOf(response.model), id: textOf(response.id) }];
				case 'response.completed':
				case 'response.incomplete':
					return [...usageOf(response), { kind: 'end', finish: finishOf(type, response) }];
				case 'response.failed':
					return [...usageOf(response), errorOf(fieldsOf(response.error))];
				case 'error':
					return [errorOf(fieldsOf(rest.error ?? rest))];
				default:
					return [];
			}
		},
	};
}

function finishOf(type: string, response: Fields): string {
	if (type === 'response.completed') return 'stop';
	const reason = textOf(fieldsOf(response.incomplete_details).reason);
	return reason === 'max_output_tokens' ? 'length' : reason || 'incomplete';
}

function usageOf(response: Fields): WireEvent[] {
	return response.usage ? [{ kind: 'usage', usage: openAiResponsesUsage(fieldsOf(response.usage)) }] : [];
}

export function openAiResponsesUsage(usage: Fields): LlmUsage {
	return {
		inputTokens: amountOf(usage.input_tokens),
		outputTokens: amountOf(usage.output_tokens),
		cachedTokens: amountOf(fieldsOf(usage.input_tokens_details).cached_tokens),
		cacheWriteTokens: amountOf(fieldsOf(usage.input_tokens_details).cache_write_tokens),
		reasoningTokens: amountOf(fieldsOf(usage.output_tokens_details).reasoning_tokens),
	};
}

function errorOf({ code, type, message }: Fields): WireEvent {
	return { kind: 'error', type: textOf(code) || textOf(type), message: textOf(message) };
}
