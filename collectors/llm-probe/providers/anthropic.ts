import Anthropic from '@anthropic-ai/sdk';
import type { Stream } from '@anthropic-ai/sdk/streaming';
import { createAnthropicReader } from '#lib/llm/anthropic.ts';
import { revealed, type Access } from './access.ts';
import type { Provider, ProviderContext } from './provider.ts';

export function createAnthropic(access: Access): Provider {
	return {
		async *stream({ model, maxTokens, prompt, temperature }, context) {
			const reader = createAnthropicReader();
			const body: Anthropic.MessageCreateParamsStreaming = {
				model,
				max_tokens: maxTokens,
				messages: [{ role: 'user', content: prompt }],
				stream: true,
				...(temperature === null ? {} : { temperature }),
			};
			// Not `messages.create`: that one writes to the console, at each call, that a model is deprecated.
			const answer = await clientOf(access, context).post<Stream<Anthropic.RawMessageStreamEvent>>('/v1/messages', {
				body,
				stream: true,
			});
			for await (const event of answer) yield* reader.take(event);
		},
	};
}

/** Nothing comes from the environment, nothing is tried twice, and the deadlines are ours. */
function clientOf({ baseUrl, key, headers }: Access, { fetch }: ProviderContext): Anthropic {
	return new Anthropic({
		baseURL: baseUrl ?? 'https://api.anthropic.com',
		apiKey: key?.reveal() ?? 'none',
		authToken: null,
		defaultHeaders: revealed(headers),
		maxRetries: 0,
		timeout: 2 ** 31 - 1,
		logLevel: 'off',
		openTelemetry: false,
		fetch,
	});
}
