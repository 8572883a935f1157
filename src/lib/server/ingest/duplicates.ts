import { ROW_BYTES, rowMicros, rowStream } from '#contracts/rows.ts';
import { moveRow, type Rows } from './rows.ts';

/** Drops rows in place. */
export type DropDuplicates = (rows: Rows) => void;

const FIRST_IDS = 1024;

/**
 * Drops rows whose (stream, t) is in the request already or is the stream's newest judged point. The first one stays.
 *
 * Streams usually come in order of time, and then one number per stream is enough; sets of times are only built once a
 * row goes back in time. The numbers stand in columns by the stream's id, which metadata gives out one after the other, and
 * are used for one request after the other: `seenIn` says of which one they are.
 */
export function createDropDuplicates(lastMicros?: (streamId: number) => number | undefined): DropDuplicates {
	let newest = new Float64Array(FIRST_IDS);
	let judged = new Float64Array(FIRST_IDS);
	let seenIn = new Uint32Array(FIRST_IDS);
	let request = 0;

	function grow(id: number): void {
		const ids = 2 ** Math.ceil(Math.log2(id + 1));
		newest = grown(newest, new Float64Array(ids));
		judged = grown(judged, new Float64Array(ids));
		seenIn = grown(seenIn, new Uint32Array(ids));
	}

	function begin(): void {
		request = (request + 1) >>> 0;
		if (request !== 0) return;
		seenIn.fill(0);
		request = 1;
	}

	return (rows) => {
		begin();
		let times: Map<number, Set<number>> | undefined;
		let kept = 0;
		for (let i = 0; i < rows.count; i++) {
			const stream = rowStream(rows.view, i * ROW_BYTES);
			const t = rowMicros(rows.view, i * ROW_BYTES);
			if (stream >= seenIn.length) grow(stream);
			if (seenIn[stream] !== request) {
				seenIn[stream] = request;
				newest[stream] = -Infinity;
				judged[stream] = lastMicros?.(stream) ?? NaN;
			}
			if (t === newest[stream] || t === judged[stream]) continue;
			if (t < newest[stream]!) {
				times ??= timesOf(rows, kept);
				if (times.get(stream)?.has(t)) continue;
			} else {
				newest[stream] = t;
			}
			if (times !== undefined) addTime(times, stream, t);
			moveRow(rows, i, kept++);
		}
		rows.count = kept;
	};
}

function grown<T extends Float64Array | Uint32Array>(from: T, to: T): T {
	to.set(from);
	return to;
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
