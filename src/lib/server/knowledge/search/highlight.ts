import type { Highlight } from '#contracts/knowledge.ts';
import { wordsOf } from './terms.ts';

const MAX_HIGHLIGHTS = 100;

/** Where in a text the words stand that have one of these terms. */
export function highlightsOf(text: string, terms: ReadonlySet<string>): Highlight[] {
	return wordsOf(text)
		.filter((word) => word.terms.some((term) => terms.has(term)))
		.slice(0, MAX_HIGHLIGHTS)
		.map(({ from, to }) => [from, to]);
}

/** A part of a long text around the first of what was looked for, with an ellipsis where it is cut; whole where it is short. */
export function excerpt(text: string, terms: ReadonlySet<string>, maxChars: number): string {
	if (text.length <= maxChars) return text;
	const first = wordsOf(text).find((word) => word.terms.some((term) => terms.has(term)))?.from ?? 0;
	const from = Math.max(0, Math.min(first - Math.floor(maxChars / 4), text.length - maxChars));
	const to = from + maxChars;
	return `${from > 0 ? '…' : ''}${text.slice(from, to).toWellFormed()}${to < text.length ? '…' : ''}`;
}
