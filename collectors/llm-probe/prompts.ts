import { createHash } from 'node:crypto';
import { namedChecks, type Check, type NamedCheck } from './checks.ts';

/** A prompt class: calls of one class are comparable, and stand on charts of their own. */
export interface PromptClass {
	readonly name: string;
	/** Another text is another version, with streams of its own. */
	readonly version: string;
	readonly maxTokens: number;
	/** Seldom enough for what it costs. */
	readonly shortestEveryMs: number;
	readonly checks: readonly NamedCheck[];
	/** @param nonce different each time; a prompt that is meant to be cached leaves it out */
	text(nonce: string): string;
}

export interface OwnPrompt {
	readonly text: string;
	readonly maxTokens: number;
	readonly cache: 'bust' | 'allow';
	readonly checks: readonly Check[];
}

/** To be raised with any change of what stands below: old and new answers are not comparable. */
const VERSION = '1';
const LAST = 40;
const ORDER = `Write the whole numbers from 1 to ${LAST} in order, separated by single spaces, and nothing else.`;
const ANSWER = Array.from({ length: LAST }, (_, i) => i + 1).join(' ');
/** The answer has about two tokens for a number. */
const MAX_TOKENS = 200;
const MINUTE_MS = 60_000;

/** About so many words before the order, and how often at most: ten thousand tokens a minute would cost too much. */
const SIZES: Readonly<Record<string, { readonly words: number; readonly shortestEveryMs: number }>> = {
	short: { words: 0, shortestEveryMs: 0 },
	medium: { words: 750, shortestEveryMs: 15 * MINUTE_MS },
	long: { words: 7500, shortestEveryMs: 180 * MINUTE_MS },
};
export const BUILT_IN = Object.keys(SIZES).flatMap((size) => [size, `${size}-cached`]);

/** @returns undefined when there is none of this name */
export function promptClass(name: string, own: Readonly<Record<string, OwnPrompt>>): PromptClass | undefined {
	if (Object.hasOwn(own, name)) return ownClass(name, own[name]!);
	const isCached = name.endsWith('-cached');
	const size = isCached ? name.slice(0, -'-cached'.length) : name;
	if (!Object.hasOwn(SIZES, size)) return undefined;
	const { words, shortestEveryMs } = SIZES[size]!;
	const text = `${filler(words)}${ORDER}`;
	return {
		name,
		version: VERSION,
		maxTokens: MAX_TOKENS,
		shortestEveryMs,
		checks: namedChecks([{ exact: ANSWER }]),
		text: isCached ? () => text : (nonce) => busted(nonce, text),
	};
}

function ownClass(name: string, { text, maxTokens, cache, checks }: OwnPrompt): PromptClass {
	return {
		name,
		version: createHash('sha256')
			.update(JSON.stringify([text, maxTokens, cache]))
			.digest('hex')
			.slice(0, 8),
		maxTokens,
		shortestEveryMs: 0,
		checks: namedChecks(checks),
		text: cache === 'allow' ? () => text : (nonce) => busted(nonce, text),
	};
}

/** At the front: caches go by prefix. */
function busted(nonce: string, text: string): string {
	return `(request ${nonce})\n${text}`;
}

const WORDS =
	'river stone window paper morning letter garden silver market bridge number winter yellow music table forest'.split(
		' ',
	);

/** Always the same, and nothing that a model would have to think about. */
function filler(words: number): string {
	if (words === 0) return '';
	const chosen = Array.from({ length: words }, (_, i) => WORDS[(i * i + 7 * i + 3 * (i >> 4)) % WORDS.length]);
	return `Here are words that do not matter: ${chosen.join(' ')}.\n`;
}
