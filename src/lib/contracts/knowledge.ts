/** What people upload to be found again: manuals, procedures, reports of the past. */
export const DOCUMENT_TYPES = ['markdown', 'text', 'pdf'] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/**
 * - `waiting`: kept, and not found yet
 * - `ready`: found by its words, and by its meaning once `embedded` is `passages`
 * - `failed`: kept, and not found; `error` says why
 */
export type DocumentState = 'waiting' | 'ready' | 'failed';

export interface ApiDocument {
	readonly id: string;
	readonly site: string;
	readonly name: string;
	readonly type: DocumentType;
	/** Of the file as it was sent; only its text is kept. */
	readonly bytes: number;
	/** null for what has none. */
	readonly pages: number | null;
	readonly uploadedAt: string;
	readonly by: string;
	readonly state: DocumentState;
	readonly error: string | null;
	readonly passages: number;
	/** Passages that are found by meaning too, with the model of now. */
	readonly embedded: number;
	/** What was odd about it: pages without text, say. */
	readonly notes: readonly string[];
}

export const FOUND_KINDS = ['document', 'log', 'stream'] as const;
export type FoundKind = (typeof FOUND_KINDS)[number];

/** A part of a text: from this UTF-16 unit up to and without that one. */
export type Highlight = readonly [from: number, to: number];

interface FoundBase {
	readonly title: string;
	/** Plain text from outside: never markup. */
	readonly text: string;
	/** Words of `text` that were looked for. */
	readonly highlights: readonly Highlight[];
	/** For the order only; what it was fused from (reciprocal ranks). */
	readonly score: number;
	/** How it was found: by its letters, by its meaning. */
	readonly by: readonly ('keyword' | 'vector')[];
	readonly site: string;
}

export interface FoundPassage extends FoundBase {
	readonly kind: 'document';
	/** Id of the document. */
	readonly document: string;
	readonly heading: string | null;
	/** As `highlights`, of `heading`. */
	readonly headingHighlights: readonly Highlight[];
	readonly page: number | null;
}

export interface FoundLog extends FoundBase {
	readonly kind: 'log';
	readonly at: string;
	readonly severity: string | null;
	/** Lines found that differ from it in numbers only, itself included; it is the newest. */
	readonly alike: number;
}

export interface FoundStream extends FoundBase {
	readonly kind: 'stream';
	readonly stream: string;
}

export type Found = FoundPassage | FoundLog | FoundStream;

/** A question answered by a language model, from what was found and nothing else. */
export interface ApiAnswer {
	readonly text: string;
	/** `provider/model`. */
	readonly model: string;
	/** `P1` is the first of what was found. */
	readonly citations: readonly string[];
}

/** An answer of `GET /api/v1/search`. */
export interface ApiSearched extends ApiSearch {
	/** Whether a language model can be asked to answer from it (`POST /api/v1/search/answer`). */
	readonly answers: boolean;
}

export interface ApiSearch {
	readonly items: readonly Found[];
	readonly mode: 'keyword' | 'hybrid';
	/** In keyword mode: why it is not hybrid. */
	readonly reason: string | null;
	/** Words that occur nowhere, and the words of like spelling that were looked for instead: by letters, not by meaning. */
	readonly respelled: readonly { readonly word: string; readonly as: readonly string[] }[];
}
