import type { SQLInputValue } from 'node:sqlite';

/** One statement each way; the worker answers in order. */
export interface ToWorker {
	readonly sql: string;
	readonly parameters: readonly SQLInputValue[];
}

export type FromWorker =
	| { readonly ok: true; readonly rows: readonly unknown[]; readonly changes: number }
	| { readonly ok: false; readonly message: string; readonly sqliteCode: number | undefined };
