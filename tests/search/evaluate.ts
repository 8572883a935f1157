import type { ApiDocument } from '#contracts/knowledge.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import type { Embedder } from '#server/knowledge/embeddings/embedder.ts';
import { createSearch } from '#server/knowledge/search/search.ts';
import { CORPUS, QUESTIONS, markdownOf, type Labelled } from './corpus.ts';

export const WAYS = ['keyword', 'vector', 'fused'] as const;
export type Way = (typeof WAYS)[number];

export interface Score {
	readonly questions: number;
	/** Share of questions whose section is among the first five. */
	readonly recallAt5: number;
	/** Mean of 1 / rank of the section; 0 where it is not found. */
	readonly mrr: number;
}

export type Scores = Readonly<Record<Way, Readonly<Record<Labelled['kind'] | 'all', Score>>>>;

interface Asks {
	request(path: string, init?: RequestInit): Promise<Response>;
	get<T>(path: string): Promise<T>;
}

/** Uploads the corpus and waits until all of it is found by meaning. */
export async function upload(hub: Asks, until: (check: () => Promise<unknown>) => Promise<unknown>): Promise<void> {
	for (const name of Object.keys(CORPUS)) {
		const path = `/api/v1/documents?name=${encodeURIComponent(name)}`;
		const headers = { 'content-type': 'text/markdown' };
		const response = await hub.request(path, { method: 'POST', headers, body: markdownOf(name) });
		if (response.status !== 201) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
	}
	await until(async () => {
		const { items } = await hub.get<{ items: readonly ApiDocument[] }>('/api/v1/documents');
		return items.every(({ state, passages, embedded }) => state === 'ready' && embedded === passages);
	});
}

interface Shown {
	readonly title: string;
	readonly heading: string | null;
}

/** Each way by itself, and both fused: passages, best first. */
export function waysOf({ store, metadata }: Pick<HttpPorts, 'store' | 'metadata'>, embedder: Embedder): Ask {
	const { documents } = metadata;
	const streams = async () => [];
	const keyword = createSearch({ store, documents, streams, embedder: () => undefined });
	const fused = createSearch({ store, documents, streams, embedder: () => embedder });
	const shown = async (search: typeof keyword, q: string) => {
		const { items } = await search({ sites: 'all', text: q, kinds: ['document'], limit: 50 });
		return items.flatMap((item) => (item.kind === 'document' ? [item] : []));
	};
	return async (way, q) => {
		if (way !== 'vector') return shown(way === 'keyword' ? keyword : fused, q);
		const editions = new Map((await documents.list('all')).map((one) => [one.edition, one.name]));
		const [vector = []] = await embedder.embed([q], { timeoutMs: 10_000 });
		const among = { editions: [...editions.keys()], model: embedder.model, vector, limit: 50 };
		const { found } = await store.passagesByVector(among);
		return found.map(({ edition, heading }) => ({ title: editions.get(edition) ?? '', heading }));
	};
}

type Ask = (way: Way, q: string) => Promise<readonly Shown[]>;

/** Asks every question once each way. */
export async function evaluate(ask: Ask): Promise<Scores> {
	const scores = {} as Record<Way, Record<Labelled['kind'] | 'all', Score>>;
	for (const way of WAYS) {
		const ranks = await Promise.all(
			QUESTIONS.map(async ({ kind, q, document, heading }) => {
				const found = await ask(way, q);
				const at = found.findIndex((hit) => hit.title === document && hit.heading === heading);
				return { kind, rank: at < 0 ? Infinity : at + 1 };
			}),
		);
		const of = (kind: Labelled['kind'] | 'all') =>
			scoreOf(ranks.filter((one) => kind === 'all' || one.kind === kind).map(({ rank }) => rank));
		scores[way] = { all: of('all'), code: of('code'), paraphrase: of('paraphrase'), typo: of('typo') };
	}
	return scores;
}

function scoreOf(ranks: readonly number[]): Score {
	const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / ranks.length;
	return {
		questions: ranks.length,
		recallAt5: mean(ranks.map((rank) => (rank <= 5 ? 1 : 0))),
		mrr: mean(ranks.map((rank) => 1 / rank)),
	};
}

export function tableOf(scores: Scores): string {
	const kinds = ['code', 'paraphrase', 'typo', 'all'] as const;
	const rows = WAYS.flatMap((way) =>
		kinds.map((kind) => {
			const { questions, recallAt5, mrr } = scores[way][kind];
			return `${way.padEnd(8)} ${kind.padEnd(11)} ${String(questions).padStart(3)}  ${recallAt5.toFixed(3)}  ${mrr.toFixed(3)}`;
		}),
	);
	return ['way      kind          n  recall@5  MRR', ...rows].join('\n');
}
