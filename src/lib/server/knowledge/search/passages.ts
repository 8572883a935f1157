import type { Store } from '#server/store/port.ts';
import type { ShownPassage } from '#server/store/port-knowledge.ts';
import type { Question } from './question.ts';

type Scored = ShownPassage & { readonly score: number };

/** What is found among: editions with how many passages and terms they have. */
export interface Corpus {
	readonly editions: readonly number[];
	readonly passages: number;
	readonly terms: number;
}

/** Passages with the question's terms, by BM25; terms that few passages have count most. */
export async function searchTerms(
	store: Pick<Store, 'termCounts' | 'passagesByTerms'>,
	{ corpus, question, limit }: { readonly corpus: Corpus; readonly question: Question; readonly limit: number },
): Promise<readonly Scored[]> {
	const terms = [...question.terms.keys()];
	if (terms.length === 0 || corpus.passages === 0) return [];
	const { editions, passages } = corpus;
	const counts = await store.termCounts(terms, { editions });
	const there = terms.filter((_, i) => (counts[i] ?? 0) > 0);
	const weights = terms.flatMap((term, i) => {
		const n = counts[i] ?? 0;
		if (n === 0) return [];
		return [(question.terms.get(term) ?? 1) * Math.log(1 + Math.max(0, passages - n + 0.5) / (n + 0.5))];
	});
	if (there.length === 0) return [];
	return store.passagesByTerms({ editions, terms: there, weights, meanTerms: corpus.terms / passages, limit });
}
