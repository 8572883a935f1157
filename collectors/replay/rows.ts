import { ConfigError } from '#contracts/error.ts';
import { quote } from '#contracts/stream.ts';
import type { ReplayConfig } from './config.ts';
import type { CsvRecord } from '#contracts/csv.ts';
import { createTimeParser } from '#contracts/file-time.ts';

/** What a record says; `place` is `data.csv:17`. */
export type Row = { readonly place: string } & (
	| { readonly kind: 'point'; readonly tMicros: number; readonly v: number }
	/** No value, as the file says: nobody's mistake. */
	| { readonly kind: 'empty'; readonly tMicros: number }
	/** A value that is no number. */
	| { readonly kind: 'bad-value'; readonly tMicros: number; readonly cause: string }
	/** A record whose time is not known. */
	| { readonly kind: 'bad'; readonly cause: string }
);

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const EMPTY = new Set(['', 'nan', 'na', 'n/a', 'null', 'none', '-']);

/**
 * @param header the names in the first line
 * @throws ConfigError when a configured column is not among them
 */
export function createRowReader(config: ReplayConfig, header: readonly string[]): (record: CsvRecord) => Row {
	const timeAt = columnOf(config, header, 'time');
	const valueAt = columnOf(config, header, 'value');
	const parseTime = createTimeParser(config.timezone);
	return (record) => {
		const place = `${config.file}:${record.line}`;
		const bad = (cause: string): Row => ({ place, kind: 'bad', cause });
		if ('fault' in record) return bad(record.fault);
		const { fields } = record;
		if (fields.length !== header.length) return bad(`${fields.length} columns, the header has ${header.length}`);
		const timeText = fields[timeAt]?.trim() ?? '';
		const valueText = fields[valueAt]?.trim() ?? '';
		const tMicros = parseTime(timeText);
		if (tMicros === undefined) return bad(`${quote(timeText)} is no time`);
		if (EMPTY.has(valueText.toLowerCase())) return { place, kind: 'empty', tMicros };
		const v = parseValue(valueText, config.decimal);
		if (v === undefined) return { place, kind: 'bad-value', tMicros, cause: `${quote(valueText)} is no number` };
		return { place, kind: 'point', tMicros, v };
	};
}

function parseValue(text: string, decimal: '.' | ','): number | undefined {
	const plain = decimal === ',' ? text.replace(',', '.') : text;
	const v = NUMBER.test(plain) ? Number(plain) : NaN;
	return Number.isFinite(v) ? v : undefined;
}

function columnOf(config: ReplayConfig, header: readonly string[], option: 'time' | 'value'): number {
	const at = header.findIndex((name) => name.trim() === config[option]);
	if (at >= 0) return at;
	const names = header.slice(0, 20).map((name) => quote(name.trim()));
	throw new ConfigError(
		`cannot replay ${quote(config.file)}: it has no column ${quote(config[option])}; set "${option}" to one of ${names.join(', ')}`,
	);
}
