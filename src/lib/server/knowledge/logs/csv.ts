import { setImmediate as nextTurn } from 'node:timers/promises';
import { columnOfField, createCsvReader, type CsvRecord } from '#contracts/csv.ts';
import { InputError, type InputFault } from '#contracts/error.ts';
import { createTimeParser, type TimeParser } from '#contracts/file-time.ts';
import type { LogLine } from '#contracts/log-line.ts';
import { readLine } from '#contracts/log-read.ts';
import { quote } from '#contracts/stream.ts';
import { nearest } from '#contracts/suggest.ts';
import type { LogColumns } from '../port.ts';

const ROWS_PER_TURN = 1000;

interface Mapped {
	readonly time: number;
	readonly text: number;
	readonly severity: number | undefined;
	readonly source: number | undefined;
	/** The other columns, by name: attributes. */
	readonly others: readonly (readonly [name: string, index: number])[];
}

/**
 * Lines of a CSV file whose first record names its columns; each fault says line and column as an editor counts them.
 *
 * @throws InputError when its columns are not those that were named
 */
export async function* linesOfCsv(
	body: Uint8Array,
	columns: LogColumns,
	nowMicros: number,
): AsyncGenerator<{ readonly line: LogLine } | { readonly fault: InputFault }> {
	const delimiter = columns.delimiter ?? delimiterOf(body);
	const reader = createCsvReader({ delimiter });
	const records = [...recordsOf(() => reader.push(body)), ...reader.end()];
	const head = records.shift();
	if (head === undefined) throw new InputError('the file is empty');
	if ('fault' in head) throw new InputError(`line ${head.line}: ${head.fault}`);
	const mapped = mapColumns(head.fields, columns);
	const read = { mapped, delimiter, nowMicros, width: head.fields.length, times: timesOf(columns) };
	for (const [i, record] of records.entries()) {
		if (i % ROWS_PER_TURN === ROWS_PER_TURN - 1) await nextTurn();
		yield lineOf(record, read);
	}
}

function recordsOf(push: () => CsvRecord[]): CsvRecord[] {
	try {
		return push();
	} catch (error) {
		if (error instanceof RangeError) throw new InputError(error.message);
		throw error;
	}
}

function timesOf({ zone }: LogColumns): TimeParser {
	try {
		return createTimeParser(zone ?? 'UTC');
	} catch {
		throw new InputError(`query.zone: ${quote(zone ?? '')} is no time zone: write a name like Europe/Berlin`);
	}
}

/** Semicolon and tab are what spreadsheets write where the comma is taken. */
function delimiterOf(body: Uint8Array): string {
	const end = body.indexOf(0x0a);
	const head = Buffer.from(body.subarray(0, end < 0 ? Math.min(body.length, 4096) : end)).toString('utf8');
	const counts = [',', ';', '\t'].map((one) => [one, head.split(one).length] as const);
	return counts.reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

function mapColumns(names: readonly string[], columns: LogColumns): Mapped {
	const faults: InputFault[] = [];
	const find = (as: 'time' | 'text' | 'severity' | 'source'): number | undefined => {
		const name = columns[as];
		if (name === undefined) return undefined;
		const at = names.indexOf(name);
		if (at >= 0) return at;
		const meant = nearest(name, names);
		const there = names.map((one) => quote(one)).join(', ').slice(0, 300); // prettier-ignore
		const hint = meant === undefined ? `; it has ${there}` : `; did you mean ${quote(meant)}?`;
		faults.push({ path: `query.${as}`, message: `the file has no column ${quote(name)}${hint}` });
		return undefined;
	};
	const [time, text, severity, source] = [find('time'), find('text'), find('severity'), find('source')];
	if (time === undefined || text === undefined || faults.length > 0)
		throw new InputError(`${faults[0]?.path}: ${faults[0]?.message}`, faults);
	const taken = [time, text, severity, source];
	const others = names.map((name, i) => [name, i] as const).filter(([name, i]) => name !== '' && !taken.includes(i));
	return { time, text, severity, source, others };
}

interface Reading {
	readonly mapped: Mapped;
	readonly delimiter: string;
	readonly nowMicros: number;
	readonly width: number;
	readonly times: TimeParser;
}

function lineOf(
	record: CsvRecord,
	{ mapped, delimiter, nowMicros, width, times }: Reading,
): { readonly line: LogLine } | { readonly fault: InputFault } {
	const { line, text } = record;
	const at = (index: number, message: string) => ({
		fault: { path: `line ${line}, column ${columnOfField(text, delimiter, index)}`, message },
	});
	if ('fault' in record) return { fault: { path: `line ${line}, column 1`, message: record.fault } };
	const { fields } = record;
	if (fields.length !== width)
		return at(Math.min(fields.length, width) - 1, `the line has ${fields.length} fields, the head has ${width}`);
	const value = (index: number | undefined) => (index === undefined ? undefined : fields[index]);
	const micros = times((value(mapped.time) ?? '').trim());
	if (micros === undefined) return at(mapped.time, `${quote(value(mapped.time) ?? '')} is no time`);
	const read = readLine(
		{
			t: micros,
			text: value(mapped.text),
			severity: value(mapped.severity),
			source: value(mapped.source),
			attributes: Object.fromEntries(
				mapped.others.map(([name, i]) => [name, value(i)]).filter(([, one]) => one !== ''),
			) as object,
		},
		nowMicros,
	);
	if ('line' in read) return { line: read.line };
	const { path, message } = read.fault;
	const field = ({ '.t': mapped.time, '.severity': mapped.severity, '.source': mapped.source } as const)[path as '.t'];
	const other = mapped.others.find(([name]) => path === `.attributes.${name}`)?.[1];
	return at(field ?? other ?? mapped.text, message);
}
