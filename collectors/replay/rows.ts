import { ConfigError } from '#contracts/error.ts';
import { quote } from '#contracts/stream.ts';
import { columnsOf, type ReplayConfig } from './config.ts';
import type { CsvRecord } from '#contracts/csv.ts';
import { createTimeParser } from '#contracts/file-time.ts';

/** What a record says; `place` is `data.csv:17`. */
export type Row = { readonly place: string } &
	/** One cell for each column. */
	(
		| { readonly kind: 'row'; readonly tMicros: number; readonly cells: readonly Cell[] }
		/** A record whose time is not known. */
		| { readonly kind: 'bad'; readonly cause: string }
	);

export type Cell =
	| { readonly kind: 'point'; readonly v: number }
	/** No value, as the file says: nobody's mistake. */
	| { readonly kind: 'empty' }
	/** A value that is no number. */
	| { readonly kind: 'bad-value'; readonly cause: string };

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const EMPTY = new Set(['', 'nan', 'na', 'n/a', 'null', 'none', '-']);

/**
 * @param header the names in the first line
 * @throws ConfigError when a configured column is not among them
 */
export function createRowReader(config: ReplayConfig, header: readonly string[]): (record: CsvRecord) => Row {
	const timeAt = columnAt(config, header, { column: config.time, option: 'time' });
	const valuesAt = columnsOf(config).map((one) => columnAt(config, header, one));
	const parseTime = createTimeParser(config.timezone);
	return (record) => {
		const place = `${config.file}:${record.line}`;
		const bad = (cause: string): Row => ({ place, kind: 'bad', cause });
		if ('fault' in record) return bad(record.fault);
		const { fields } = record;
		if (fields.length !== header.length) return bad(`${fields.length} columns, the header has ${header.length}`);
		const timeText = fields[timeAt]?.trim() ?? '';
		const tMicros = parseTime(timeText);
		if (tMicros === undefined) return bad(`${quote(timeText)} is no time`);
		return { place, kind: 'row', tMicros, cells: valuesAt.map((at) => cellOf(fields[at]?.trim() ?? '', config)) };
	};
}

function cellOf(text: string, { decimal }: ReplayConfig): Cell {
	if (EMPTY.has(text.toLowerCase())) return { kind: 'empty' };
	const v = parseValue(text, decimal);
	return v === undefined ? { kind: 'bad-value', cause: `${quote(text)} is no number` } : { kind: 'point', v };
}

function parseValue(text: string, decimal: '.' | ','): number | undefined {
	const plain = decimal === ',' ? text.replace(',', '.') : text;
	const v = NUMBER.test(plain) ? Number(plain) : NaN;
	return Number.isFinite(v) ? v : undefined;
}

function columnAt(
	{ file }: ReplayConfig,
	header: readonly string[],
	{ column, option }: { readonly column: string; readonly option: string },
): number {
	const at = header.findIndex((name) => name.trim() === column);
	if (at >= 0) return at;
	const names = header.slice(0, 20).map((name) => quote(name.trim()));
	throw new ConfigError(
		`cannot replay ${quote(file)}: it has no column ${quote(column)}; set "${option}" to one of ${names.join(', ')}`,
	);
}
