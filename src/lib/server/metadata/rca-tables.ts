/** Tables of the analysis as Kysely sees them; rules as in tables.ts. */
export interface RcaTables {
	readonly rca_feedback: RcaFeedbackTable;
	readonly rca_narrations: RcaNarrationsTable;
}

export interface RcaFeedbackTable {
	readonly violation_id: string;
	/** `person:7`; where no id is known the name. */
	readonly actor_id: string;
	readonly site: string;
	readonly signature: string;
	readonly named: string;
	readonly verdict: string;
	readonly cause: string | null;
	readonly at_micros: number;
}

export interface RcaNarrationsTable {
	readonly narration_key: string;
	readonly at_micros: number;
	readonly violation_id: string;
	readonly provider: string;
	readonly model: string;
	readonly prompt: string;
	readonly outcome: string;
	readonly reason: string | null;
	readonly text: string | null;
	/** JSON. */
	readonly citations: string;
	readonly cost_usd: number;
}
