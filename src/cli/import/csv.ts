import { columnOfField, createCsvReader, type CsvRecord, FILE_START, type FilePlace } from '#contracts/csv.ts';
import { ConfigError } from '#contracts/error.ts';
import { createTimeParser, type TimeParser } from '#contracts/file-time.ts';
import { quote } from '#contracts/stream.ts';
import { timeFault } from '#contracts/time.ts';
import { type FileReader, openBytes, type Piece } from './file.ts';
import { createMessageWriter, type MessageWriter, ROWS_PER_MESSAGE } from './messages.ts';
import type { FileStreams } from './streams.ts';
import { createNaming, parseCell, placesOf, type TableOptions, type TablePlaces } from './values.ts';

export interface CsvOptions extends TableOptions {
	readonly file: string;
	readonly delimiter: string;
	readonly decimal: '.' | ',';
	readonly timezone: string;
}

interface Place extends FilePlace {
	readonly lastMicros: number | undefined;
}

/** A CSV file with a line of names: a value that is missing or no number is a gap of its stream. */
export function createCsvImport(options: CsvOptions, streams: FileStreams): FileReader {
	return async function* ({ place, nowMicros, fault }) {
		const header = await readHeader(options);
		const from = (place as Place | undefined) ?? { ...header.after, lastMicros: undefined };
		const writer = createMessageWriter();
		const rows = createRows({ options, places: header.places, streams, writer, nowMicros, fault });
		rows.resume(from.lastMicros);
		const reader = createCsvReader({ delimiter: options.delimiter, from });
		const { chunks, readBytes } = openBytes(options.file, from.offset);
		let inPiece = 0;
		function* pieces(records: readonly CsvRecord[]): Generator<Piece> {
			for (const record of records) {
				rows.take(record);
				// By records and not by bytes read: those come in other portions each time.
				if (++inPiece % ROWS_PER_MESSAGE !== 0) continue;
				const at: Place = { ...record.after, lastMicros: rows.lastMicros() };
				yield { messages: writer.take(), place: at, doneBytes: readBytes() };
			}
		}
		let last: CsvRecord | undefined;
		for await (const chunk of chunks) {
			const records = readable(options.file, () => reader.push(chunk));
			yield* pieces(records);
			last = records.at(-1) ?? last;
		}
		const rest = reader.end();
		yield* pieces(rest);
		rows.end();
		const end: FilePlace = rest.at(-1)?.after ?? last?.after ?? from;
		const at: Place = { ...end, lastMicros: rows.lastMicros() };
		yield { messages: writer.take(), place: at, doneBytes: readBytes() };
	};
}

function readable<T>(file: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (error instanceof RangeError) throw new ConfigError(`cannot import ${file}: ${error.message}`);
		throw error;
	}
}

async function readHeader(options: CsvOptions): Promise<{ places: TablePlaces; after: FilePlace }> {
	const { file, delimiter } = options;
	const reader = createCsvReader({ delimiter, from: FILE_START });
	for await (const chunk of openBytes(file, 0).chunks) {
		const [first] = readable(file, () => reader.push(chunk));
		if (first !== undefined) return headerOf(first, options);
	}
	return headerOf(reader.end()[0], options);
}

function headerOf(record: CsvRecord | undefined, options: CsvOptions) {
	const { file } = options;
	if (record === undefined || 'fault' in record)
		throw new ConfigError(`cannot import ${file}: its first line must name the columns`);
	const places = placesOf(
		options,
		record.fields.map((name) => name.trim()),
	);
	if (typeof places === 'string') throw new ConfigError(`cannot import ${file}: ${places}`);
	return { places, after: record.after, columns: record.fields.length };
}

interface RowsContext {
	readonly options: CsvOptions;
	readonly places: TablePlaces;
	readonly streams: FileStreams;
	readonly writer: MessageWriter;
	readonly nowMicros: number;
	readonly fault: (message: string) => void;
}

/** What a record is worth: points, gaps, or a fault with file, line and column. */
function createRows({ options, places, streams, writer, nowMicros, fault }: RowsContext) {
	const { file, delimiter, decimal } = options;
	const parseTime: TimeParser = createTimeParser(options.timezone);
	const naming = createNaming(options, streams);
	let lastMicros: number | undefined;
	/** Why rows were lost since the last one with a time: a gap once the next time is known. */
	let lost: string | undefined;

	function lose(record: CsvRecord, field: number, message: string): void {
		const place = `${file}:${record.line}:${columnOfField(record.text, delimiter, field)}`;
		fault(`${place}: ${message}`);
		lost ??= `${place}: ${message}`;
	}

	function closeLost(numbers: readonly number[], tMicros: number): void {
		// Whose row it was is not known where the row itself names its stream.
		if (lost !== undefined && places.named.length === 0)
			for (const stream of numbers) writer.gap(stream, lastMicros ?? tMicros, tMicros, lost);
		lost = undefined;
	}

	function value(record: CsvRecord & { fields: readonly string[] }, field: number, stream: number, tMicros: number) {
		const text = record.fields[field]?.trim() ?? '';
		const v = parseCell(text, decimal);
		if (v === null) return writer.gap(stream, tMicros, tMicros, 'no value in the file');
		if (v !== undefined) return writer.row(stream, tMicros, v);
		const place = `${file}:${record.line}:${columnOfField(record.text, delimiter, field)}`;
		fault(`${place}: ${quote(text)} is no number`);
		writer.gap(stream, tMicros, tMicros, `${quote(text)} is no number`);
	}

	return {
		take(record: CsvRecord): void {
			if ('fault' in record) return lose(record, 0, record.fault);
			const { fields } = record;
			const most = Math.max(places.time, ...places.values, ...places.named);
			if (fields.length <= most)
				return lose(record, fields.length - 1, `the line ends after column ${fields.length}; ${most + 1} are needed`);
			const text = fields[places.time]?.trim() ?? '';
			const tMicros = parseTime(text);
			if (tMicros === undefined) return lose(record, places.time, `${quote(text)} is no time`);
			const outside = timeFault(tMicros, nowMicros);
			if (outside !== undefined) return lose(record, places.time, outside);
			const numbers = naming(places.named.map((at) => fields[at]?.trim() ?? ''));
			if (typeof numbers === 'string') return lose(record, places.named[0] ?? 0, numbers);
			closeLost(numbers, tMicros);
			places.values.forEach((field, i) => value(record, field, numbers[i]!, tMicros));
			lastMicros = tMicros;
		},
		end(): void {
			const numbers = naming([]);
			if (lastMicros !== undefined && typeof numbers !== 'string' && places.named.length === 0)
				closeLost(numbers, lastMicros);
		},
		lastMicros: () => lastMicros,
		resume(micros: number | undefined): void {
			lastMicros = micros;
		},
	};
}
