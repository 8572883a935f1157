import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { EmbeddingsConfig, KnowledgeConfig } from '#contracts/config.ts';
import { createSecret } from '#contracts/secret.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { Ingest } from '../ingest/port.ts';
import type { Journal } from '../journal/port.ts';
import type { Metadata } from '../metadata/port.ts';
import type { Store } from '../store/port.ts';
import { createDocuments } from './documents/documents.ts';
import { createIndexer } from './documents/indexer.ts';
import { createPdfReader } from './documents/pdf.ts';
import type { Embedder } from './embeddings/embedder.ts';
import { createOllamaEmbedder } from './embeddings/ollama.ts';
import { createOpenAiEmbedder } from './embeddings/openai.ts';
import { createLogs } from './logs/logs.ts';
import type { Knowledge } from './port.ts';
import { createPassages } from './search/around.ts';
import { createSearch } from './search/search.ts';
import { createStreamSearch } from './search/streams.ts';

/** Logs and documents: how they come in, and how they are found again. */
export function createKnowledge(parts: {
	readonly journal: Pick<Journal, 'publishAll'>;
	readonly ingest: Pick<Ingest, 'spend'>;
	readonly store: Store;
	readonly metadata: Pick<Metadata, 'documents' | 'streams'>;
	readonly partition: number;
	readonly config: KnowledgeConfig;
	readonly now: NowMicros;
	/** A stopwatch, in milliseconds. */
	readonly nowMs: () => number;
	readonly log: Logger;
	readonly registry: Registry;
}): Knowledge {
	const { store, metadata, log } = parts;
	const { documents } = metadata;
	let { config } = parts;
	let made = config.embeddings && embedderOf(config.embeddings);
	const embedder = () => made;
	const indexer = createIndexer({ documents, store, embedder, log });
	const streams = createStreamSearch({ metadata, nowMs: parts.nowMs });
	const search = createSearch({ store, documents, streams, embedder });
	const readPdf = createPdfReader({ rssBytes: () => process.memoryUsage.rss() });
	return {
		logs: createLogs(parts),
		documents: createDocuments({ documents, indexer, readPdf }),
		search,
		passages: createPassages({ store, search }),
		configure(next) {
			if (isDeepStrictEqual(config, next)) return;
			config = next;
			made = config.embeddings && embedderOf(config.embeddings);
			indexer.countAnew();
		},
		start: indexer.start,
		stop: indexer.stop,
	};
}

function embedderOf(config: EmbeddingsConfig): Embedder {
	if (config.provider === 'ollama') return createOllamaEmbedder(config);
	const key = config.key === undefined ? undefined : createSecret(config.key, (path) => readFileSync(path, 'utf8'));
	return createOpenAiEmbedder(config, key);
}
