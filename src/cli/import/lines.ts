import { InputError } from '#contracts/error.ts';
import { ROW_BYTES, rowMicros, rowStream, rowValue } from '#contracts/rows.ts';
import type { Stream } from '#contracts/stream.ts';
import { createBatch, refusedCount } from '#server/ingest/batch.ts';
import { createLineReader } from '#server/ingest/line-reader.ts';
import { createSeriesCache } from '#server/ingest/series-cache.ts';
import type { Precision } from '#server/ingest/port.ts';
import { type FileReader, openBytes, type Piece } from './file.ts';
import { createMessageWriter } from './messages.ts';
import type { FileStreams } from './streams.ts';

interface Place {
	readonly offset: number;
	readonly line: number;
}

/** About 20,000 lines; a piece ends with the first line end after it. */
const PIECE_BYTES = 1024 * 1024;
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const LF = 0x0a;

/** A file of InfluxDB line protocol, by the same reader as /api/v2/write; every line has to have a time of its own. */
export function createLinesImport(
	{ file, precision }: { readonly file: string; readonly precision: Precision },
	streams: FileStreams,
): FileReader {
	return async function* ({ place, nowMicros, fault }) {
		const cache = createSeriesCache();
		const writer = createMessageWriter();
		let { offset, line } = (place as Place | undefined) ?? { offset: 0, line: 0 };
		const { chunks, readBytes } = openBytes(file, offset);

		function take(bytes: Buffer): Piece {
			const batch = createBatch();
			// Ids are numbers of the file's streams from 1: the cache keeps 0 for what it does not know.
			const find = (_site: string, key: string, labels: Stream['labels'] = {}) =>
				({ id: streams.index(key, labels) + 1 }) as Stream;
			const context = { batch, registry: { find }, cache, site: '', precision, nowMicros, needsTime: true };
			createLineReader(bytes, context).read(bytes.length);
			for (const { path, message } of batch.faults) fault(`${file}:${placeIn(path, line)}: ${message}`);
			for (let more = refusedCount(batch) - batch.faults.length; more > 0; more--) fault(`${file}: further bad lines`);
			const { rows } = batch;
			for (let at = 0; at < rows.count * ROW_BYTES; at += ROW_BYTES)
				writer.row(rowStream(rows.view, at) - 1, rowMicros(rows.view, at), rowValue(rows.view, at));
			offset += bytes.length;
			line += countLines(bytes);
			const after: Place = { offset, line };
			return { messages: writer.take(), place: after, doneBytes: readBytes() };
		}

		for await (const piece of pieces(chunks, file)) yield take(piece);
	};
}

/** Whole lines, cut at the same places whatever portions the bytes come in. */
async function* pieces(chunks: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
	let rest: Buffer = Buffer.alloc(0);
	for await (const chunk of chunks) {
		rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
		for (;;) {
			const end = rest.length > PIECE_BYTES ? rest.indexOf(LF, PIECE_BYTES) : -1;
			if (end < 0) break;
			yield rest.subarray(0, end + 1);
			rest = rest.subarray(end + 1);
		}
		if (rest.length > MAX_LINE_BYTES)
			throw new InputError(
				`cannot import ${file}: a line is longer than ${MAX_LINE_BYTES} bytes: is this line protocol?`,
			);
	}
	if (rest.length > 0) yield rest;
}

/** `line 17` of a piece as a line of the file; column 1, since a line is taken or refused whole. */
function placeIn(path: string, before: number): string {
	return `${before + Number(path.replace('line ', ''))}:1`;
}

function countLines(bytes: Buffer): number {
	let lines = 0;
	for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines++;
	return lines;
}
