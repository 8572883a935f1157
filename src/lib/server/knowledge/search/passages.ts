import type { Store } from '#server/store/port.ts';
import type { ShownPassage } from '#server/store/port-knowledge.ts';
import type { Question } from './question.ts';

type Scored = ShownPassage & { readonly score: number };

/** No model calls this near. */
const LEAST_COSINE = 0.25;
/** Of a normal spread one in three thousand stands out so far. */
const LEAST_SIGMAS = 3.2;
/** With fewer there is no saying what is usual. */
const LEAST_COUNT = 20;
const IQR_SIGMAS = 1.349;

/**
 * Of the nearest those that are near: nearer than a question about something else comes to anything here. How near that is differs by
 * model, so it is measured on the passages themselves (median, and a deviation from the quartiles).
 */
export function meant({ found, usual }: Awaited<ReturnType<Store['passagesByVector']>>): readonly Scored[] {
	const [low, middle, high] = usual.quartiles;
	const spread = (high - low) / IQR_SIGMAS;
	const floor = usual.count < LEAST_COUNT ? LEAST_COSINE : Math.max(LEAST_COSINE, middle + LEAST_SIGMAS * spread);
	return found.filter(({ score }) => score >= floor);
}

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
