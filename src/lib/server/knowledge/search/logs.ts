import type { StoredLogLine } from '#contracts/log-line.ts';
import type { Sites } from '#contracts/rights.ts';
import type { Store } from '#server/store/port.ts';
import type { Question } from './question.ts';

const ENOUGH = 20;
const LOOKED_AT = 200;
/** A code counts as much as two words. */
const CODE_WEIGHT = 2;
const LEAST_SHARE = 0.5;

export interface FoundLine {
	readonly line: StoredLogLine;
	/** Of the question's words, 0 to 1. */
	readonly share: number;
	/** Lines among those found that differ in numbers only. */
	readonly alike: number;
}

/** Lines that a question is about: those with most of its words first, then the newest; of lines that are alike the newest. */
export async function searchLogs(
	store: Pick<Store, 'logs'>,
	{ sites, question, limit }: { readonly sites: Sites; readonly question: Question; readonly limit: number },
): Promise<readonly FoundLine[]> {
	const { words } = question;
	if (words.length === 0) return [];
	const read = (some: Question['words']) =>
		store.logs({ sites, fromMicros: 0, toMicros: Number.MAX_SAFE_INTEGER, words: some, limit: LOOKED_AT });
	let lines = await read(words);
	if (lines.length < ENOUGH && words.length > 1) {
		const codes = words.filter(isCode);
		lines = withMore(lines, await read(codes.length > 0 ? codes : [words.flat()]));
	}
	const found = lines.map((line) => ({ line, share: shareOf(line.text, words) }));
	return onceEach(found.filter(({ share }) => share >= LEAST_SHARE).sort(byShareThenTime)).slice(0, limit);
}

function withMore(first: readonly StoredLogLine[], more: readonly StoredLogLine[]): StoredLogLine[] {
	const there = new Set(first.map(nameOf));
	return [...first, ...more.filter((line) => !there.has(nameOf(line)))];
}

const nameOf = ({ tMicros, seq, line }: StoredLogLine) => `${tMicros}-${seq}-${line}`;

function isCode(some: readonly string[]): boolean {
	return some.some((word) => /\d/.test(word));
}

/** How much of the question a text has. */
export function shareOf(text: string, words: Question['words']): number {
	const there = new Set(text.toLowerCase().split(/[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/));
	const weight = (some: readonly string[]) => (isCode(some) ? CODE_WEIGHT : 1);
	const all = words.reduce((sum, some) => sum + weight(some), 0);
	const had = words.filter((some) => some.some((word) => there.has(word))).reduce((sum, some) => sum + weight(some), 0);
	return all === 0 ? 0 : had / all;
}

function byShareThenTime(a: { line: StoredLogLine; share: number }, b: { line: StoredLogLine; share: number }): number {
	return b.share - a.share || b.line.tMicros - a.line.tMicros;
}

/** A machine says the same a thousand times with other numbers. Long whole numbers may be codes and are left. */
function onceEach(found: readonly { readonly line: StoredLogLine; readonly share: number }[]): FoundLine[] {
	const kinds = new Map<string, { line: StoredLogLine; share: number; alike: number }>();
	for (const { line, share } of found) {
		const kind = JSON.stringify([
			line.site,
			line.source,
			line.severity,
			share,
			line.text.replace(/\b\d{1,3}(?:[.,]\d+)?\b/g, '#'),
		]);
		const known = kinds.get(kind);
		if (known) known.alike++;
		else kinds.set(kind, { line, share, alike: 1 });
	}
	return [...kinds.values()];
}
