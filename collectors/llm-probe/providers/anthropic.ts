import Anthropic from '@anthropic-ai/sdk';
import { createAnthropicReader } from '#lib/llm/anthropic.ts';
import { revealed, type Access } from './access.ts';
import type { Provider, ProviderContext } from './provider.ts';

export function createAnthropic(access: Access): Provider {
	return {
		async *stream({ model, maxTokens, prompt, temperature }, context) {
			const reader = createAnthropicReader();
			const answer = await clientOf(access, context).messages.create({
				model,
				max_tokens: maxTokens,
				messages: [{ role: 'user', content: prompt }],
				stream: true,
				...(temperature === null ? {} : { temperature }),
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
