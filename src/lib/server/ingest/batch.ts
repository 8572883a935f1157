import type { InputFault } from '#contracts/error.ts';
import { ROW_BYTES, rowStream, setRowStream } from '#contracts/rows.ts';
import { canonicalName, keyFault, labelsFault } from '#contracts/stream.ts';
import type { RefusalReason } from './metrics.ts';
import type { StreamRegistry, WantedStream } from './registry.ts';
import { createRows, moveRow, type Rows } from './rows.ts';

/** A row's stream while its id is unknown: this bit and the index in `wanted`. Ids stay far below it. */
const UNKNOWN = 0x8000_0000;
const MAX_FAULTS = 100;

/** Further faults are only counted: a body of millions of bad lines must not cost millions of messages. */
export function isFull(batch: Batch): boolean {
	return batch.faults.length >= MAX_FAULTS;
}

/** What one request brought so far: good rows, faults, and the streams that have to be made before it can be stored. */
export interface Batch {
	readonly rows: Rows;
	/** The first hundred. */
	readonly faults: InputFault[];
	readonly refused: Map<RefusalReason, number>;
	readonly wanted: WantedStream[];
	readonly wantedAt: string[];
	readonly byName: Map<string, number>;
	/** Numeric strings and the like that a protocol skips by rule. */
	skipped: number;
	/** The newest time that was refused for being ahead of the hub's clock; -Infinity when none was. */
	refusedMicros: number;
	/** A point came without a time of its own and was given the hub's. */
	stamped: boolean;
}

export function createBatch(rows = createRows()): Batch {
	return {
		rows,
		faults: [],
		refused: new Map(),
		wanted: [],
		wantedAt: [],
		byName: new Map(),
		skipped: 0,
		refusedMicros: -Infinity,
		stamped: false,
	};
}

export function refuse(batch: Batch, reason: RefusalReason, fault: InputFault, count = 1): void {
	countRefused(batch, reason, count);
	if (!isFull(batch)) batch.faults.push(fault);
}

/** For a batch that is full. */
export function countRefused(batch: Batch, reason: RefusalReason, count = 1): void {
	batch.refused.set(reason, (batch.refused.get(reason) ?? 0) + count);
}

export function refusedCount(batch: Batch): number {
	let sum = 0;
	for (const count of batch.refused.values()) sum += count;
	return sum;
}

/** @returns why this cannot name a stream, or undefined */
export function nameFault(key: unknown, labels: unknown): string | undefined {
	return keyFault(key) ?? labelsFault(labels);
}

/**
 * What a row carries for a stream that is not known yet.
 *
 * @param path place of its first row, for the fault when the stream cannot be made
 */
export function wantStream(batch: Batch, stream: WantedStream, path: string): number {
	const name = canonicalName(stream);
	const known = batch.byName.get(name);
	if (known === undefined) {
		batch.byName.set(name, batch.wanted.length);
		batch.wantedAt.push(path);
		return UNKNOWN + batch.wanted.push(stream) - 1;
	}
	if (stream.unit !== '') batch.wanted[known] = stream;
	return UNKNOWN + known;
}

/** Makes the streams that are wanted and writes their ids into the rows; rows of those that may not be made are refused. */
export async function resolveStreams(batch: Batch, registry: StreamRegistry, owner: string): Promise<void> {
	if (batch.wanted.length === 0) return;
	const streams = await registry.ensure(owner, batch.wanted);
	const lost = new Array<number>(streams.length).fill(0);
	const { rows } = batch;
	let kept = 0;
	for (let i = 0; i < rows.count; i++) {
		const stream = rowStream(rows.view, i * ROW_BYTES);
		if (stream >= UNKNOWN) {
			const made = streams[stream - UNKNOWN];
			if (made === undefined) {
				lost[stream - UNKNOWN]! += 1;
				continue;
			}
			setRowStream(rows.view, i * ROW_BYTES, made.id);
		}
		moveRow(rows, i, kept++);
	}
	rows.count = kept;
	lost.forEach((count, i) => {
		if (count === 0) return;
		const { reason, message } = registry.refusal(owner, batch.wanted[i]!);
		refuse(batch, reason, { path: batch.wantedAt[i] ?? '$', message }, count);
	});
}
