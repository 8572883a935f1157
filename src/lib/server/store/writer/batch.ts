import { parseCommand } from '#contracts/command.ts';
import { messageOf } from '#contracts/error.ts';
import { writeInt64 } from '#contracts/int64.ts';
import type { Limits } from '#contracts/limits.ts';
import { parseCalls, type LlmCall } from '#contracts/llm-call.ts';
import { parseLogs, type StoredLogLine } from '#contracts/log-line.ts';
import { FLAG } from '#contracts/point.ts';
import type { Gap, Quality } from '#contracts/point.ts';
import {
	ROWS_HEADER_BYTES,
	ROW_BYTES,
	readRowsHeader,
	rowMicros,
	rowQuality,
	rowStream,
	viewOf,
	writeRow,
} from '#contracts/rows.ts';
import { createVerdictGatherer } from '#contracts/verdict-digest.ts';
import type { VerdictDigest } from '#contracts/verdict-digest.ts';
import type { Signal } from '#contracts/verdict.ts';
import type { Episode } from '#contracts/violation.ts';
import type { JournalRecord } from '#server/journal/port.ts';
import { STORED_ROW_BYTES } from '../port.ts';
import { createWaiting, type Waiting } from './waiting.ts';

/** What some journal records come to in the store. The same records and newest times give the same batch, to the byte. */
export interface Batch {
	readonly first: number;
	readonly last: number;
	/** How many of the records are in it. */
	readonly used: number;
	/** Stored rows (port.ts), one after the other. */
	readonly rows: Uint8Array;
	readonly gaps: readonly Gap[];
	readonly calls: readonly LlmCall[];
	readonly logs: readonly StoredLogLine[];
	readonly signals: readonly Signal[];
	readonly limits: readonly Limits[];
	/** Of each the newest revision: the store would keep no other. */
	readonly episodes: readonly Episode[];
	/** Places of the rows that go back in time: they may be stored already. */
	readonly back: readonly number[];
	/** Rows at the t of their stream's newest point. */
	readonly duplicates: number;
	/** Newest t of the streams with rows here, before them. */
	readonly before: ReadonlyMap<number, number>;
	/** Records that cannot be read: a fault of ours, set aside so that it does not stop everything after it. */
	readonly unreadable: readonly { readonly record: JournalRecord; readonly cause: string }[];
}

/** Newest t by stream, in the order of the journal. */
export type NewestTimes = Map<number, number>;

// Where things stand in a stored row; up to and with the quality it is a row of the journal.
export const RECEIVED_AT = 21;
const FLAGS_AT = 29;

export interface BatchOptions {
	readonly maxStreams?: number;
	/** Moved on, as the newest times are; without it no stream waits for older points. */
	readonly waiting?: Waiting;
}

/**
 * Turns records into what is to be stored and moves the newest times on.
 *
 * A point is late when its t is not after the newest of its stream in the order of the journal: the rule by which the
 * engine judges, so what is drawn hollow is what was not judged. At exactly the newest t it is that point again.
 *
 * A point that its stream waits for is judged, so it is not late (waiting.ts).
 *
 * @param maxStreams the batch ends before the next record once it has rows of so many streams
 */
export function buildBatch(
	records: readonly JournalRecord[],
	newest: NewestTimes,
	{ maxStreams = Infinity, waiting = createWaiting() }: BatchOptions = {},
): Batch {
	const rows = Buffer.allocUnsafe(records.reduce((sum, record) => sum + rowsIn(record), 0) * STORED_ROW_BYTES);
	const before = new Map<number, number>();
	const gaps: Gap[] = [];
	const verdicts = createVerdictGatherer({ signals: true });
	const calls: LlmCall[] = [];
	const logs: StoredLogLine[] = [];
	const unreadable: { record: JournalRecord; cause: string }[] = [];
	const back: number[] = [];
	let end = 0;
	let duplicates = 0;
	let used = 0;
	for (const record of records) {
		if (before.size + verdicts.pointStreams.size >= maxStreams) break;
		used += 1;
		try {
			if (record.topic === 'points') {
				const stored = storeRows({ bytes: record.bytes, out: rows, at: end, newest, before, back, waiting });
				end = stored.end;
				duplicates += stored.duplicates;
			} else if (record.topic === 'calls') calls.push(...parseCalls(record.bytes).calls);
			else if (record.topic === 'logs') logs.push(...linesOf(record));
			else if (record.topic === 'verdicts') verdicts.add(record.bytes);
			else {
				const command = parseCommand(record.bytes);
				waiting.obey(command, newest);
				if (command.type === 'gap') gaps.push(gapOf(command));
			}
		} catch (error) {
			unreadable.push({ record, cause: messageOf(error) });
		}
	}
	const first = records[0]?.seq ?? 0;
	const last = records[used - 1]?.seq ?? 0;
	const { limits, signals, episodes, points } = verdicts.digest();
	const measured = rows.subarray(0, end);
	const derived = storeDerived({ points, at: end, newest, before, back });
	return {
		...{ first, last, used, rows: derived === undefined ? measured : Buffer.concat([measured, derived]) },
		...{ back, duplicates, before, unreadable },
		...{ gaps, calls, logs, limits, signals, episodes },
	};
}

function linesOf({ seq, bytes }: JournalRecord): StoredLogLine[] {
	const { site, lines } = parseLogs(bytes);
	return lines.map((one, line) => ({ ...one, site, seq, line }));
}

/** How many rows a record may have; an upper bound that needs no look into it. */
export function rowsIn(record: JournalRecord): number {
	return record.topic === 'points' ? Math.max(0, Math.floor((record.bytes.length - ROWS_HEADER_BYTES) / ROW_BYTES)) : 0;
}

interface StoreRows {
	readonly bytes: Uint8Array;
	readonly out: Buffer;
	readonly at: number;
	readonly newest: NewestTimes;
	readonly before: Map<number, number>;
	readonly back: number[];
	readonly waiting: Waiting;
}

function storeRows({ bytes, out, at, newest, before, back, waiting }: StoreRows): {
	end: number;
	duplicates: number;
} {
	const view = viewOf(bytes);
	const header = readRowsHeader(view);
	const target = viewOf(out);
	const base = header.historical ? FLAG.historical : 0;
	let end = at;
	let duplicates = 0;
	for (let from = ROWS_HEADER_BYTES; from < view.byteLength; from += ROW_BYTES) {
		const stream = rowStream(view, from);
		const t = rowMicros(view, from);
		const last = newest.get(stream) ?? -Infinity;
		if (t === last) {
			duplicates += 1;
			continue;
		}
		if (!before.has(stream)) before.set(stream, last);
		if (t > last) {
			newest.set(stream, t);
			waiting.moves(stream);
		}
		// Copied as 32-bit words: t and v pass through without being looked at.
		for (let word = 0; word < 20; word += 4) target.setUint32(end + word, view.getUint32(from + word, true), true);
		target.setUint8(end + 20, rowQuality(view, from));
		writeInt64(target, end + RECEIVED_AT, header.receivedMicros);
		if (t < last) back.push(end);
		const isLate = t < last && waiting.isLate(stream, t, last);
		target.setUint8(end + FLAGS_AT, isLate ? base | FLAG.late : base);
		end += STORED_ROW_BYTES;
	}
	return { end, duplicates };
}

/** Points that were computed. They come in order, and once: what came of a record is written with its verdicts. */
function storeDerived({
	points,
	at,
	newest,
	before,
	back,
}: Pick<StoreRows, 'at' | 'newest' | 'before' | 'back'> & {
	readonly points: VerdictDigest['points'];
}): Buffer | undefined {
	if (points.length === 0) return undefined;
	const rows = Buffer.allocUnsafe(points.length * STORED_ROW_BYTES);
	const view = viewOf(rows);
	points.forEach(({ streamId, tMicros, v, quality, flags, receivedMicros }, i) => {
		const last = newest.get(streamId) ?? -Infinity;
		if (!before.has(streamId)) before.set(streamId, last);
		if (tMicros > last) newest.set(streamId, tMicros);
		else back.push(at + i * STORED_ROW_BYTES);
		writeRow(view, i * STORED_ROW_BYTES, { stream: streamId, tMicros, v, quality: quality as Quality });
		writeInt64(view, i * STORED_ROW_BYTES + RECEIVED_AT, receivedMicros);
		view.setUint8(i * STORED_ROW_BYTES + FLAGS_AT, flags);
	});
	return rows;
}

function gapOf({ streamId, fromMicros, toMicros, reason }: Gap): Gap {
	return { streamId, fromMicros, toMicros, reason };
}
