import { createCsvReader, type CsvRecord } from './csv.ts';
import { InputError, type InputFault } from './error.ts';

/** Which columns of a CSV file are what; each by its name in the first line or by its number from 1. */
export interface Columns {
	readonly column?: string | undefined;
	readonly columns?: readonly string[] | undefined;
	/** Or so many lines. */
	readonly subgroup?: string | undefined;
	/** Or one size. */
	readonly size?: string | undefined;
	readonly part?: string | undefined;
	readonly phase?: string | undefined;
}

export interface CsvQuestion {
	readonly columns: Columns;
	readonly chart: string | undefined;
	/** What the file is called in a fault. */
	readonly label: string;
	/** How whoever asks would name a column: `--column`. */
	readonly flag: (name: keyof Columns) => string;
}

/** Enough to mend a file by. */
const MAX_FAULTS = 20;
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', '-']);
const COUNTED = ['p', 'np', 'c', 'u', 'p-prime', 'u-prime'];

/** Cells of the columns that were asked for, line by line. */
interface Rows {
	readonly names: readonly string[];
	/** Of the line that each row came from. */
	readonly lines: readonly number[];
	readonly cells: readonly (readonly string[])[];
	/** Decimal commas are read where commas do not part columns. */
	readonly delimiter: string;
}

/**
 * The document that a CSV file and its flags make.
 *
 * @throws InputError with line and column of every cell that is no number
 */
export async function documentOfCsv(
	input: AsyncIterable<string>,
	{ columns, chart = 'i-mr', label, flag }: CsvQuestion,
): Promise<Record<string, unknown>> {
	const rows = await readRows(input, { columns, label, flag });
	if (rows.cells.length === 0) throw new InputError(`cannot analyze ${label}: there is no line with values`);
	const faults: InputFault[] = [];
	const numbers = numberReader(rows, faults);
	const texts = (name: string) => textsOf(rows, name);
	const document = { chart, ...valuesOf({ rows, columns, chart, numbers, texts, flag }) };
	if (faults.length > 0) throw new InputError(`cannot analyze ${label}`, faults);
	return document;
}

interface Source {
	readonly rows: Rows;
	readonly columns: Columns;
	readonly chart: string;
	readonly numbers: (name: string) => (number | null)[];
	readonly texts: (name: string) => string[];
	readonly flag: CsvQuestion['flag'];
}

function valuesOf(source: Source): Record<string, unknown> {
	const { columns, chart, numbers, texts, rows } = source;
	const names = columns.columns ?? [columns.column ?? rows.names[0]!];
	const first = numbers(names[0]!);
	const phases = columns.phase === undefined ? {} : { phases: changesOf(texts(columns.phase), groupStarts(source)) };
	if (COUNTED.includes(chart)) return { counts: first, ...sizesOf(source), ...phases };
	if (columns.columns !== undefined) {
		const each = names.map(numbers);
		const lines = first.map((_, i) => each.map((column) => column[i]!));
		return { subgroups: chart === 't2' && columns.subgroup !== undefined ? grouped(lines, source) : lines, ...phases };
	}
	if (columns.subgroup !== undefined) return { subgroups: grouped(first, source), ...phases };
	const parts = columns.part === undefined ? {} : { parts: texts(columns.part) };
	return { values: first, ...parts, ...phases };
}

function sizesOf({ columns: { size }, numbers }: Source): Record<string, unknown> {
	if (size === undefined) return {};
	return { sizes: /^\d+(\.\d+)?$/.test(size) ? Number(size) : numbers(size) };
}

function grouped<T>(items: readonly T[], source: Source): T[][] {
	const starts = groupStarts(source);
	return starts.map((from, i) => items.slice(from, starts[i + 1] ?? items.length));
}

/** Indices of the rows at which a point begins. */
function groupStarts({ columns: { subgroup }, texts, rows, flag }: Source): number[] {
	const all = rows.cells.map((_, i) => i);
	if (subgroup === undefined) return all;
	const every = /^\d+$/.test(subgroup) ? Number(subgroup) : undefined;
	if (every === 0)
		throw new InputError(`cannot make subgroups of 0 lines: ${flag('subgroup')} wants at least 1, or a column`);
	if (every !== undefined) return all.filter((i) => i % every === 0);
	return changesOf(texts(subgroup), all);
}

/** Positions among `starts` at which a text differs from the one before. */
function changesOf(texts: readonly string[], starts: readonly number[]): number[] {
	return starts.flatMap((row, i) => (i === 0 || texts[row] !== texts[starts[i - 1]!] ? [i] : []));
}

function numberReader({ names, lines, cells, delimiter }: Rows, faults: InputFault[]) {
	return (name: string): (number | null)[] => {
		const column = names.indexOf(name);
		return cells.map((row, i) => {
			const text = (row[column] ?? '').trim();
			if (MISSING.has(text.toLowerCase())) return null;
			const value = Number(delimiter === ',' ? text : text.replace(',', '.'));
			if (Number.isFinite(value)) return value;
			if (faults.length < MAX_FAULTS)
				faults.push({ path: `line ${lines[i]}, column ${name}`, message: `${JSON.stringify(text)} is no number` });
			return null;
		});
	};
}

function textsOf({ names, cells }: Rows, name: string): string[] {
	const column = names.indexOf(name);
	return cells.map((row) => row[column] ?? '');
}

/** Reads the columns that are named, and keeps no other: a wide file is not held. */
async function readRows(
	input: AsyncIterable<string>,
	{ columns, label, flag }: Pick<CsvQuestion, 'columns' | 'label' | 'flag'>,
): Promise<Rows> {
	const text = await peek(input);
	const delimiter = delimiterOf(text.first);
	const reader = createCsvReader({ delimiter });
	let wanted: { names: string[]; places: number[] } | undefined;
	const lines: number[] = [];
	const cells: string[][] = [];
	const take = (records: readonly CsvRecord[]) => {
		for (const record of records) {
			if ('fault' in record) throw new InputError(`cannot read ${label} as CSV: line ${record.line}: ${record.fault}`);
			const fields = record.fields.map((field) => field.trim());
			if (fields.every((field) => field === '')) continue;
			if (wanted === undefined) {
				const header = !fields.some(isNumber);
				wanted = placesOf(columns, { header: header ? fields : undefined, count: fields.length, flag });
				if (header) continue;
			}
			lines.push(record.line);
			cells.push(wanted.places.map((place) => fields[place] ?? ''));
		}
	};
	const encoder = new TextEncoder();
	try {
		for await (const chunk of text.all) take(reader.push(encoder.encode(chunk)));
	} catch (error) {
		if (error instanceof RangeError) throw new InputError(`cannot read ${label} as CSV: ${error.message}`);
		throw error;
	}
	take(reader.end());
	return { names: wanted?.names ?? [], lines, cells, delimiter };
}

const isNumber = (text: string) => text !== '' && Number.isFinite(Number(text.replace(',', '.')));

/** Where the columns stand that were named by name or number; by number only in a file without a first line of names. */
function placesOf(
	{ column, columns, subgroup, size, part, phase }: Columns,
	{ header, count, flag }: { header: readonly string[] | undefined; count: number; flag: CsvQuestion['flag'] },
): { names: string[]; places: number[] } {
	const helpers = [subgroup, size].filter((name) => name !== undefined && !/^\d+(\.\d+)?$/.test(name));
	const asked = [...(columns ?? [column]), ...helpers, part, phase];
	const names: string[] = [];
	const places: number[] = [];
	asked.forEach((name, i) => {
		if (name === undefined && i > 0) return;
		const place = name === undefined ? onlyColumn(header, count, flag('column')) : placeOf(name, header, count);
		names.push(name ?? header?.[place] ?? 'value');
		places.push(place);
	});
	return { names, places };
}

function onlyColumn(header: readonly string[] | undefined, count: number, flag: string): number {
	const value = header?.findIndex((name) => name.toLowerCase() === 'value') ?? -1;
	if (count === 1 || value >= 0) return Math.max(0, value);
	throw new InputError(`cannot tell which column has the values: name one with ${flag}; ${known(header, count)}`);
}

function placeOf(name: string, header: readonly string[] | undefined, count: number): number {
	const place = header?.indexOf(name) ?? -1;
	const number = /^\d+$/.test(name) ? Number(name) - 1 : -1;
	const found = place >= 0 ? place : number;
	if (found >= 0 && found < count) return found;
	throw new InputError(`cannot find the column ${JSON.stringify(name)}: ${known(header, count)}`);
}

function known(header: readonly string[] | undefined, count: number): string {
	return header === undefined ? `there are columns 1 to ${count}, without names` : `there are ${header.join(', ')}`;
}

/** The sign that parts columns: the one that the first line has, and a comma only where it has no other. */
function delimiterOf(line: string): string {
	return [';', '\t'].find((sign) => line.includes(sign)) ?? ',';
}

/** The first line, and everything with it. */
async function peek(input: AsyncIterable<string>): Promise<{ first: string; all: AsyncIterable<string> }> {
	const source = input[Symbol.asyncIterator]();
	let head = '';
	while (!head.includes('\n')) {
		const { done, value } = await source.next();
		if (done) break;
		head += value;
	}
	async function* all() {
		yield head;
		for (;;) {
			const { done, value } = await source.next();
			if (done) return;
			yield value;
		}
	}
	return { first: head.split('\n', 1)[0]!, all: all() };
}
