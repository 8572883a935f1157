import type { Found } from '#contracts/knowledge.ts';
import type { StoredLogLine } from '#contracts/log-line.ts';
import { formatTime, MICROS_PER_SECOND } from '#contracts/time.ts';
import type { Store } from '#server/store/port.ts';
import type { Knowledge, Passage } from '../port.ts';
import { excerpt } from './highlight.ts';
import { shareOf } from './logs.ts';
import { readQuestion, type Question } from './question.ts';
import { termsOf } from './terms.ts';

const BEFORE_MICROS = 30 * 60 * MICROS_PER_SECOND;
const AFTER_MICROS = 5 * 60 * MICROS_PER_SECOND;
const LOOKED_AT = 1000;
/** A passage with less of what was asked has a word in common with it and no more. */
const LEAST_SHARE = 0.4;
const MEANT_SHARE = 0.5;
const MAX_TEXT_CHARS = 1500;
/** What says a word of it, or that something was wrong, may have to do with it; anything else is the daily talk of a machine. */
const LEAST = 0.2;
const HEAVY: Readonly<Record<string, number>> = { critical: 0.5, error: 0.4, warning: 0.2 };

/** What documents and logs of a site say about something. */
export function createPassages(parts: {
	readonly store: Store;
	readonly search: Knowledge['search'];
}): Knowledge['passages'] {
	return async ({ site, text, aroundMicros, limit }) => {
		const sites = [site];
		const [documents, lines] = await Promise.all([
			parts.search({ sites, text, kinds: ['document'], limit }),
			aroundMicros === undefined ? [] : linesAround(parts.store, { site, text, aroundMicros, limit }),
		]);
		const best = documents.items[0]?.score ?? 1;
		const asked = new Set(termsOf(text));
		const passages = documents.items.flatMap((found): Passage[] => {
			const share = shareOfTerms(found, asked);
			if (share < LEAST_SHARE) return [];
			const page = found.kind === 'document' && found.page !== null ? `, page ${found.page}` : '';
			return [{ document: `${found.title}${page}`, text: found.text, score: share * (found.score / best) }];
		});
		return [...passages, ...lines].sort((a, b) => b.score - a.score).slice(0, limit);
	};
}

/** How much of what was asked a passage has; one that was found by its meaning has half of it, whatever its words. */
function shareOfTerms(found: Found, asked: ReadonlySet<string>): number {
	const heading = found.kind === 'document' ? (found.heading ?? '') : '';
	const there = new Set(termsOf(`${heading} ${found.text}`));
	const share = asked.size === 0 ? 0 : [...asked].filter((term) => there.has(term)).length / asked.size;
	return found.by.includes('vector') ? Math.max(share, MEANT_SHARE) : share;
}

async function linesAround(
	store: Store,
	about: { readonly site: string; readonly text: string; readonly aroundMicros: number; readonly limit: number },
): Promise<readonly Passage[]> {
	const { site, text, aroundMicros, limit } = about;
	const question = await readQuestion(store, [site], text);
	const range = { fromMicros: aroundMicros - BEFORE_MICROS, toMicros: aroundMicros + AFTER_MICROS };
	const lines = await store.logs({ sites: [site], ...range, limit: LOOKED_AT });
	const terms = new Set(question.terms.keys());
	return onceEach(lines)
		.map((line) => ({ line, score: scoreOf(line, question, aroundMicros) }))
		.filter(({ score }) => score >= LEAST)
		.sort((a, b) => b.score - a.score)
		.slice(0, limit)
		.map(({ line, score }) => ({
			document: `log${line.source === null ? '' : ` of ${line.source}`}, ${formatTime(line.tMicros)}`,
			text: excerpt(line.text, terms, MAX_TEXT_CHARS),
			score,
		}));
}

/** The newest of each text. */
function onceEach(lines: readonly StoredLogLine[]): StoredLogLine[] {
	const texts = new Map<string, StoredLogLine>();
	for (const line of lines) if (!texts.has(line.text)) texts.set(line.text, line);
	return [...texts.values()];
}

/** Half its words, half its weight, and the nearer in time the more. */
function scoreOf({ text, severity, tMicros }: StoredLogLine, { words }: Question, aroundMicros: number): number {
	const said = 0.5 * shareOf(text, words) + (HEAVY[severity ?? ''] ?? 0);
	const far = Math.abs(tMicros - aroundMicros) / (tMicros > aroundMicros ? AFTER_MICROS : BEFORE_MICROS);
	return said * (1 - 0.5 * far);
}
