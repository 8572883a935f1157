import { ROW_BYTES, rowMicros, rowStream } from '#contracts/rows.ts';
import { moveRow, type Rows } from './rows.ts';

interface Seen {
	/** t of the newest judged point of the stream; what equals it is a duplicate. */
	readonly judged: number | undefined;
	newest: number;
}

/**
 * Drops rows whose (stream, t) is in the request already or is the stream's newest judged point. The first one stays.
 *
 * Streams usually come in order of time, and then one number per stream is enough; sets of times are only built once a
 * row goes back in time.
 */
export function dropDuplicates(rows: Rows, lastMicros?: (streamId: number) => number | undefined): void {
	const streams = new Map<number, Seen>();
	let times: Map<number, Set<number>> | undefined;
	let kept = 0;
	for (let i = 0; i < rows.count; i++) {
		const stream = rowStream(rows.view, i * ROW_BYTES);
		const t = rowMicros(rows.view, i * ROW_BYTES);
		let seen = streams.get(stream);
		if (seen === undefined) {
			seen = { judged: lastMicros?.(stream), newest: -Infinity };
			streams.set(stream, seen);
		}
		if (t === seen.newest || t === seen.judged) continue;
		if (t < seen.newest) {
			times ??= timesOf(rows, kept);
			if (times.get(stream)?.has(t)) continue;
		} else {
			seen.newest = t;
		}
		if (times !== undefined) addTime(times, stream, t);
		moveRow(rows, i, kept++);
	}
	rows.count = kept;
}

function timesOf(rows: Rows, count: number): Map<number, Set<number>> {
	const times = new Map<number, Set<number>>();
	for (let i = 0; i < count; i++)
		addTime(times, rowStream(rows.view, i * ROW_BYTES), rowMicros(rows.view, i * ROW_BYTES));
	return times;
}

function addTime(times: Map<number, Set<number>>, stream: number, t: number): void {
	const ofStream = times.get(stream);
	if (ofStream === undefined) times.set(stream, new Set([t]));
	else ofStream.add(t);
}
