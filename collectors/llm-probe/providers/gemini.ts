import { createGeminiReader } from '#lib/llm/gemini.ts';
import { joined, revealed, type Access } from './access.ts';
import type { Provider } from './provider.ts';
import { sseEvents } from './sse.ts';

/** Google's Gemini API. Its client brings more with it than one request with a key is worth. */
export function createGemini({ baseUrl, key, headers }: Access): Provider {
	return {
		async *stream({ model, prompt, maxTokens, temperature }, { fetch }) {
			const reader = createGeminiReader();
			const path = `/v1beta/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`;
			const secret = key?.reveal();
			const response = await fetch(joined(baseUrl ?? 'https://generativelanguage.googleapis.com', path), {
				method: 'POST',
				headers: {
					'content-type': 'application/json',
					// In a header: an address is what ends up in logs.
					...(secret === undefined ? {} : { 'x-goog-api-key': secret }),
					...revealed(headers),
				},
				body: JSON.stringify({
					contents: [{ role: 'user', parts: [{ text: prompt }] }],
					generationConfig: { maxOutputTokens: maxTokens, ...(temperature === null ? {} : { temperature }) },
				}),
			});
			for await (const data of sseEvents(response)) yield* reader.take(JSON.parse(data));
		},
	};
}
