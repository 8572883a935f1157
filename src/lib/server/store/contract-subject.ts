import type { PointRange, Store } from './port.ts';

export interface StoredPoint {
	readonly stream: number;
	readonly t: number;
	readonly v: number;
	readonly quality?: number;
	readonly received?: number;
	readonly flags?: number;
}

/** What a suite of the store hands over to its parts. */
export interface StoreSubject {
	store(): Store;
	/** Streams are not shared between tests, so that they need no order. */
	newStream(): number;
	insert(token: string, points: readonly StoredPoint[]): Promise<void>;
	/** Rows of a table (with a condition behind its name), by another client. */
	count(table: string): Promise<number>;
	/** Makes the store merge what it may merge. */
	merge(table: string): Promise<void>;
	/** The clock that `received` is taken from. */
	now(): number;
}

export const T0 = 1_700_000_000_000_000;
export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const EVER = { fromMicros: 0, toMicros: Number.MAX_SAFE_INTEGER };
export const ever = (streamId: number): PointRange => ({ streamId, ...EVER });
