import { findTerms } from '#lib/format/glossary.ts';
import { labelsText, matches } from '#lib/format/stream-name.ts';
import type { StreamEntry } from '#lib/live/directory.svelte.ts';
import type { Place } from './places.ts';
import * as m from '#messages';

/** A line of the palette: somewhere to go. */
export interface Found {
	readonly href: string;
	readonly title: string;
	readonly hint: string;
}

export interface FoundGroup {
	readonly heading: string;
	readonly items: readonly Found[];
}

/** More than a screen of streams nobody reads: another word brings them down. */
const MOST_STREAMS = 12;
const MOST_TERMS = 5;

/** What these words lead to: pages, streams, terms. Without words the pages. */
export function findAll(
	query: string,
	from: { readonly places: readonly Place[]; readonly streams: readonly StreamEntry[] },
): readonly FoundGroup[] {
	const words = query.trim();
	const pages = from.places.filter(({ title, hint }) => matches(`${title} ${hint}`.toLowerCase(), words));
	if (words === '') return [{ heading: m.shell_pages(), items: pages }];
	const groups = [
		{ heading: m.shell_pages(), items: pages },
		{ heading: m.shell_streams(), items: streamsFor(words, from.streams) },
		{ heading: m.shell_words(), items: termsFor(words) },
	];
	return groups.filter(({ items }) => items.length > 0);
}

function streamsFor(words: string, streams: readonly StreamEntry[]): Found[] {
	const found: Found[] = [];
	for (const { id, key, unit, site, labels, search } of streams) {
		if (found.length === MOST_STREAMS) break;
		if (!matches(search, words)) continue;
		const hint = [labelsText(labels), unit, site].filter((part) => part !== '').join(' · ');
		found.push({ href: `/streams/${encodeURIComponent(id)}`, title: key, hint });
	}
	return found;
}

function termsFor(words: string): Found[] {
	return findTerms(words)
		.slice(0, MOST_TERMS)
		.map(({ id, word, text }) => ({ href: `/glossary#${id}`, title: word, hint: text.split('.')[0] ?? '' }));
}
