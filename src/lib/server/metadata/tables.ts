import type { AlertTables } from './alert-tables.ts';
import type { CaseTables } from './case-tables.ts';
import type { DocumentTables } from './document-tables.ts';
import type { RcaTables } from './rca-tables.ts';
import type { RecordingTables } from './recording-tables.ts';

/**
 * The tables as Kysely sees them. Only types that SQLite and PostgreSQL share: numbers, text, and JSON as text;
 * yes/no is 0 or 1, times are integer microseconds.
 */
export interface Tables extends AlertTables, CaseTables, DocumentTables, RcaTables, RecordingTables {
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
	readonly accounts: AccountsTable;
	readonly grants: GrantsTable;
	readonly sessions: SessionsTable;
	readonly links: LinksTable;
	readonly annotations: AnnotationsTable;
	readonly events: EventsTable;
	readonly event_streams: { readonly event_id: string; readonly key: string };
}

export interface EventsTable {
	readonly id: string;
	readonly site: string;
	readonly kind: string;
	/** What it is about, as one text; empty: the whole site. */
	readonly target: string;
	readonly from_micros: number;
	readonly to_micros: number | null;
	/** For ranges: where none is told, the start of a moment or the last time there is. */
	readonly end_micros: number;
	/** 1: the next of its kind ends it. */
	readonly implied: number;
	readonly title: string;
	readonly asset: string | null;
	readonly streams: string;
	readonly attributes: string;
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
	/** NULL = it is there. */
	readonly removed_micros: number | null;
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
	readonly assignee: string | null;
	/** When it became known here, on this server's clock; null in rows of before that was kept. */
	readonly opened_micros: number | null;
	/** By whom it was seen first, or dealt with at once. */
	readonly acknowledged_micros: number | null;
	readonly resolved_micros: number | null;
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
	readonly id: number;
	/** SHA-256 of the key, hexadecimal. */
	readonly hash: string;
	/** Its first characters; empty for a key of before these were kept. */
	readonly shown: string;
	readonly name: string;
	readonly site: string;
	readonly scopes: string;
	readonly created_micros: number;
	readonly created_by: string;
	readonly expires_micros: number | null;
	readonly used_micros: number | null;
}

/** Who did what and when: comment trail of violations and audit; only ever appended to. */
export interface ActsTable {
	readonly id: number;
	readonly at_micros: number;
	readonly actor: string;
	readonly actor_id: string | null;
	readonly address: string | null;
	readonly act: string;
	/** `violation:<id>`, `stream:<id>`, `key:<id>`, `person:<id>`. */
	readonly subject: string;
	/** Null: about the whole server, or several sites. */
	readonly site: string | null;
	readonly detail: string | null;
	/** JSON of what it was and what it became, where that can be said. */
	readonly before: string | null;
	readonly after: string | null;
	/** SHA-256 over the row and the chain of the row before; empty in rows of before there was one. */
	readonly chain: string;
}

export interface AccountsTable {
	readonly id: number;
	/** Lower case. */
	readonly email: string;
	readonly name: string;
	/** `$argon2id$…`; null until the invitation is taken. */
	readonly password: string | null;
	readonly disabled: number;
	readonly created_micros: number;
}

export interface GrantsTable {
	readonly account_id: number;
	/** `*` = every site. */
	readonly site: string;
	readonly role: string;
}

export interface SessionsTable {
	/** SHA-256 of the secret, hexadecimal. */
	readonly id: string;
	readonly account_id: number;
	readonly created_micros: number;
	/** Moves on while it is used. */
	readonly expires_micros: number;
	/** Does not. */
	readonly ends_micros: number;
	readonly seen_micros: number;
	readonly address: string;
	readonly agent: string;
}

export interface LinksTable {
	/** SHA-256 of the secret, hexadecimal. */
	readonly hash: string;
	readonly account_id: number;
	readonly kind: string;
	readonly created_micros: number;
	readonly expires_micros: number;
}

/** What people leave on a stream; of one point where both times are the same. */
export interface AnnotationsTable {
	readonly id: number;
	readonly stream_id: number;
	readonly kind: string;
	readonly from_micros: number;
	readonly to_micros: number;
	readonly text: string;
	readonly author: string;
	readonly at_micros: number;
}
