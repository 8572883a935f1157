import type { EmbeddingsConfig } from '#contracts/config.ts';
import type { Secret } from '#contracts/secret.ts';
import { checkVectors, type Embedder } from './embedder.ts';

/** OpenAI, and any server that speaks its API: vLLM, llama.cpp, LM Studio. */
export function createOpenAiEmbedder(
	{ model, baseUrl, dimensions }: EmbeddingsConfig,
	key: Secret | undefined,
): Embedder {
	return {
		model: `openai/${model}${dimensions === undefined ? '' : `/${dimensions}`}`,
		async embed(texts, { timeoutMs }) {
			const { OpenAI } = await import('openai');
			const client = new OpenAI({
				apiKey: key?.reveal() ?? 'none',
				...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
				...{ maxRetries: 0, timeout: timeoutMs, logLevel: 'off' as const },
			});
			const answer = await client.embeddings.create({
				...{ model, input: [...texts], encoding_format: 'float' as const },
				...(dimensions === undefined ? {} : { dimensions }),
			});
			const vectors = answer.data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding);
			return checkVectors(vectors, texts);
		},
	};
}
