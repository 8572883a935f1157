import { startHub } from '#server/http/testing/hub.ts';
import { createOllamaEmbedder } from '#server/knowledge/embeddings/ollama.ts';
import { startStoreUnderTest } from '#server/store/testing/store.ts';
import { startEmbeddings } from '../search/embeddings.ts';
import { evaluate, tableOf, upload, WAYS, waysOf, type Way } from '../search/evaluate.ts';
import { until } from '../support/until.ts';
import { rounded, sharesMs, type Bench, type Figures } from './bench.ts';

export const search: Bench = {
	name: 'search',
	workload:
		'67 labelled questions (25 codes, 28 paraphrases, 14 with typing errors) over 53 passages of 6 documents; recallAt5 is the share whose one ' +
		'passage is among the first five, mrr the mean of 1 / its rank; one question at a time. Corpus, questions and the vectors (no model: words of ' +
		'a group point one way) have one author, and codes were weighted after a look at the scores: no estimate for real documents or models',
	run: async () => {
		const now = () => Date.now() * 1000;
		const [under, embeddings] = await Promise.all([startStoreUnderTest(now), startEmbeddings()]);
		await under.store.migrate();
		const model = { provider: 'ollama', model: 'made', baseUrl: embeddings.url } as const;
		const hub = await startHub({ store: under.store, knowledge: { embeddings: model } });
		try {
			await upload(hub, until);
			return await measure(waysOf(hub.ports, createOllamaEmbedder(model)));
		} finally {
			await hub.stop();
			await embeddings.stop();
			await under.stop();
		}
	},
};

async function measure(ask: ReturnType<typeof waysOf>): Promise<Figures> {
	const times: Record<Way, number[]> = { keyword: [], vector: [], fused: [] };
	let before: Promise<unknown> = Promise.resolve();
	const scores = await evaluate((way, q) => {
		const asked = before.then(async () => {
			const begun = performance.now();
			const found = await ask(way, q);
			times[way].push(performance.now() - begun);
			return found;
		});
		before = asked.catch(() => undefined);
		return asked;
	});
	console.error(tableOf(scores));
	const figures = WAYS.map((way) => {
		const { recallAt5, mrr } = scores[way].all;
		return [way, { recallAt5: rounded(recallAt5), mrr: rounded(mrr), ...sharesMs(times[way]) }] as const;
	});
	return Object.fromEntries(figures);
}
