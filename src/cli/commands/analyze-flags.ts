import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import type { Columns } from '#contracts/analyze-csv.ts';
import { ConfigError } from '#contracts/error.ts';

export const USAGE = [
	'analyze [FILE|-] [--chart NAME] [--column NAME]',
	'  FILE          a JSON document, or CSV when its name ends in .csv or .tsv or a column is named; - = standard input;',
	'                an export (its folder, or its JSON) is judged anew and compared with what was found live',
	'  --chart       i-mr (default), xbar-r, xbar-s, ewma, cusum, p, np, c, u, p-prime, u-prime, g, t, t2, z-mr, capability, auto',
	'  --column      of the values or counts: its name in the first line, or its number from 1; may be left out of one column',
	'  --columns     A,B,C: each line is a subgroup (xbar-r, xbar-s, capability) or one item of several variables (t2)',
	'  --subgroup    N lines, or the column that says which lines belong together',
	'  --size        column with the sample sizes of counts, or one number',
	'  --part        column with the part of each value (z-mr)',
	'  --phase       column whose change begins a new phase',
	'  --rules       1,2,5,6 (default), or the name of a rule set',
	'  --baseline    N: limits from the first N points; --exclude 3,4 without these (from 0); --revise until none is beyond',
	'  --centre, --sigma   known instead of estimated',
	'  --lsl, --usl, --target   specification (capability); --target also of ewma and cusum',
	'  --set         NAME=VALUE: any other option of docs/analyze.md, for example --set lambda=0.1; may be repeated',
	'  --table, --json   for people, for programs; default: a table on a terminal, JSON elsewhere',
].join('\n');

const OPTIONS = {
	chart: { type: 'string' },
	column: { type: 'string' },
	columns: { type: 'string' },
	subgroup: { type: 'string' },
	size: { type: 'string' },
	part: { type: 'string' },
	phase: { type: 'string' },
	rules: { type: 'string' },
	baseline: { type: 'string' },
	exclude: { type: 'string' },
	revise: { type: 'boolean' },
	centre: { type: 'string' },
	sigma: { type: 'string' },
	lsl: { type: 'string' },
	usl: { type: 'string' },
	target: { type: 'string' },
	set: { type: 'string', multiple: true },
	table: { type: 'boolean' },
	json: { type: 'boolean' },
} as const;

export interface Flags {
	readonly file: string;
	readonly csv: boolean;
	readonly chart: string | undefined;
	readonly columns: Columns;
	readonly rules: unknown;
	readonly baseline: Readonly<Record<string, unknown>>;
	readonly options: Readonly<Record<string, unknown>>;
	readonly format: 'table' | 'json' | undefined;
}

const CSV_NAMES = ['.csv', '.tsv', '.txt'];

/** @throws ConfigError naming the flag that cannot be read */
export function parseFlags(args: string[]): Flags {
	const { positionals, values } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
	const [file = '-', ...more] = positionals;
	if (more.length > 0) throw new ConfigError(`cannot analyze several files at once: ${positionals.join(', ')}`);
	const { column, subgroup, size, part, phase } = values;
	const columns: Columns = { column, subgroup, size, part, phase, columns: values.columns?.split(',') };
	const named = Object.values(columns).some((value) => value !== undefined);
	const options = Object.fromEntries((values.set ?? []).map(settingOf));
	for (const name of ['lsl', 'usl', 'target'] as const)
		if (values[name] !== undefined) options[name] = numberOf(values[name], `--${name}`);
	return {
		file,
		csv: named || CSV_NAMES.includes(extname(file).toLowerCase()),
		chart: values.chart,
		columns,
		rules: values.rules === undefined ? undefined : rulesOf(values.rules),
		baseline: baselineOf(values),
		options,
		format: values.table ? 'table' : values.json ? 'json' : undefined,
	};
}

/** What the flags say over what the file says. */
export function documentOf({ chart, rules, baseline, options }: Flags): Record<string, unknown> {
	return {
		...(chart === undefined ? {} : { chart }),
		...(rules === undefined ? {} : { rules }),
		flags: {
			...(Object.keys(baseline).length > 0 ? { baseline } : {}),
			...(Object.keys(options).length > 0 ? { options } : {}),
		},
	};
}

function baselineOf(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const baseline: Record<string, unknown> = {};
	if (typeof values['baseline'] === 'string') baseline['points'] = numberOf(values['baseline'], '--baseline');
	if (typeof values['exclude'] === 'string')
		baseline['exclude'] = values['exclude'].split(',').map((text) => numberOf(text, '--exclude'));
	if (values['revise'] === true) baseline['revise'] = true;
	for (const name of ['centre', 'sigma'])
		if (typeof values[name] === 'string') baseline[name] = numberOf(values[name], `--${name}`);
	return baseline;
}

function rulesOf(text: string): unknown {
	return /^[\d,\s]+$/.test(text) ? text.split(',').map(Number) : text;
}

/** The library checks name and value: here only what kind of value it is. */
function settingOf(text: string): [string, unknown] {
	const [, name, value] = /^(\w+)=(.+)$/.exec(text) ?? [];
	if (name === undefined || value === undefined)
		throw new ConfigError(`cannot read --set ${JSON.stringify(text)}: it is NAME=VALUE, for example lambda=0.1`);
	if (value === 'true' || value === 'false') return [name, value === 'true'];
	return [name, Number.isNaN(Number(value)) ? value : Number(value)];
}

function numberOf(text: string, flag: string): number {
	const value = Number(text);
	if (text.trim() === '' || !Number.isFinite(value))
		throw new ConfigError(`cannot read ${flag} ${JSON.stringify(text)}: it is no number`);
	return value;
}
