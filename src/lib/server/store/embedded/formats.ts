/**
 * How an answer in a format is made, with flat memory either way: rows that stand alone can simply follow one another;
 * what has a head, a foot or a table of contents is written to a spool file first (measured: no slower).
 */
export type Delivery = 'stream' | 'file';

const STREAMED = new Set([
	'JSONEachRow',
	'JSONLines',
	'NDJSON',
	'JSONStringsEachRow',
	'JSONCompactEachRow',
	'JSONCompactStringsEachRow',
	'CSV',
	'TSV',
	'TabSeparated',
	'TabSeparatedRaw',
	'TSVRaw',
	'RowBinary',
]);
const FILES = new Set([
	'JSON',
	'JSONStrings',
	'JSONCompact',
	'JSONCompactStrings',
	'JSONColumns',
	'JSONColumnsWithMetadata',
	'JSONObjectEachRow',
	'Pretty',
	'PrettyCompact',
	'Vertical',
	'Null',
	'Parquet',
	'Arrow',
	'ArrowStream',
	'Native',
	'RowBinaryWithNames',
	'RowBinaryWithNamesAndTypes',
	'CSVWithNames',
	'CSVWithNamesAndTypes',
	'TSVWithNames',
	'TSVWithNamesAndTypes',
	'TabSeparatedWithNames',
	'TabSeparatedWithNamesAndTypes',
	'JSONCompactEachRowWithNames',
	'JSONCompactEachRowWithNamesAndTypes',
	'JSONCompactStringsEachRowWithNames',
	'JSONCompactStringsEachRowWithNamesAndTypes',
]);

/** @returns undefined for a format that this server does not speak */
export function deliveryOf(format: string): Delivery | undefined {
	if (STREAMED.has(format)) return 'stream';
	return FILES.has(format) ? 'file' : undefined;
}

export function contentTypeOf(format: string): string {
	if (/^JSON(?!.*EachRow|Lines)/.test(format)) return 'application/json; charset=UTF-8';
	if (/JSON/.test(format)) return 'application/x-ndjson; charset=UTF-8';
	if (/^CSV/.test(format)) return 'text/csv; charset=UTF-8; header=absent';
	if (/^(TSV|TabSeparated)/.test(format)) return 'text/tab-separated-values; charset=UTF-8';
	return /^(Pretty|Vertical|Null)/.test(format) ? 'text/plain; charset=UTF-8' : 'application/octet-stream';
}
