export interface RecordingTables {
	readonly recordings: RecordingsTable;
}

/** Sessions: named stretches of time over chosen streams. */
export interface RecordingsTable {
	readonly id: number;
	readonly site: string;
	readonly name: string;
	readonly notes: string;
	/** JSON. */
	readonly stream_ids: string;
	readonly from_micros: number;
	/** Null while it is being recorded. */
	readonly to_micros: number | null;
	/** JSON: plan and limits of each stream. */
	readonly in_force: string;
	readonly author: string;
	readonly created_micros: number;
}
