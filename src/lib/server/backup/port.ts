/** One backup that this server makes, or has made since it started. */
export interface BackupState {
	readonly id: string;
	readonly state: 'running' | 'done' | 'failed';
	/** What it is at now, in words. */
	readonly step: string;
	readonly startedAt: string;
	readonly endedAt: string | null;
	/** Where it lies, once it is done: in the data folder, from where the command line takes it. */
	readonly folder: string | null;
	readonly bytes: number;
	readonly error: string | null;
}

export interface Backups {
	/** Begins one. @throws RetriableError while another is being made */
	begin(): BackupState;
	/** The newest; undefined = none since the start. */
	last(): BackupState | undefined;
}
