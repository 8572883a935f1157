import type { NewRecording, Recording, RecordingChange } from '#contracts/recording.ts';
import type { Sites } from '#contracts/rights.ts';
import type { Actor } from './port-acts.ts';

export interface RecordingFilter {
	/** Sites that the reader may see. */
	readonly sites: Sites;
	/** Of this stream. */
	readonly streamId?: number;
	/** Words of the name or the notes. */
	readonly text?: string;
	/** Numbers below this one. */
	readonly beforeId?: number;
	readonly limit: number;
}

/** Sessions, as people call them. */
export interface RecordingRecords {
	add(recording: NewRecording, by: Actor): Promise<Recording>;
	/** The newest first. */
	list(filter: RecordingFilter): Promise<readonly Recording[]>;
	get(id: string): Promise<Recording | undefined>;
	/** What is left out stays. @returns undefined when there is none */
	change(id: string, change: RecordingChange, by: Actor): Promise<Recording | undefined>;
	/** Only the name of the stretch goes: its points stay. @returns false when there is none */
	remove(id: string, by: Actor): Promise<boolean>;
}
