/**
 * The tables as Kysely sees them. Only types that SQLite and PostgreSQL share: numbers, text, and JSON as text;
 * yes/no is 0 or 1, times are integer microseconds.
 */
export interface Tables {
	readonly streams: StreamsTable;
	readonly plans: PlansTable;
	readonly outbox: { readonly id: number; readonly command: string };
	readonly violations: ViolationsTable;
	readonly limits: LimitsTable;
	/** Journal positions of readers that keep their state here. */
	readonly cursors: { readonly name: string; readonly position: number };
	/** The last number given out of each kind: never goes back, so no id is given twice. And `identity` (counters.ts). */
	readonly counters: { readonly name: string; readonly value: number };
	readonly api_keys: ApiKeysTable;
	readonly acts: ActsTable;
}

export interface StreamsTable {
	readonly id: number;
	/** canonicalName of site, key and labels. */
	readonly name: string;
	readonly site: string;
	readonly key: string;
	readonly labels: string;
	readonly asset: string;
	readonly kind: string;
	readonly unit: string;
	readonly plan_revision: number;
	readonly created_micros: number;
}

/** Every plan that a stream ever had; the one in force is that of streams.plan_revision. */
export interface PlansTable {
	readonly stream_id: number;
	readonly revision: number;
	readonly plan: string;
	readonly source: string | null;
	readonly at_micros: number;
}

export interface ViolationsTable {
	readonly id: string;
	readonly stream_id: number;
	readonly chart: string;
	readonly rule: string;
	readonly side: string;
	readonly first_micros: number;
	readonly last_micros: number;
	readonly ended_micros: number | null;
	readonly active: number;
	readonly severity: string;
	readonly points: number;
	/** No number where the episode has none (no data): SQLite keeps NaN as NULL. */
	readonly value: number | null;
	readonly centre: number | null;
	readonly sigma: number | null;
	readonly limits_id: string;
	readonly span_from_micros: number;
	readonly revision: number;
	readonly context: string;
	readonly historical: number;
	readonly state: string;
	readonly cause: string | null;
}

export interface LimitsTable {
	readonly id: string;
	readonly stream_id: number;
	readonly from_micros: number;
	/** Journal position of the verdict that brought them. */
	readonly seq: number;
	readonly body: string;
}

export interface ApiKeysTable {
	/** SHA-256 of the key, hexadecimal. */
	readonly hash: string;
	readonly name: string;
	readonly site: string;
	readonly scopes: string;
	readonly created_micros: number;
}

/** Who did what and when: comment trail of violations and audit; only ever appended to. */
export interface ActsTable {
	readonly id: number;
	readonly at_micros: number;
	readonly actor: string;
	readonly act: string;
	/** `violation:<id>`, `stream:<id>`, `key:<name>`. */
	readonly subject: string;
	readonly detail: string | null;
}
