import type { DocumentType } from '#contracts/knowledge.ts';
import type { Sites } from '#contracts/rights.ts';
import type { Actor } from './port-acts.ts';

export interface NewDocument {
	readonly site: string;
	readonly name: string;
	readonly type: DocumentType;
	/** Of the file as it was sent. */
	readonly bytes: number;
	readonly pages: number | null;
	readonly notes: readonly string[];
	/** Its sections, as one text that only who made it reads. */
	readonly text: string;
}

export interface StoredDocument extends Omit<NewDocument, 'text'> {
	readonly id: number;
	readonly uploadedMicros: number;
	readonly by: string;
	/** The one that is found; 0 = none yet. An edition is a document as it was cut once, and no number is given twice. */
	readonly edition: number;
	/** The one that is being made; 0 = none. */
	readonly nextEdition: number;
	/** Why the next one could not be made. */
	readonly error: string | null;
	/** Of the edition: how many, and how many terms they have together. */
	readonly passages: number;
	readonly terms: number;
}

/** Documents that people have uploaded; what is found of them stands in the store and is made from here. */
export interface DocumentRecords {
	/** In the place of one of the same name on the site, which is found until the new one is. */
	add(document: NewDocument, by: Actor): Promise<StoredDocument>;
	/** By name. */
	list(sites: Sites): Promise<readonly StoredDocument[]>;
	get(id: number): Promise<StoredDocument | undefined>;
	text(id: number): Promise<string | undefined>;
	/** A next edition of the same text. @returns undefined when there is none of this id */
	again(id: number, by: Actor): Promise<StoredDocument | undefined>;
	/** The store has all of this edition: it is found from now on, and the one before is not, unless it has been overtaken. */
	ready(id: number, edition: number, counts: { readonly passages: number; readonly terms: number }): Promise<void>;
	failed(id: number, edition: number, error: string): Promise<void>;
	remove(id: number, by: Actor): Promise<StoredDocument | undefined>;
	/** Editions that nobody finds any more and that the store may still have. */
	gone(): Promise<readonly number[]>;
	/** The store has them no more. */
	forget(editions: readonly number[]): Promise<void>;
}
