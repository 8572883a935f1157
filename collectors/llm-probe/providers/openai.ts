import OpenAI from 'openai';
import { createOpenAiChatReader } from '#lib/llm/openai-chat.ts';
import { createOpenAiResponsesReader } from '#lib/llm/openai-responses.ts';
import type { Provider, ProviderContext } from './provider.ts';
import { revealed, type Access } from './access.ts';

/** OpenAI through its own client: `chat` or `responses`. */
export function createOpenAi(access: Access, api: 'chat' | 'responses'): Provider {
	return {
		async *stream(ask, context) {
			const client = clientOf(access, context);
			const { model, maxTokens, prompt, temperature } = ask;
			const heat = temperature === null ? {} : { temperature };
			if (api === 'responses') {
				const reader = createOpenAiResponsesReader();
				const body = {
					model,
					input: prompt,
					max_output_tokens: maxTokens,
					stream: true,
					store: false,
					...heat,
				} as const;
				for await (const event of await client.responses.create(body)) yield* reader.take(event);
				return;
			}
			const reader = createOpenAiChatReader();
			const answer = await client.chat.completions.create({
				model,
				messages: [{ role: 'user', content: prompt }],
				max_completion_tokens: maxTokens,
				stream: true,
				...(ask.usage ? { stream_options: { include_usage: true } } : {}),
				...heat,
			});
			for await (const chunk of answer) yield* reader.take(chunk);
		},
	};
}

/** Nothing comes from the environment, nothing is tried twice, and the deadlines are ours. */
function clientOf({ baseUrl, key, headers }: Access, { fetch }: ProviderContext): OpenAI {
	return new OpenAI({
		baseURL: baseUrl ?? 'https://api.openai.com/v1',
		apiKey: key?.reveal() ?? 'none',
		organization: null,
		project: null,
		defaultHeaders: revealed(headers),
		maxRetries: 0,
		timeout: 2 ** 31 - 1,
		logLevel: 'off',
		fetch,
	});
}
