import type { LlmUsage } from '#contracts/llm.ts';
import { amountOf, fieldsOf, listOf, textOf, type Fields } from './field.ts';
import type { WireEvent, WireReader } from './wire-event.ts';

/** `POST /v1/chat/completions` with `stream`: chunks of OpenAI and of the many that speak like it. */
export function createOpenAiChatReader(): WireReader {
	let hasAnswered = false;
	return {
		take(event) {
			const chunk = fieldsOf(event);
			const found: WireEvent[] = [];
			if (chunk.error) return [errorOf(chunk.error)];
			if (!hasAnswered && textOf(chunk.model) !== '') {
				hasAnswered = true;
				const fingerprint = textOf(chunk.system_fingerprint);
				const named = fingerprint === '' ? {} : { fingerprint };
				found.push({ kind: 'answer', model: textOf(chunk.model), id: textOf(chunk.id), ...named });
			}
			for (const choice of listOf(chunk.choices).map(fieldsOf)) found.push(...eventsOf(choice));
			// Groq says it in a place of its own.
			const usage = chunk.usage ?? fieldsOf(chunk.x_groq).usage;
			if (usage) found.push({ kind: 'usage', usage: openAiChatUsage(fieldsOf(usage)) }, ...serverOf(fieldsOf(usage)));
			return found;
		},
	};
}

function eventsOf(choice: Fields): WireEvent[] {
	const delta = fieldsOf(choice.delta);
	const found: WireEvent[] = [];
	// vLLM and DeepSeek say reasoning_content, OpenRouter and Groq reasoning.
	const reasoning = textOf(delta.reasoning_content) || textOf(delta.reasoning);
	if (reasoning !== '') found.push({ kind: 'token', of: 'reasoning', text: reasoning });
	const text = textOf(delta.content) || textOf(delta.refusal);
	if (text !== '') found.push({ kind: 'token', of: 'text', text });
	for (const call of listOf(delta.tool_calls)) {
		const { name, arguments: given } = fieldsOf(fieldsOf(call).function);
		found.push({ kind: 'token', of: 'tool', text: textOf(name) + textOf(given) });
	}
	const finish = textOf(choice.finish_reason);
	if (finish !== '') found.push({ kind: 'end', finish });
	return found;
}

/** Cached tokens are inside the prompt's, reasoning inside the completion's, as the conventions want. */
export function openAiChatUsage(usage: Fields): LlmUsage {
	const prompt = fieldsOf(usage.prompt_tokens_details);
	const completion = fieldsOf(usage.completion_tokens_details);
	return {
		inputTokens: amountOf(usage.prompt_tokens),
		outputTokens: amountOf(usage.completion_tokens),
		cachedTokens: amountOf(prompt.cached_tokens) ?? amountOf(usage.prompt_cache_hit_tokens),
		cacheWriteTokens: amountOf(prompt.cache_write_tokens),
		reasoningTokens: amountOf(completion.reasoning_tokens),
	};
}

/** Groq's own clock, in seconds. */
function serverOf(usage: Fields): WireEvent[] {
	const totalS = amountOf(usage.total_time);
	const queueS = amountOf(usage.queue_time);
	if (totalS === null && queueS === null) return [];
	const queue = queueS === null ? {} : { queueMs: queueS * 1000 };
	return [{ kind: 'server', ...(totalS === null ? {} : { totalMs: totalS * 1000 }), ...queue }];
}

function errorOf(error: unknown): WireEvent {
	const { type, code, message } = fieldsOf(error);
	const name = textOf(type) || textOf(code) || (amountOf(code) === null ? '' : String(code as number));
	return { kind: 'error', type: name, message: textOf(message) || textOf(error) };
}
