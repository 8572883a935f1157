import { keyFault, quote } from '#contracts/stream.ts';
import type { FileStreams } from './streams.ts';

/** Columns of a table: which has the time, which the values, and what each row's streams are called. */
export interface TableOptions {
	readonly time: string;
	/** One stream for each; with several, the column's name is put behind the key. */
	readonly values: readonly string[];
	/** Key; `{machine}` stands for what the column machine says. */
	readonly stream: string;
}

/** Where the columns of `TableOptions` stand among a file's own. */
export interface TablePlaces {
	readonly time: number;
	readonly values: readonly number[];
	/** Columns that the key is made of. */
	readonly named: readonly number[];
}

const NAMED = /\{([^{}]+)\}/g;

/** @returns the places, or what is missing and what there is */
export function placesOf(options: TableOptions, names: readonly string[]): TablePlaces | string {
	const missing: string[] = [];
	const at = (name: string, option: string) => {
		const index = names.indexOf(name);
		if (index < 0) missing.push(`it has no column ${quote(name)} (${option})`);
		return index;
	};
	const places = {
		time: at(options.time, '--time'),
		values: options.values.map((name) => at(name, '--value')),
		named: columnsIn(options.stream).map((name) => at(name, '--stream')),
	};
	if (missing.length === 0) return places;
	return `${missing.join('; ')}; there are ${names.slice(0, 20).map(quote).join(', ')}`;
}

export function columnsIn(stream: string): string[] {
	return [...stream.matchAll(NAMED)].map(([, name = '']) => name);
}

/** Rows to numbers of streams, by the cells that name them; the file is asked once for each name. */
export function createNaming(options: TableOptions, streams: FileStreams) {
	const { stream, values } = options;
	const known = new Map<string, readonly number[] | string>();

	function make(cells: readonly string[]): readonly number[] | string {
		let next = 0;
		const key = stream.replace(NAMED, () => cells[next++] ?? '');
		const keys = values.length === 1 ? [key] : values.map((name) => `${key}/${name}`);
		const fault = keys.map(keyFault).find((one) => one !== undefined);
		return fault === undefined ? keys.map((one) => streams.index(one)) : `${quote(key)} names no stream: ${fault}`;
	}

	/** @returns the number of each value column's stream, or why there is none */
	return (cells: readonly string[]): readonly number[] | string => {
		const name = cells.length === 1 ? cells[0]! : cells.join('\u0000');
		const found = known.get(name);
		if (found !== undefined) return found;
		const made = make(cells);
		known.set(name, made);
		return made;
	};
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const EMPTY = new Set(['', 'nan', 'na', 'n/a', 'null', 'none', '-']);

/** @returns null for a cell that says that there is no value, undefined for one that is no number */
export function parseCell(text: string, decimal: '.' | ','): number | null | undefined {
	const plain = decimal === ',' ? text.replace(',', '.') : text;
	if (NUMBER.test(plain)) {
		const v = Number(plain);
		return Number.isFinite(v) ? v : undefined;
	}
	return EMPTY.has(text.toLowerCase()) ? null : undefined;
}
