import { z } from 'zod';
import { CAUSES } from '#contracts/cause.ts';
import type { NarrationQuestion } from '../rca.ts';

const MOST_CHARS = 400;
/** Repeated from what strangers wrote: more than a name. */
const MOST_REPEATED = 40;

const sentenceSchema = z.strictObject({
	text: z.string().min(1).max(MOST_CHARS),
	evidence: z.array(z.string()).min(1).max(12),
	cause: z.enum(CAUSES),
});
export type Sentence = z.output<typeof sentenceSchema>;

/**
 * Whether a sentence of a language model may be shown: well formed, its cause among those found (the first sentence's the first of
 * them), its evidence there, no number that this evidence does not hold, plain text, nothing of the fence, and nothing longer of
 * what strangers wrote.
 *
 * @returns why not, for the record; never a part of the sentence itself
 */
export function faultOf(
	given: unknown,
	at: { readonly index: number; readonly fence: string; readonly of: NarrationQuestion },
): string | undefined {
	const parsed = sentenceSchema.safeParse(given);
	if (!parsed.success) return 'a sentence is not of the shape that was asked for';
	const { text, evidence, cause } = parsed.data;
	const { hypotheses } = at.of;
	if (!hypotheses.some((one) => one.cause === cause)) return 'a sentence names a cause that was not found';
	if (at.index === 0 && cause !== hypotheses[0]?.cause)
		return 'the first sentence is about another cause than the first';
	const cited = evidence.map((id) => at.of.evidence.find((one) => one.id === id));
	if (cited.some((one) => one === undefined)) return 'a sentence cites evidence that does not exist';
	if (text.includes(at.fence)) return 'a sentence repeats the fence';
	return (
		markupFault(text) ??
		idFault(text, evidence) ??
		causeFault(text, at.of) ??
		numberFault(text, [at.of.about.stream.key, ...cited.flatMap((one) => one?.detail ?? [])]) ??
		repeatFault(text, at.of)
	);
}

/** @throws ZodError for what `faultOf` has not passed */
export const parseSentence = (given: unknown): Sentence => sentenceSchema.parse(given);

/** What could be more than text on a page, or lead away from it. */
export function markupFault(text: string): string | undefined {
	if (/[<>`\\]|\]\(|[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u.test(text))
		return 'a sentence has markup or invisible characters';
	if (/:\/\/|\bwww\.|@\w|\b[\w-]+\.(?:[a-z]{2,})(?=[\s/,;:)]|$)/i.test(withoutNumbers(text)))
		return 'a sentence has an address';
	return undefined;
}

const withoutNumbers = (text: string) => text.replace(/\d+(?:[.,]\d+)?/g, '');

/** Evidence that is named in the words has to be cited too. */
function idFault(text: string, evidence: readonly string[]): string | undefined {
	const named = text.match(/\bE\d+\b/g) ?? [];
	return named.every((id) => evidence.includes(id)) ? undefined : 'a sentence mentions evidence that it does not cite';
}

/** No cause by the back door: words of the catalogue that are not among what was found. */
function causeFault(text: string, { hypotheses }: NarrationQuestion): string | undefined {
	const plain = ` ${text.toLowerCase().replace(/[^a-z]+/g, ' ')} `;
	const others = CAUSES.filter((name) => name.includes('-') && !hypotheses.some(({ cause }) => cause === name));
	return others.some((name) => plain.includes(` ${name.replaceAll('-', ' ')} `))
		? 'a sentence names a cause that was not found'
		: undefined;
}

const WORDS: Readonly<Record<string, number>> = {
	...{
		two: 2,
		three: 3,
		four: 4,
		five: 5,
		six: 6,
		seven: 7,
		eight: 8,
		nine: 9,
		ten: 10,
		eleven: 11,
		twelve: 12,
		thirteen: 13,
	},
	...{
		fourteen: 14,
		fifteen: 15,
		sixteen: 16,
		seventeen: 17,
		eighteen: 18,
		nineteen: 19,
		twenty: 20,
		thirty: 30,
		forty: 40,
	},
	...{ fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90, hundred: 100, thousand: 1000, million: 1e6 },
	...{ twice: 2, double: 2, doubled: 2, tripled: 3, half: 0.5, halved: 0.5 },
};
const NUMBER = /-?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?/gi;

/** Every number has to stand in the evidence, up to its own rounding; those in words too. */
export function numberFault(text: string, details: readonly string[]): string | undefined {
	const known = details.flatMap((detail) => [...numbersIn(detail), ...wordsIn(detail)]);
	const own = text.replace(/\bE\d+\b/g, '');
	const isKnown = (token: string) => known.some((number) => isRounded(token, number));
	const digits = own.match(NUMBER) ?? [];
	if (!digits.every(isKnown)) return 'a sentence has a number that its evidence does not hold';
	const words = wordsIn(own);
	return words.every((number) => known.includes(number))
		? undefined
		: 'a sentence has a number in words that its evidence does not hold';
}

const numbersIn = (text: string) => (text.match(NUMBER) ?? []).map((token) => Number(token.replaceAll(',', '')));
const wordsIn = (text: string) =>
	(text.toLowerCase().match(/[a-z]+/g) ?? []).flatMap((word) => (Object.hasOwn(WORDS, word) ? WORDS[word]! : []));

/** 4.5 stands for 4.49, and 4 does; the sign may be said in words. */
function isRounded(token: string, number: number): boolean {
	const plain = token.replaceAll(',', '').replace(/^-/, '');
	const decimals = /\.(\d+)/.exec(plain)?.[1]?.length ?? 0;
	const difference = Math.abs(Math.abs(number) - Number(plain));
	return difference <= 0.5 * 10 ** -decimals + 1e-9 && (decimals > 0 || Math.abs(number) >= 1 || difference < 1e-9);
}

const STRANGERS = new Set(['event', 'passage', 'version', 'similar', 'system']);

function repeatFault(text: string, { evidence }: NarrationQuestion): string | undefined {
	const foreign = evidence.filter(({ kind }) => STRANGERS.has(kind)).map(({ detail }) => detail.toLowerCase());
	const plain = text.toLowerCase();
	for (let from = 0; from + MOST_REPEATED <= plain.length; from++) {
		const piece = plain.slice(from, from + MOST_REPEATED);
		if (foreign.some((detail) => detail.includes(piece))) return 'a sentence repeats what strangers wrote';
	}
	return undefined;
}
