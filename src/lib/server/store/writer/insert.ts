import { StoreRefusedError } from '../errors.ts';
import { STORED_ROW_BYTES } from '../port.ts';
import type { Store } from '../port.ts';
import type { Batch } from './batch.ts';

/** Something of a batch that the store will not take for its content. */
export interface Refusal {
	readonly token: string;
	readonly code: number;
	readonly reason: string;
	readonly table: string;
	readonly items: unknown;
	readonly count: number;
}

/** A part of a batch that can be sent in any slice of its items. */
interface Part {
	readonly table: string;
	readonly count: number;
	insert(from: number, to: number, token: string): Promise<void>;
	/** The items as they are kept when they are set aside. */
	items(from: number, to: number): unknown;
}

export interface InsertOptions {
	readonly store: Store;
	readonly nowMicros: number;
	/** Sends once, again and again while the outcome is unknown; returns or throws StoreRefusedError. */
	readonly untilKnown: (send: () => Promise<void>) => Promise<void>;
}

/** One bad row among 100,000 takes 34 slices to find; past this many, what is left is set aside as a whole. */
const MAX_SLICES = 2_000;

/**
 * Stores a batch under one token and returns what was refused.
 *
 * Slices of a refused insert have tokens of their own that follow from the first, so a repetition of the whole after a
 * crash makes the same slices again and changes nothing.
 */
export async function insertBatch(batch: Batch, token: string, options: InsertOptions): Promise<readonly Refusal[]> {
	const refusals: Refusal[] = [];
	const budget = { slices: MAX_SLICES };
	for (const part of partsOf(batch, options)) {
		if (part.count > 0) await insertSlice({ part, from: 0, to: part.count, token, refusals, budget, options });
	}
	return refusals;
}

interface Slice {
	readonly part: Part;
	readonly from: number;
	readonly to: number;
	readonly token: string;
	readonly refusals: Refusal[];
	readonly budget: { slices: number };
	readonly options: InsertOptions;
}

async function insertSlice(slice: Slice): Promise<void> {
	const { part, from, to, token, refusals, budget, options } = slice;
	const whole = from === 0 && to === part.count;
	const sliceToken = whole ? token : `${token}/${from}-${to}`;
	try {
		await options.untilKnown(() => part.insert(from, to, sliceToken));
	} catch (error) {
		if (!(error instanceof StoreRefusedError)) throw error;
		budget.slices -= 2;
		if (to - from === 1 || budget.slices < 0) {
			const { code, message: reason } = error;
			const { table } = part;
			refusals.push({ token: sliceToken, code, reason, table, items: part.items(from, to), count: to - from });
			return;
		}
		const middle = from + Math.ceil((to - from) / 2);
		await insertSlice({ ...slice, to: middle });
		await insertSlice({ ...slice, from: middle });
	}
}

function partsOf(batch: Batch, { store, nowMicros }: InsertOptions): readonly Part[] {
	const { rows, gaps, calls, logs, limits, signals, episodes } = batch;
	const none = { signals: [], limits: [], episodes: [] };
	const bytesOf = (from: number, to: number) => rows.subarray(from * STORED_ROW_BYTES, to * STORED_ROW_BYTES);
	const list = <T>(
		table: string,
		items: readonly T[],
		insert: (items: readonly T[], token: string) => Promise<void>,
	): Part => ({
		table,
		count: items.length,
		insert: (from, to, token) => insert(items.slice(from, to), token),
		items: (from, to) => items.slice(from, to),
	});
	return [
		{
			table: 'points',
			count: rows.length / STORED_ROW_BYTES,
			insert: (from, to, token) => store.insertPoints({ token, rows: bytesOf(from, to) }),
			items: (from, to) => Buffer.from(bytesOf(from, to)).toString('base64'),
		},
		list('gaps', gaps, (items, token) => store.insertGaps({ token, gaps: items, receivedMicros: nowMicros })),
		list('llm_calls', calls, (items, token) => store.insertCalls({ token, calls: items, receivedMicros: nowMicros })),
		list('logs', logs, (items, token) => store.insertLogs({ token, lines: items, receivedMicros: nowMicros })),
		list('limits', limits, (items, token) => store.insertVerdicts({ ...none, token, limits: items })),
		list('signals', signals, (items, token) => store.insertVerdicts({ ...none, token, signals: items })),
		list('violations', episodes, (items, token) => store.insertVerdicts({ ...none, token, episodes: items })),
	];
}
