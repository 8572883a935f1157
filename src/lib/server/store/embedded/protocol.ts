/** What parent and child of the embedded server tell each other over IPC; the password is in neither argv nor environment. */
export interface StartMessage {
	readonly type: 'start';
	readonly dataFolder: string;
	/** 0 = of the system's choice. */
	readonly port: number;
	readonly username: string;
	readonly password: string;
	/** What chdb may allocate. */
	readonly memoryBytes: number;
	readonly threads: number;
}

export type ChildMessage =
	| { readonly type: 'listening'; readonly port: number }
	| { readonly type: 'failed'; readonly kind: 'locked' | 'other'; readonly message: string };

/** Exit codes of the child. */
export const EXIT = { stopped: 0, failed: 1, usage: 2, locked: 3 } as const;

/** Beside the engine's own folder: where `BACKUP … TO File('name.tar')` puts its files. */
export const BACKUPS_FOLDER = 'backups';
