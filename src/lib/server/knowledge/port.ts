import type { KnowledgeConfig } from '#contracts/config.ts';
import type { InputFault } from '#contracts/error.ts';
import type { ApiDocument, ApiSearch, DocumentType, FoundKind } from '#contracts/knowledge.ts';
import type { Principal } from '#contracts/principal.ts';
import type { Sites } from '#contracts/rights.ts';
import type { Actor } from '../metadata/port-acts.ts';

/** A passage of a document, or a line of a log, that may have to do with something. */
export interface Passage {
	/** `manual.pdf, page 12` or `log of spindle-ctl, 2026-01-31T12:00:00Z`. */
	readonly document: string;
	/** Untrusted, at most some 1,500 characters: quote it as data, show it as plain text. */
	readonly text: string;
	/** 0 to 1: how much of what was asked it has, and how high it ranks; comparable within one answer only. */
	readonly score: number;
}

export interface LogsAnswer {
	readonly accepted: number;
	readonly duplicates: number;
	readonly refused: number;
	/** The first hundred faults. */
	readonly errors: readonly InputFault[];
}

/** Columns of a CSV file by name; `t` and `text` are needed. */
export interface LogColumns {
	readonly time: string;
	readonly text: string;
	readonly severity?: string | undefined;
	readonly source?: string | undefined;
	/** IANA name for times without one; default UTC. */
	readonly zone?: string | undefined;
	readonly delimiter?: string | undefined;
}

/** Where logs and documents come in, and how they are found again. */
export interface Knowledge {
	readonly logs: {
		/**
		 * Resolves once the lines are in the journal.
		 *
		 * @throws InputError when nothing of it was good; QuotaError; JournalFullError
		 */
		take(request: {
			readonly principal: Principal;
			readonly body: Uint8Array;
			readonly contentType: string;
			readonly idempotencyKey?: string | undefined;
			/** The body is CSV. */
			readonly columns?: LogColumns | undefined;
		}): Promise<LogsAnswer>;
	};
	readonly documents: {
		/**
		 * Kept when it resolves, found a moment later. One of the same name on a site takes the place of the old one.
		 *
		 * @throws InputError for what has no text, cannot be read or is too large
		 */
		add(upload: {
			readonly site: string;
			readonly name: string;
			readonly type: DocumentType;
			readonly bytes: Uint8Array;
			readonly by: Actor;
		}): Promise<ApiDocument>;
		list(sites: Sites): Promise<readonly ApiDocument[]>;
		get(id: string): Promise<ApiDocument | undefined>;
		remove(id: string, by: Actor): Promise<boolean>;
		/** Cuts and embeds it anew. */
		again(id: string, by: Actor): Promise<ApiDocument | undefined>;
	};
	/** @throws RetriableError while the store cannot be reached */
	search(question: {
		/** Sites that who asks may see. */
		readonly sites: Sites;
		readonly text: string;
		readonly kinds?: readonly FoundKind[] | undefined;
		readonly limit: number;
	}): Promise<ApiSearch>;
	/**
	 * What documents and logs of a site say about something; best first, none when nothing fits.
	 *
	 * @param about `aroundMicros`: lines of logs from half an hour before it to five minutes after it, those near it first; without
	 * it no lines are looked for
	 * @throws RetriableError while the store cannot be reached
	 */
	passages(about: {
		readonly site: string;
		readonly text: string;
		readonly aroundMicros?: number | undefined;
		readonly limit: number;
	}): Promise<readonly Passage[]>;
	/** What the configuration says from now on; another model of embeddings is worked through in the background. */
	configure(config: KnowledgeConfig): void;
	start(): void;
	stop(): Promise<void>;
}
