import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { asyncBufferFromFile, type Compressors, type FileMetaData, parquetMetadataAsync } from 'hyparquet';
import { parquetReadColumn } from 'hyparquet/src/read.js';
import { ConfigError, messageOf } from '#contracts/error.ts';
import { createTimeParser } from '#contracts/file-time.ts';
import { quote } from '#contracts/stream.ts';
import { timeFault } from '#contracts/time.ts';
import type { FileReader } from './file.ts';
import { createMessageWriter, ROWS_PER_MESSAGE } from './messages.ts';
import type { FileStreams } from './streams.ts';
import { createNaming, placesOf, type TableOptions } from './values.ts';

export interface ParquetOptions extends TableOptions {
	readonly file: string;
	/** Of times that are kept as text and name none. */
	readonly timezone: string;
}

interface Place {
	/** Rows before it. */
	readonly row: number;
}

/** Node has these built in, hyparquet has snappy; LZ4 has neither. */
const COMPRESSORS: Compressors = {
	GZIP: (input) => gunzipSync(input),
	BROTLI: (input) => brotliDecompressSync(input),
	ZSTD: (input) => zstdDecompressSync(input),
};

type Column = ArrayLike<unknown>;

/** A Parquet file, one row group at a time and of it the columns that are asked for. */
export function createParquetImport(options: ParquetOptions, streams: FileStreams): FileReader {
	return async function* ({ place, nowMicros, fault }) {
		const { file } = options;
		const { buffer, metadata } = await openParquet(file);
		const names = (metadata.schema[0]?.num_children ? topNames(metadata) : []).map(String);
		const places = placesOf(options, names);
		if (typeof places === 'string') throw new ConfigError(`cannot import ${file}: ${places}`);
		const toMicros = createTimeReader(options.timezone);
		const naming = createNaming(options, streams);
		const writer = createMessageWriter();
		const nameOf = (at: number) => names[at]!;
		let done = (place as Place | undefined)?.row ?? 0;
		let first = 0;

		function takeRow(row: number, columns: ReadonlyMap<number, Column>, i: number): void {
			const at = (column: number) => `${file}: row ${row + 1}, column ${quote(nameOf(column))}`;
			const cell = (column: number) => columns.get(column)![i];
			const tMicros = toMicros(cell(places_.time));
			const outside = tMicros === undefined ? `${shown(cell(places_.time))} is no time` : timeFault(tMicros, nowMicros);
			if (tMicros === undefined || outside !== undefined) return fault(`${at(places_.time)}: ${outside}`);
			const numbers = naming(places_.named.map((column) => String(cell(column) ?? '')));
			if (typeof numbers === 'string') return fault(`${at(places_.named[0] ?? places_.time)}: ${numbers}`);
			places_.values.forEach((column, nth) => {
				const given = cell(column);
				const v = valueOf(given);
				if (v !== undefined && Number.isFinite(v)) return writer.row(numbers[nth]!, tMicros, v);
				const isEmpty = given === null || given === undefined || v !== undefined;
				if (!isEmpty) fault(`${at(column)}: ${shown(given)} is no number`);
				writer.gap(numbers[nth]!, tMicros, tMicros, isEmpty ? 'no value in the file' : `${shown(given)} is no number`);
			});
		}

		const places_ = places;
		const wanted = [...new Set([places.time, ...places.values, ...places.named])];
		for (const group of metadata.row_groups) {
			const rows = Number(group.num_rows);
			if (first + rows > done) {
				const columns = await readGroup({ buffer, metadata, file, wanted, nameOf, from: first, to: first + rows });
				for (; done < first + rows;) {
					const end = Math.min(first + rows, done + ROWS_PER_MESSAGE);
					for (let row = done; row < end; row++) takeRow(row, columns, row - first);
					done = end;
					const after: Place = { row: done };
					yield { messages: writer.take(), place: after, doneBytes: share(buffer.byteLength, done, metadata) };
				}
			}
			first += rows;
		}
	};
}

function share(bytes: number, rows: number, { num_rows: all }: FileMetaData): number {
	return Math.round((bytes * rows) / Math.max(1, Number(all)));
}

async function openParquet(file: string) {
	try {
		const buffer = await asyncBufferFromFile(file);
		return { buffer, metadata: await parquetMetadataAsync(buffer) };
	} catch (error) {
		throw new ConfigError(`cannot import ${file}: it cannot be read as Parquet: ${messageOf(error)}`);
	}
}

/** Columns that are no structures of columns. */
function topNames({ schema }: FileMetaData): string[] {
	const names: string[] = [];
	for (let at = 1; at < schema.length; at += 1 + descendants(schema, at)) names.push(schema[at]!.name);
	return names;
}

function descendants(schema: FileMetaData['schema'], at: number): number {
	let count = 0;
	for (let left = schema[at]!.num_children ?? 0; left > 0; left--) count += 1 + descendants(schema, at + count + 1);
	return count;
}

async function readGroup(read: {
	readonly buffer: Awaited<ReturnType<typeof asyncBufferFromFile>>;
	readonly metadata: FileMetaData;
	readonly file: string;
	readonly wanted: readonly number[];
	readonly nameOf: (at: number) => string;
	readonly from: number;
	readonly to: number;
}): Promise<ReadonlyMap<number, Column>> {
	const { buffer, metadata, file, wanted, nameOf, from, to } = read;
	const columns = new Map<number, Column>();
	for (const at of wanted) {
		const range = { rowStart: from, rowEnd: to, columns: [nameOf(at)] };
		try {
			const column = await parquetReadColumn({
				file: buffer,
				metadata,
				compressors: COMPRESSORS,
				parsers: PARSERS,
				...range,
			});
			columns.set(at, column as Column);
		} catch (error) {
			throw new ConfigError(`cannot import ${file}: column ${quote(nameOf(at))} cannot be read: ${messageOf(error)}`);
		}
	}
	return columns;
}

/** A time of a column that says it is one: told apart from bare numbers, whose unit has to be guessed by their size. */
class Micros {
	readonly micros: number;
	constructor(micros: number) {
		this.micros = micros;
	}
}

/** The library's own make dates, which have no microseconds. */
const PARSERS = {
	timestampFromMilliseconds: (millis: bigint) => new Micros(Number(millis) * 1000),
	timestampFromMicroseconds: (micros: bigint) => new Micros(Number(micros)),
	timestampFromNanoseconds: (nanos: bigint) => new Micros(Number(nanos / 1000n)),
	dateFromDays: (days: number) => new Micros(days * 86_400_000_000),
};

function createTimeReader(timezone: string): (cell: unknown) => number | undefined {
	const parse = createTimeParser(timezone);
	return (cell) => {
		if (cell instanceof Micros) return cell.micros;
		return cell === null || cell === undefined ? undefined : parse(String(cell));
	};
}

function valueOf(cell: unknown): number | undefined {
	if (typeof cell === 'number') return cell;
	if (typeof cell === 'bigint' || typeof cell === 'boolean') return Number(cell);
	return undefined;
}

function shown(cell: unknown): string {
	if (cell === null || cell === undefined) return 'nothing';
	return typeof cell === 'string' ? quote(cell) : typeof cell === 'object' ? 'an object' : String(cell);
}
