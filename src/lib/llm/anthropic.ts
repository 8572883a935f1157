import type { LlmUsage } from '#contracts/llm.ts';
import { amountOf, fieldsOf, sumOf, textOf, type Fields } from './field.ts';
import type { WireEvent, WireReader } from './wire-event.ts';

const DELTAS: Readonly<Record<string, { readonly of: 'text' | 'reasoning' | 'tool'; readonly field: string }>> = {
	text_delta: { of: 'text', field: 'text' },
	thinking_delta: { of: 'reasoning', field: 'thinking' },
	input_json_delta: { of: 'tool', field: 'partial_json' },
};

/** Events of `POST /v1/messages` with `stream`. */
export function createAnthropicReader(): WireReader {
	// What the end says replaces what the beginning said, field by field.
	let usage: Fields = {};
	let finish = '';

	function counted(more: unknown): WireEvent[] {
		const known = Object.entries(fieldsOf(more)).filter(([, value]) => value !== null);
		usage = { ...usage, ...Object.fromEntries(known) };
		return [{ kind: 'usage', usage: anthropicUsage(usage) }];
	}

	return {
		take(event) {
			const { type, message: body, delta: change, usage: more, error } = fieldsOf(event);
			const message = fieldsOf(body);
			const delta = fieldsOf(change);
			switch (type) {
				case 'message_start':
					return [{ kind: 'answer', model: textOf(message.model), id: textOf(message.id) }, ...counted(message.usage)];
				case 'content_block_delta':
					return tokenOf(delta);
				case 'message_delta':
					finish = textOf(delta.stop_reason) || finish;
					return counted(more);
				case 'message_stop':
					return [{ kind: 'end', finish }];
				case 'error':
					return [{ kind: 'error', type: textOf(fieldsOf(error).type), message: textOf(fieldsOf(error).message) }];
				default:
					return [];
			}
		},
	};
}

function tokenOf(delta: Fields): WireEvent[] {
	const type = textOf(delta.type);
	const known = Object.hasOwn(DELTAS, type) ? DELTAS[type] : undefined;
	const text = known ? textOf(delta[known.field]) : '';
	return known && text !== '' ? [{ kind: 'token', of: known.of, text }] : [];
}

/** `input_tokens` of Anthropic leave out what the cache gave or took. */
export function anthropicUsage(usage: Fields): LlmUsage {
	const cachedTokens = amountOf(usage.cache_read_input_tokens);
	const cacheWriteTokens = amountOf(usage.cache_creation_input_tokens);
	return {
		inputTokens: sumOf(amountOf(usage.input_tokens), cachedTokens, cacheWriteTokens),
		outputTokens: amountOf(usage.output_tokens),
		cachedTokens,
		cacheWriteTokens,
		reasoningTokens: amountOf(fieldsOf(usage.output_tokens_details).thinking_tokens),
	};
}
