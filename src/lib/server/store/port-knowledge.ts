import type { Severity, StoredLogLine } from '#contracts/log-line.ts';
import type { Sites } from '#contracts/rights.ts';

export interface LogsFilter {
	/** Sites that the reader may see. */
	readonly sites: Sites;
	/** Both ends belong to it. */
	readonly fromMicros: number;
	readonly toMicros: number;
	readonly source?: string | undefined;
	readonly severities?: readonly Severity[] | undefined;
	/** Lines that have of each of these at least one: words in small letters, cut at every ASCII character that is no letter and no digit. */
	readonly words?: readonly (readonly string[])[] | undefined;
	readonly limit: number;
	/** The last one of the page before. */
	readonly after?: { readonly tMicros: number; readonly seq: number; readonly line: number } | undefined;
}

/** A passage of one edition of a document; an edition is a document as it was cut once. */
export interface PassageName {
	readonly edition: number;
	/** From 0. */
	readonly passage: number;
}

export interface StoredPassage extends PassageName {
	readonly site: string;
	/** Empty: none. */
	readonly heading: string;
	/** 0: none. */
	readonly page: number;
	readonly text: string;
	readonly terms: readonly string[];
}

export type ShownPassage = Omit<StoredPassage, 'terms' | 'site'>;

/** Among these nothing else is found. */
export interface Among {
	readonly editions: readonly number[];
}

/** Lines of logs, and passages of documents with their vectors. Writes are idempotent by token. */
export interface KnowledgeRecords {
	insertLogs(insert: {
		readonly token: string;
		readonly lines: readonly StoredLogLine[];
		readonly receivedMicros: number;
	}): Promise<void>;
	/** Newest first. */
	logs(filter: LogsFilter): Promise<readonly StoredLogLine[]>;
	insertPassages(insert: { readonly token: string; readonly passages: readonly StoredPassage[] }): Promise<void>;
	insertVectors(insert: {
		readonly token: string;
		readonly model: string;
		readonly vectors: readonly (PassageName & { readonly site: string; readonly vector: readonly number[] })[];
	}): Promise<void>;
	/** How many passages, and vectors of a model, each edition has that has any. */
	editions(model: string): Promise<ReadonlyMap<number, { readonly passages: number; readonly vectors: number }>>;
	/** Passages of an edition that this model has no vectors of, in their order. */
	passagesWithout(edition: number, model: string, limit: number): Promise<readonly ShownPassage[]>;
	removeEditions(editions: readonly number[]): Promise<void>;
	/** In how many passages each term is. */
	termCounts(terms: readonly string[], among: Among): Promise<readonly number[]>;
	/** By BM25 (Robertson and Zaragoza 2009, k1 1.2, b 0.75), the best first. `weights` are the terms' own, `meanTerms` the mean length. */
	passagesByTerms(
		search: Among & {
			readonly terms: readonly string[];
			readonly weights: readonly number[];
			readonly meanTerms: number;
			readonly limit: number;
		},
	): Promise<readonly (ShownPassage & { readonly score: number })[]>;
	/**
	 * By the cosine between them, the nearest first: 1 is the same direction. `usual`: quartiles of it over all passages that were
	 * looked among, and how many those are, which says how near any question comes to anything with this model.
	 */
	passagesByVector(
		search: Among & { readonly model: string; readonly vector: readonly number[]; readonly limit: number },
	): Promise<{
		readonly found: readonly (ShownPassage & { readonly score: number })[];
		readonly usual: { readonly count: number; readonly quartiles: readonly [number, number, number] };
	}>;
	/** Words of these sites that begin like one of these. */
	wordsLike(sites: Sites, prefixes: readonly string[]): Promise<readonly string[]>;
	/** Words of these sites that are spelled almost so, the nearest first, then the commonest. */
	wordsNear(sites: Sites, word: string, maxDistance: number): Promise<readonly string[]>;
}
