import { Ollama } from 'ollama';
import { messageOf } from '#contracts/error.ts';
import { createOllamaReader } from '#lib/llm/ollama.ts';
import { revealed, type Access } from './access.ts';
import type { Provider } from './provider.ts';

export function createOllama({ baseUrl, key, headers }: Access): Provider {
	return {
		async *stream({ model, maxTokens, prompt, temperature }, { fetch }) {
			const reader = createOllamaReader();
			const secret = key?.reveal();
			const client = new Ollama({
				host: baseUrl ?? 'http://127.0.0.1:11434',
				headers: { ...revealed(headers), ...(secret === undefined ? {} : { Authorization: `Bearer ${secret}` }) },
				fetch,
			});
			const answer = await client.chat({
				model,
				messages: [{ role: 'user', content: prompt }],
				stream: true,
				options: { num_predict: maxTokens, ...(temperature === null ? {} : { temperature }) },
			});
			try {
				for await (const line of answer) yield* reader.take(line);
			} catch (error) {
				// An end without its marker is seen by who measures, for every provider alike.
				if (!messageOf(error).startsWith('Did not receive done')) throw error;
			}
		},
	};
}
