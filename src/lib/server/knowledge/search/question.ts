import type { Sites } from '#contracts/rights.ts';
import type { Store } from '#server/store/port.ts';
import { isCommon, stemOf, wordsOf, type Word } from './terms.ts';

const MAX_WORDS = 24;
const LONG_WORD = 8;
/** A word of another spelling counts less than one that was written. */
const RESPELLED = 0.7;

/** A question as it is looked for. */
export interface Question {
	readonly text: string;
	/** What passages are looked for by, with how much each counts. */
	readonly terms: ReadonlyMap<string, number>;
	/** What lines of logs are looked for by: for each word of the question the words that mean it, in small letters. */
	readonly words: readonly (readonly string[])[];
	readonly respelled: readonly { readonly word: string; readonly as: readonly string[] }[];
}

/**
 * Reads a question: leaves out what every text has, adds other forms of its words (`overheats`, `overheating`), and for a word that
 * occurs nowhere those of nearly its spelling. That is likeness of letters, not of meaning.
 */
export async function readQuestion(
	store: Pick<Store, 'wordsLike' | 'wordsNear'>,
	sites: Sites,
	text: string,
): Promise<Question> {
	const given = wordsOf(text).filter(({ terms }) => terms.length > 0).slice(0, MAX_WORDS); // prettier-ignore
	const plain = given.filter(isPlain).map(({ word }) => word);
	const forms = await formsOf(store, sites, plain);
	const terms = new Map<string, number>();
	const words: string[][] = [];
	const respelled: { word: string; as: readonly string[] }[] = [];
	for (const one of given) {
		for (const term of one.terms) terms.set(term, 1);
		const known = forms.get(one.word);
		if (known === undefined) words.push(...partsOf(one.word).map((part) => [part]));
		else words.push([...new Set([one.word, ...known])]);
		if (known === undefined || known.length > 0) continue;
		const as = await store.wordsNear(sites, one.word, one.word.length >= LONG_WORD ? 2 : 1);
		if (as.length === 0) continue;
		respelled.push({ word: one.word, as });
		words.at(-1)?.push(...as);
		for (const word of as) terms.set(stemOf(word), RESPELLED);
	}
	return { text, terms, words, respelled };
}

/** Of letters only and long enough that a slip in it can be told from another word. */
function isPlain({ word }: Word): boolean {
	return /^\p{L}{4,24}$/u.test(word) && !isCommon(word);
}

/** Words that occur and have the same stem, by word. */
async function formsOf(
	store: Pick<Store, 'wordsLike'>,
	sites: Sites,
	words: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
	// A stem may end in a letter that its words do not have: `vibrati`, `vibration`; `pressur`, `pressures`.
	const prefixes = new Set(
		words.map((word) => word.slice(0, Math.max(4, Math.min(stemOf(word).length - 1, word.length)))),
	);
	const there = await store.wordsLike(sites, [...prefixes]);
	return new Map(words.map((word) => [word, there.filter((one) => stemOf(one) === stemOf(word))]));
}

/** As the store cuts the words of logs. */
function partsOf(word: string): string[] {
	return word.split(/[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/).filter((part) => part !== '');
}
