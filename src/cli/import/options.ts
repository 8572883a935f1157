import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { collectorSchema } from '#contracts/config.ts';
import { ConfigError, InputError } from '#contracts/error.ts';
import { hintFor } from '#contracts/suggest.ts';
import type { Precision } from '#server/ingest/port.ts';

export const USAGE = [
	'import FILE [--stream KEY] [--time COLUMN] [--value COLUMN]',
	'  FILE         .csv, .tsv, .parquet, or InfluxDB line protocol (.lp, .line, .influx); text may be packed (.gz)',
	'  --format     csv, parquet or lines, where the name does not say it',
	'  --stream     key of the stream; default import/<file name>; {machine} in it stands for what column machine says',
	'  --time       column with the time, default timestamp',
	'  --value      column with the number, default value; more than once: one stream for each, key/<column>',
	'  --unit       unit of the values',
	'  --timezone   of times that name none, default UTC',
	'  --delimiter, --decimal   of CSV; default , and . (.tsv: tab)',
	'  --precision  of times in line protocol: ns (default), us, ms, s',
	'  --site       site that it belongs to; default the one of the key',
	'  --url        of the Sigmascope that takes it, default http://127.0.0.1:3000',
].join('\n');

const FLAGS = {
	format: { type: 'string' },
	stream: { type: 'string' },
	time: { type: 'string', default: 'timestamp' },
	value: { type: 'string', multiple: true },
	unit: { type: 'string', default: '' },
	timezone: { type: 'string', default: 'UTC' },
	delimiter: { type: 'string' },
	decimal: { type: 'string', default: '.' },
	precision: { type: 'string', default: 'ns' },
	site: { type: 'string' },
	url: { type: 'string' },
} as const;

const FORMATS = ['csv', 'parquet', 'lines'] as const;
type Format = (typeof FORMATS)[number];
const PRECISIONS = ['ns', 'us', 'ms', 's'] as const;
const FORMAT_OF: Readonly<Record<string, Format>> = {
	csv: 'csv',
	tsv: 'csv',
	txt: 'csv',
	parquet: 'parquet',
	pq: 'parquet',
	lp: 'lines',
	line: 'lines',
	influx: 'lines',
};

export interface ImportOptions {
	readonly file: string;
	readonly format: Format;
	readonly stream: string;
	readonly time: string;
	readonly values: readonly string[];
	readonly unit: string;
	readonly timezone: string;
	readonly delimiter: string;
	readonly decimal: '.' | ',';
	readonly precision: Precision;
	readonly site: string | undefined;
	readonly url: string | undefined;
}

/** @throws ConfigError without a file; InputError naming each flag that cannot be read */
export function parseImportArgs(args: string[]): ImportOptions {
	const { values, positionals } = parseArgs({ args, allowPositionals: true, options: FLAGS });
	const [file, ...more] = positionals;
	if (file === undefined) throw new ConfigError('cannot import: which file? sigmascope import FILE');
	if (more.length > 0) throw new ConfigError(`cannot import several files at once: ${positionals.join(', ')}`);
	const faults: { path: string; message: string }[] = [];
	const choice = <T extends string>(flag: string, given: string, allowed: readonly T[]): T => {
		const found = allowed.find((one) => one === given);
		if (found === undefined)
			faults.push({ path: `--${flag}`, message: `${JSON.stringify(given)} is unknown; ${hintFor(given, allowed)}` });
		return found ?? allowed[0]!;
	};
	const plain = basename(file).replace(/\.gz$/, '');
	const extension = /\.([^.]+)$/.exec(plain)?.[1]?.toLowerCase() ?? '';
	const options: ImportOptions = {
		file: resolve(file),
		format: choice('format', values.format ?? FORMAT_OF[extension] ?? 'csv', FORMATS),
		stream: values.stream ?? `import/${plain.replace(/\.[^.]+$/, '')}`,
		time: values.time,
		values: values.value ?? ['value'],
		unit: values.unit,
		timezone: values.timezone,
		delimiter: values.delimiter ?? (extension === 'tsv' ? '\t' : ','),
		decimal: choice('decimal', values.decimal, ['.', ',']),
		precision: choice('precision', values.precision, PRECISIONS),
		site: values.site,
		url: values.url,
	};
	faults.push(...faultsOf(options));
	if (faults.length > 0) throw new InputError(`cannot import ${options.file}`, faults);
	return options;
}

function faultsOf({ delimiter, decimal, timezone, unit, site, format, file }: ImportOptions) {
	const faults: { path: string; message: string }[] = [];
	const add = (flag: string, message: string) => faults.push({ path: `--${flag}`, message });
	if (delimiter.length !== 1) add('delimiter', 'must be one character');
	if (delimiter === decimal) add('decimal', 'cannot be the delimiter too');
	if (!isZone(timezone)) add('timezone', 'this is no IANA time zone: write for example Europe/Berlin');
	if (unit.length > 40) add('unit', 'must have 40 characters at most');
	if (format === 'parquet' && file.endsWith('.gz')) add('format', 'a Parquet file is packed inside; unpack it first');
	const asCollector = collectorSchema.safeParse({ name: 'import', type: 'import', ...(site && { site }) });
	for (const issue of asCollector.error?.issues ?? []) add(issue.path.join('.'), issue.message);
	return faults;
}

function isZone(name: string): boolean {
	try {
		return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
	} catch {
		return false;
	}
}

/** The same import is the same numbering: all that says what becomes of the file, and nothing else. */
export function importName({ url: _, ...options }: ImportOptions): string {
	return `import-${createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 12)}`;
}
