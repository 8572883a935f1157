/** A session: a named stretch of time over chosen streams, recorded as it happened or cut from history. */
export interface Recording {
	readonly id: string;
	readonly site: string;
	readonly name: string;
	readonly notes: string;
	readonly streamIds: readonly number[];
	readonly fromMicros: number;
	/** Null while it is being recorded. */
	readonly toMicros: number | null;
	readonly createdMicros: number;
	/** Who made it. */
	readonly by: string;
	/** Plan and limits of each stream as they stood when it ended (while it is recorded: when it began). */
	readonly inForce: readonly InForce[];
}

/** Both live on by their numbers in what an export says, whatever is planned later. */
export interface InForce {
	readonly streamId: number;
	readonly planRevision: number;
	readonly limitsIds: readonly string[];
}

export type NewRecording = Omit<Recording, 'id' | 'createdMicros'>;
export type RecordingChange = Partial<Pick<Recording, 'name' | 'notes' | 'toMicros' | 'inForce'>>;

/** `GET /api/v1/sessions`. */
export interface ApiSession {
	readonly id: string;
	readonly site: string;
	readonly name: string;
	readonly notes: string;
	readonly streams: readonly { readonly id: string; readonly key: string; readonly unit: string }[];
	readonly from: string;
	/** Null while it is being recorded. */
	readonly to: string | null;
	readonly createdAt: string;
	readonly by: string;
	readonly inForce: readonly {
		readonly stream: string;
		readonly planRevision: number;
		readonly limits: readonly string[];
	}[];
}
