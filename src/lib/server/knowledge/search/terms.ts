import { stemmer } from 'stemmer';

/** A word of a text where it stands, from this UTF-16 unit up to and without that one, and what it is found by. */
export interface Word {
	readonly from: number;
	readonly to: number;
	/** In small letters, as it stands. */
	readonly word: string;
	/** Stems, and of a code its parts and the whole of it. Empty for words that every text has. */
	readonly terms: readonly string[];
}

const WORD = /[\p{L}\p{M}\p{N}]+(?:[-_./:#][\p{L}\p{M}\p{N}]+)*/gu;
const PART = /[\p{L}\p{M}\p{N}]+/gu;
/** `e3021` is found by `3021` too, `pt100` by `100`. */
const RUN = /\p{N}{2,}|[\p{L}\p{M}]{2,}/gu;
const LETTERS = /^[\p{L}\p{M}]+$/u;
const MAX_CODE_CHARS = 40;
/** Of these Porter makes a verb in -ate, and then nothing: `overheated` would be `overh`, and `overheat` another word. */
const HEATED = /([eo]at)(?:ed|ing)$/;

/** Words that a question has and that say nothing of what it is about; English and German. */
const COMMON = new Set(
	(
		'a about after all also am an and any are as at be because been before being between both but by can could did do does ' +
		'doing each for from had has have having he her here how i if in into is it its just me more most my no not now of off on ' +
		'once only or other our out over own same she should so some such than that the their them then there these they this ' +
		'those through to too under until up very was we were what when where which while who why will with would you your ' +
		'aber als am an auch auf aus bei beim bin bis da damit das dass dem den der des die dies diese dieser doch dort du durch ein ' +
		'eine einem einen einer eines er es für hat habe haben hier ich ihr im in ist ja kann mit muss nach nicht noch nur ob oder ' +
		'ohne sein sich sie sind so soll über um und uns unter vom von vor wann warum was weil welche welcher wenn wer werden wie ' +
		'wird wir wo zu zum zur'
	).split(' '),
);

/** Every word of a text, in order. */
export function wordsOf(text: string): Word[] {
	return [...text.matchAll(WORD)].map(({ 0: found, index }) => ({
		from: index,
		to: index + found.length,
		word: found.toLowerCase(),
		terms: termsOfWord(found),
	}));
}

/** What a text is found by, in order, with repetitions. */
export function termsOf(text: string): string[] {
	return wordsOf(text).flatMap(({ terms }) => terms);
}

export function isCommon(word: string): boolean {
	return COMMON.has(word);
}

/** Small letters without accents; of an English word its stem (Porter 1980). */
export function stemOf(word: string): string {
	const plain = fold(word).replace(HEATED, '$1');
	return LETTERS.test(plain) ? stemmer(plain) : plain;
}

function fold(word: string): string {
	return word.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
}

function termsOfWord(found: string): string[] {
	const parts = found.match(PART) ?? [];
	const terms = parts.flatMap(termsOfPart);
	const hasDigit = /\p{N}/u.test(found);
	// `E-3021`, `E 3021` and `E3021` are one code.
	if (parts.length > 1 && hasDigit && found.length <= MAX_CODE_CHARS) terms.push(fold(parts.join('')));
	return terms;
}

function termsOfPart(part: string): string[] {
	const word = part.toLowerCase();
	if (isCommon(word)) return [];
	if (LETTERS.test(part)) return [stemOf(part)];
	const whole = fold(part);
	const runs = (whole.match(RUN) ?? []).filter((run) => run !== whole);
	return [whole, ...runs.map((run) => (LETTERS.test(run) ? stemOf(run) : run))];
}
