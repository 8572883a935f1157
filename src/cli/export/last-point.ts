import { closeSync, ftruncateSync, fstatSync, openSync, readSync } from 'node:fs';
import { parseTime } from '#contracts/time.ts';

/** More than any row has. */
const TAIL_BYTES = 64 * 1024;

/** Cuts off what is no whole row. @returns the last one as `STREAM:MICROS`; undefined when there is none */
export function lastRow(file: string): string | undefined {
	let handle: number;
	try {
		handle = openSync(file, 'r+');
	} catch {
		return undefined;
	}
	try {
		const { size } = fstatSync(handle);
		const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
		readSync(handle, tail, 0, tail.length, size - tail.length);
		const end = tail.lastIndexOf('\n') + 1;
		ftruncateSync(handle, size - tail.length + end);
		const line =
			tail
				.subarray(0, Math.max(0, end - 1))
				.toString('utf8')
				.split('\n')
				.at(-1) ?? '';
		const [, stream, time] = /^(\d+),.*"(\d{4}-\d\d-\d\dT[\d:.]+Z)",[^"]*,"[^"]*"$/.exec(line) ?? [];
		const micros = parseTime(time);
		return stream === undefined || micros === undefined ? undefined : `${stream}:${micros}`;
	} finally {
		closeSync(handle);
	}
}

const CHUNK_BYTES = 1024 * 1024;
/** Of one line: a stream's plan, limits and gaps stand in one. */
const POINT = /^\[(-?\d+),[^,\]]+,\d+,\d+\],?$/;
const STREAM = /^\{"id":"(\d+)","name":/;

/**
 * Of a JSON export: cuts off what is behind its last whole point.
 *
 * @returns that point as `STREAM:MICROS`; undefined when there is none
 */
export function lastJsonPoint(file: string): string | undefined {
	let handle: number;
	try {
		handle = openSync(file, 'r+');
	} catch {
		return undefined;
	}
	try {
		let micros: string | undefined;
		let endsAt = 0;
		for (const { text, at, isWhole } of linesBackwards(handle)) {
			const point = micros === undefined && isWhole ? POINT.exec(text) : null;
			if (point) {
				micros = point[1];
				endsAt = at + Buffer.byteLength(text.replace(/,$/, ''));
			}
			const stream = micros === undefined ? null : STREAM.exec(text);
			if (!stream) continue;
			ftruncateSync(handle, endsAt);
			return `${stream[1]}:${micros}`;
		}
		return undefined;
	} finally {
		closeSync(handle);
	}
}

/** The last line first; what no line break ends is not whole. */
function* linesBackwards(handle: number): Generator<{ text: string; at: number; isWhole: boolean }> {
	let end = fstatSync(handle).size;
	let rest = Buffer.alloc(0);
	let isWhole = false;
	while (end > 0) {
		const size = Math.min(CHUNK_BYTES, end);
		const chunk = Buffer.alloc(size);
		readSync(handle, chunk, 0, size, end - size);
		end -= size;
		let all = Buffer.concat([chunk, rest]);
		for (let at = all.lastIndexOf(0x0a); at >= 0; at = all.lastIndexOf(0x0a)) {
			yield { text: all.subarray(at + 1).toString('utf8'), at: end + at + 1, isWhole };
			isWhole = true;
			all = all.subarray(0, at);
		}
		rest = Buffer.from(all);
	}
	yield { text: rest.toString('utf8'), at: 0, isWhole };
}
