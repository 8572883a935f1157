import type { EmbeddingsConfig } from '#contracts/config.ts';
import { checkVectors, type Embedder } from './embedder.ts';

const LOCAL = 'http://127.0.0.1:11434';

export function createOllamaEmbedder({ model, baseUrl, dimensions }: EmbeddingsConfig): Embedder {
	return {
		model: `ollama/${model}${dimensions === undefined ? '' : `/${dimensions}`}`,
		async embed(texts, { timeoutMs }) {
			const signal = AbortSignal.timeout(timeoutMs);
			const { Ollama } = await import('ollama');
			const client = new Ollama({
				host: baseUrl ?? LOCAL,
				// The client has no timeout of its own.
				fetch: (url, init) => fetch(url, { ...init, signal }),
			});
			const input = [...texts];
			const answer = await client.embed({ model, input, ...(dimensions === undefined ? {} : { dimensions }) });
			return checkVectors(answer.embeddings, texts);
		},
	};
}
