import { z } from 'zod';
import { markupFault, numberFault } from '../narration/check.ts';

const MOST_CHARS = 400;
/** Of its longer words, so many have to stand in what it cites, in some form. */
const LEAST_SUPPORT = 0.6;
const LONG_WORD = 4;
/** Words that begin alike count as forms of one. */
const STEM = 5;

const sentenceSchema = z.strictObject({
	text: z.string().min(1).max(MOST_CHARS),
	passages: z.array(z.string()).min(1).max(6),
});
export type AnswerSentence = z.output<typeof sentenceSchema>;

/** What an answer has to look like, for providers that keep a model to it. */
export const SENTENCES_SCHEMA = {
	type: 'object',
	properties: {
		sentences: {
			type: 'array',
			items: {
				type: 'object',
				properties: { text: { type: 'string' }, passages: { type: 'array', items: { type: 'string' } } },
				required: ['text', 'passages'],
				additionalProperties: false,
			},
		},
	},
	required: ['sentences'],
	additionalProperties: false,
} as const;

/**
 * A sentence of a language model about passages, if it may be shown: well formed, its passages there, no number that they do not
 * hold, mostly their words, plain text, nothing of the fence, nothing to call or to go to.
 *
 * @param at `passages`: their text by id
 * @returns why not, for the record; never a part of the sentence itself
 */
export function checkAnswer(
	given: unknown,
	at: { readonly fence: string; readonly passages: ReadonlyMap<string, string> },
): AnswerSentence | string {
	const parsed = sentenceSchema.safeParse(given);
	if (!parsed.success) return 'a sentence is not of the shape that was asked for';
	const { text, passages } = parsed.data;
	const cited = passages.flatMap((id) => at.passages.get(id) ?? []);
	if (cited.length < passages.length) return 'a sentence cites a passage that does not exist';
	if (text.includes(at.fence)) return 'a sentence repeats the fence';
	if (/\bP\d+\b/.test(text)) return 'a sentence mentions the id of a passage';
	if (/\+?\d(?:[\s().\-/]*\d){8,}/.test(text)) return 'a sentence has a number to call';
	return markupFault(text) ?? numberFault(text, cited) ?? supportFault(text, cited) ?? parsed.data;
}

function supportFault(text: string, cited: readonly string[]): string | undefined {
	const known = new Set(cited.flatMap(stemsOf));
	const own = stemsOf(text);
	const share = own.filter((stem) => known.has(stem)).length / Math.max(1, own.length);
	return own.length > 0 && share < LEAST_SUPPORT ? 'a sentence says what its passages do not' : undefined;
}

function stemsOf(text: string): string[] {
	const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
	return words.filter((word) => word.length >= LONG_WORD).map((word) => word.slice(0, STEM));
}
