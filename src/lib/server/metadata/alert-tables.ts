/** Tables of alerts as Kysely sees them; rules as in tables.ts. */
export interface AlertTables {
	/** A route that tells of an episode, decided when it opened, and what of it no message says yet. */
	readonly alert_episodes: AlertEpisodesTable;
	/** When a group had its last message. */
	readonly alert_groups: { readonly route: string; readonly group_key: string; readonly last_micros: number };
	readonly alert_messages: AlertMessagesTable;
	/** Where a channel has a violation's first message, in the channel's own words. */
	readonly alert_threads: {
		readonly channel: string;
		readonly violation_id: string;
		readonly thread: string;
		readonly at_micros: number;
	};
	/** Channels that said they are no more. */
	readonly alert_channels_off: { readonly channel: string; readonly at_micros: number; readonly reason: string };
	readonly alert_log: AlertLogTable;
}

export interface AlertEpisodesTable {
	readonly violation_id: string;
	readonly route: string;
	readonly group_key: string;
	/** Bits of `CHANGE_BITS`; 0 = all told. */
	readonly pending: number;
	/** When the first of them came. */
	readonly since_micros: number;
	readonly decided_micros: number;
}

export interface AlertMessagesTable {
	readonly id: number;
	readonly key: string;
	readonly route: string;
	readonly group_key: string;
	readonly channel: string;
	readonly content: string;
	readonly created_micros: number;
	readonly due_micros: number;
	readonly attempts: number;
	readonly state: string;
	readonly detail: string | null;
}

export interface AlertLogTable {
	readonly id: number;
	readonly message_id: number;
	readonly channel: string;
	readonly at_micros: number;
	readonly attempt: number;
	readonly took_ms: number;
	readonly outcome: string;
	readonly status: number | null;
	readonly detail: string;
}
