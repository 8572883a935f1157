/** What people do about violations, and enter for who is told of them. */
export interface CaseTables {
	/** `sealed`: by the vault. */
	readonly secrets: { readonly name: string; readonly sealed: string; readonly at_micros: number; readonly by: string };
	/** What may have caused a violation; `retired` = 1: not offered any more. */
	readonly causes: {
		readonly name: string;
		readonly title: string;
		readonly retired: number;
		/** Under this one violations that named it are counted now. */
		readonly merged_into: string | null;
	};
	/** Ticked steps of reaction plans, in the words that they had then. */
	readonly violation_steps: {
		readonly violation_id: string;
		readonly step: string;
		readonly done_micros: number;
		readonly done_by: string;
	};
	/** A filter that somebody keeps under a name, as a page's address holds it. */
	readonly saved_views: {
		/** `person:7`, `key:3`. */
		readonly owner: string;
		readonly page: string;
		readonly name: string;
		readonly query: string;
	};
}
