import type { ApiSearch, Found } from '#contracts/knowledge.ts';
import { covers } from '#contracts/principal.ts';
import type { Sites } from '#contracts/rights.ts';
import type { Stream } from '#contracts/stream.ts';
import { formatTime } from '#contracts/time.ts';
import type { Metadata } from '#server/metadata/port.ts';
import type { StoredDocument } from '#server/metadata/port-documents.ts';
import type { Store } from '#server/store/port.ts';
import type { ShownPassage } from '#server/store/port-knowledge.ts';
import type { Embedder } from '../embeddings/embedder.ts';
import type { Knowledge } from '../port.ts';
import { fuse } from './fuse.ts';
import { excerpt, highlightsOf } from './highlight.ts';
import { searchLogs, type FoundLine } from './logs.ts';
import { meant, searchTerms, type Corpus } from './passages.ts';
import { readQuestion, type Question } from './question.ts';
import { textOf } from './streams.ts';
import { termsOf } from './terms.ts';

const MAX_QUESTION_CHARS = 2000;
const MAX_TEXT_CHARS = 1500;
const EMBED_TIMEOUT_MS = 4000;
/** Of each list; what stands lower in both has no chance. */
const LIST_DEPTH = 50;

export interface SearchParts {
	readonly store: Store;
	readonly documents: Metadata['documents'];
	readonly streams: (question: Question, sites: Sites, limit: number) => Promise<readonly Stream[]>;
	readonly embedder: () => Embedder | undefined;
}

/** One thing found, before it is shown. */
type Hit =
	| { readonly kind: 'document'; readonly passage: ShownPassage; readonly of: StoredDocument }
	| { readonly kind: 'log'; readonly found: FoundLine }
	| { readonly kind: 'stream'; readonly stream: Stream };

/** Keyword search and, with embeddings, search by meaning, over documents, logs and names of streams, as one list. */
export function createSearch(parts: SearchParts): Knowledge['search'] {
	return async (asked) => {
		const { sites, kinds, limit } = asked;
		const wants = (kind: Found['kind']) => kinds === undefined || kinds.includes(kind);
		const text = asked.text.slice(0, MAX_QUESTION_CHARS);
		const question = await readQuestion(parts.store, sites, text);
		const [documents, lines, streams] = await Promise.all([
			wants('document') ? searchDocuments(parts, question, sites) : NONE,
			wants('log') ? searchLogs(parts.store, { sites, question, limit: LIST_DEPTH }) : [],
			wants('stream') ? parts.streams(question, sites, LIST_DEPTH) : [],
		]);
		const { exact } = documents;
		// What has one way to be found is not to stand behind what has several.
		const weight = 1 + (documents.mode === 'hybrid' ? 1 : 0) + (exact.length > 0 ? 1 : 0);
		const logs: Hit[] = lines.map((found) => ({ kind: 'log', found }));
		const named: Hit[] = streams.map((stream) => ({ kind: 'stream', stream }));
		const ranked = fuse<Hit>(
			[
				{ name: 'keyword', items: documents.keyword },
				// Who gives a code means what has it.
				{ name: 'keyword', items: exact },
				{ name: 'vector', items: documents.vector },
				{ name: 'keyword', items: named, weight },
				{ name: 'keyword', items: logs, weight },
			],
			nameOf,
		);
		const terms = new Set(question.terms.keys());
		return {
			items: ranked.slice(0, limit).map(({ item, score, by }) => {
				const ways = [...new Set(by)] as Found['by'];
				return { ...shown(item, terms), score, by: ways };
			}),
			mode: documents.mode,
			reason: documents.reason,
			respelled: question.respelled,
		} satisfies ApiSearch;
	};
}

function hasCode({ heading, text }: ShownPassage, codes: readonly string[]): boolean {
	const terms = new Set(termsOf(`${heading} ${text}`));
	return codes.some((code) => terms.has(code));
}

/** Beside what has the code, what has far less of the question is about other codes. */
const LEAST_BESIDE_CODE = 0.5;

interface FoundDocuments extends Pick<ApiSearch, 'mode' | 'reason'> {
	/** Those of `keyword` that have a code of the question. */
	readonly exact: readonly Hit[];
	readonly keyword: readonly Hit[];
	readonly vector: readonly Hit[];
}

const NONE: FoundDocuments = {
	exact: [],
	keyword: [],
	vector: [],
	mode: 'keyword',
	reason: 'Only documents are found by meaning.',
};

async function searchDocuments(parts: SearchParts, question: Question, sites: Sites): Promise<FoundDocuments> {
	const all = (await parts.documents.list(sites)).filter((one) => one.edition > 0);
	const editions = new Map(all.filter(({ site }) => covers(sites, site)).map((one) => [one.edition, one]));
	const corpus: Corpus = {
		editions: [...editions.keys()],
		passages: all.reduce((sum, one) => sum + one.passages, 0),
		terms: all.reduce((sum, one) => sum + one.terms, 0),
	};
	const hits = (found: readonly ShownPassage[]) =>
		found.flatMap((passage): Hit[] => {
			const of = editions.get(passage.edition);
			return of === undefined ? [] : [{ kind: 'document', passage, of }];
		});
	const [keyword, byMeaning] = await Promise.all([
		searchTerms(parts.store, { corpus, question, limit: LIST_DEPTH }),
		searchVectors(parts, question, corpus),
	]);
	const { found, reason } = byMeaning;
	const codes = [...question.terms.keys()].filter((term) => /\d/.test(term));
	const exact = keyword.filter((passage) => hasCode(passage, codes));
	const least = exact.length === 0 ? 0 : LEAST_BESIDE_CODE * (keyword[0]?.score ?? 0);
	return {
		keyword: hits(keyword.filter(({ score }) => score >= least)),
		exact: hits(exact),
		vector: hits(found),
		...{ mode: reason === null ? 'hybrid' : 'keyword', reason },
	};
}

async function searchVectors(
	{ embedder: current, store }: SearchParts,
	{ text }: Question,
	{ editions }: Corpus,
): Promise<{ readonly found: readonly ShownPassage[]; readonly reason: string | null }> {
	const embedder = current();
	if (embedder === undefined)
		return {
			found: [],
			reason: 'No embeddings are configured (knowledge.embeddings): words are looked for, not meaning.',
		};
	let vector: readonly number[] | undefined;
	try {
		[vector] = await embedder.embed([text], { timeoutMs: EMBED_TIMEOUT_MS });
	} catch {
		return {
			found: [],
			reason: `The embeddings of ${embedder.model} do not answer: words are looked for, not meaning.`,
		};
	}
	const among = { editions, model: embedder.model, vector: vector ?? [], limit: LIST_DEPTH };
	return { found: meant(await store.passagesByVector(among)), reason: null };
}

function nameOf(hit: Hit): string {
	switch (hit.kind) {
		case 'document':
			return `d${hit.passage.edition}-${hit.passage.passage}`;
		case 'log':
			return `l${hit.found.line.seq}-${hit.found.line.line}`;
		case 'stream':
			return `s${hit.stream.id}`;
	}
}

function shown(hit: Hit, terms: ReadonlySet<string>) {
	switch (hit.kind) {
		case 'document': {
			const { passage, of } = hit;
			const text = excerpt(passage.text, terms, MAX_TEXT_CHARS);
			const { heading, page } = passage;
			const place = { document: String(of.id), heading: heading || null, page: page || null };
			return {
				kind: 'document',
				title: of.name,
				text,
				highlights: highlightsOf(text, terms),
				site: of.site,
				...place,
				headingHighlights: highlightsOf(heading, terms),
			} as const;
		}
		case 'log': {
			const { line, alike } = hit.found;
			const text = excerpt(line.text, terms, MAX_TEXT_CHARS);
			const told = { site: line.site, at: formatTime(line.tMicros), severity: line.severity, alike };
			return {
				kind: 'log',
				title: line.source ?? 'log',
				text,
				highlights: highlightsOf(text, terms),
				...told,
			} as const;
		}
		case 'stream': {
			const { stream } = hit;
			const text = textOf(stream);
			const which = { site: stream.site, stream: String(stream.id) };
			return { kind: 'stream', title: stream.key, text, highlights: highlightsOf(text, terms), ...which } as const;
		}
	}
}
