export interface DocumentTables {
	readonly documents: DocumentsTable;
	readonly document_texts: { readonly document_id: number; readonly text: string };
	/** Editions that the store may still have and nobody finds. */
	readonly gone_editions: { readonly edition: number };
}

export interface DocumentsTable {
	readonly id: number;
	readonly site: string;
	readonly name: string;
	readonly type: string;
	readonly bytes: number;
	readonly pages: number | null;
	/** JSON. */
	readonly notes: string;
	readonly uploaded_micros: number;
	readonly uploaded_by: string;
	/** 0 = none. */
	readonly edition: number;
	readonly next_edition: number;
	readonly error: string | null;
	readonly passages: number;
	readonly terms: number;
}
