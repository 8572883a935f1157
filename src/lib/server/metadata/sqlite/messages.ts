import type { SQLInputValue } from 'node:sqlite';

export interface WorkerSettings {
	readonly file: string;
	readonly busyTimeoutMs: number;
}

/** One statement each way; the worker answers in order. */
export interface ToWorker {
	readonly sql: string;
	readonly parameters: readonly SQLInputValue[];
}

export type FromWorker =
	| { readonly ok: true; readonly rows: readonly unknown[]; readonly changes: number }
	| { readonly ok: false; readonly message: string; readonly sqliteCode: number | undefined };
