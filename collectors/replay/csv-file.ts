import { createReadStream } from 'node:fs';
import { ConfigError } from '#contracts/error.ts';
import { parseFields } from './csv-fields.ts';

/** Where reading goes on: after this byte, with this many lines before it. */
export interface FilePlace {
	readonly offset: number;
	readonly line: number;
}

/** A record with the line that it begins in (from 1) and the place after it. */
export type CsvRecord = { readonly line: number; readonly after: FilePlace } & (
	{ readonly fields: readonly string[] } | { readonly fault: string }
);

interface Line {
	readonly text: string;
	readonly after: FilePlace;
}

const LF = 0x0a;
const MAX_LINE_BYTES = 1024 * 1024;
/** A quote that is not closed by then was no quote: it costs its own line, not the rest of the file. */
const MAX_RECORD_LINES = 100;

/**
 * Reads records from a place on, one piece of the file at a time; empty lines are passed over.
 *
 * Our own reader and not csv-parse: that one loses good lines after a bad quote (seen with 7.0.3), and the cursor needs
 * the exact byte to go on from.
 *
 * @throws ConfigError when a line is so long that this is no text file; what the file system says
 */
export async function* readRecords(file: string, from: FilePlace, delimiter: string): AsyncGenerator<CsvRecord> {
	const lines = readLines(file, from);
	const ahead: Line[] = [];
	const next = async (index: number): Promise<Line | undefined> => {
		if (index >= ahead.length) {
			const read = await lines.next();
			if (!read.done) ahead.push(read.value);
		}
		return ahead[index];
	};
	for (let first = await next(0); first; first = await next(0)) {
		const record = await assemble(first, next, delimiter);
		ahead.splice(0, record.lines);
		if (first.text !== '') yield record;
	}
}

/** Takes further lines while a quote is open. */
async function assemble(
	first: Line,
	next: (index: number) => Promise<Line | undefined>,
	delimiter: string,
): Promise<CsvRecord & { readonly lines: number }> {
	const line = first.after.line;
	let { text, after } = first;
	for (let lines = 1; lines <= MAX_RECORD_LINES; lines++) {
		const parsed = parseFields(text, delimiter);
		if (parsed !== 'open') return { line, lines, after, ...parsed };
		const more = await next(lines);
		if (!more) break;
		text += `\n${more.text}`;
		after = more.after;
	}
	return { line, lines: 1, after: first.after, fault: 'a quote is opened and never closed' };
}

async function* readLines(file: string, from: FilePlace): AsyncGenerator<Line> {
	let rest = Buffer.alloc(0);
	let { offset, line } = from;
	for await (const chunk of createReadStream(file, { start: offset }) as AsyncIterable<Buffer>) {
		const bytes = Buffer.concat([rest, chunk]);
		let start = 0;
		for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
			const text = textOf(bytes.subarray(start, end), offset === 0);
			offset += end + 1 - start;
			start = end + 1;
			yield { text, after: { offset, line: ++line } };
		}
		rest = bytes.subarray(start);
		if (rest.length > MAX_LINE_BYTES)
			throw new ConfigError(
				`${file}:${line + 1}: the line is longer than ${MAX_LINE_BYTES} bytes: is this a CSV file?`,
			);
	}
	if (rest.length > 0)
		yield { text: textOf(rest, offset === 0), after: { offset: offset + rest.length, line: line + 1 } };
}

function textOf(bytes: Buffer, isFirst: boolean): string {
	const text = bytes.toString('utf8');
	const end = text.endsWith('\r') ? -1 : undefined;
	return text.slice(isFirst && text.startsWith('\ufeff') ? 1 : 0, end);
}
