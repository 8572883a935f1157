import { createOpenAiChatReader } from '#lib/llm/openai-chat.ts';
import { joined, revealed, type Access } from './access.ts';
import type { Provider } from './provider.ts';
import { sseEvents } from './sse.ts';

/** vLLM, llama.cpp, LM Studio, Groq, Together, OpenRouter and whoever else speaks as OpenAI's chat does. */
export function createOpenAiCompatible({ baseUrl, key, headers }: Access): Provider {
	return {
		async *stream(ask, { fetch }) {
			const reader = createOpenAiChatReader();
			const secret = key?.reveal();
			const response = await fetch(joined(baseUrl ?? 'http://127.0.0.1:8000/v1', '/chat/completions'), {
				method: 'POST',
				headers: {
					'content-type': 'application/json',
					accept: 'text/event-stream',
					...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
					...revealed(headers),
				},
				body: JSON.stringify({
					model: ask.model,
					messages: [{ role: 'user', content: ask.prompt }],
					max_tokens: ask.maxTokens,
					stream: true,
					...(ask.usage ? { stream_options: { include_usage: true } } : {}),
					...(ask.temperature === null ? {} : { temperature: ask.temperature }),
				}),
			});
			for await (const data of sseEvents(response)) {
				if (data === '[DONE]') return;
				yield* reader.take(JSON.parse(data));
			}
		},
	};
}
