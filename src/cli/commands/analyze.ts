import { analyze, DocumentError, type Answer } from '#rules';
import { documentOfCsv } from '#contracts/analyze-csv.ts';
import { InputError } from '#contracts/error.ts';
import type { Command } from '../command.ts';
import { isExport, isExportFolder } from '../export/read.ts';
import { analyzeExport, exportTable, type ExportAnswer } from './analyze-export.ts';
import { documentOf, parseFlags, USAGE, type Flags } from './analyze-flags.ts';
import { openInput } from './analyze-input.ts';
import { writeJson } from './analyze-json.ts';
import { tableOf } from './analyze-table.ts';

/** Needs no server: one series in, one answer out. */
export const analyzeCommand: Command = {
	name: 'analyze',
	usage: USAGE,
	does: 'judge the values of a JSON document or a CSV file (see docs/analyze.md)',
	async run(args) {
		const flags = parseFlags(args);
		const label = flags.file === '-' ? 'standard input' : flags.file;
		if (isExportFolder(flags.file)) return writeExport(await analyzeExport({ folder: flags.file }), flags);
		const given = await read(flags, label);
		if (isExport(given)) return writeExport(await analyzeExport({ document: given }), flags);
		const document = { ...given, ...documentOf(flags) };
		await write(judge(merged(document), label), flags);
		return 0;
	},
};

async function read(flags: Flags, label: string): Promise<Record<string, unknown>> {
	const input = openInput(flags.file, { progress: process.stderr.isTTY ? process.stderr : undefined });
	if (flags.csv) return await documentOfCsv(input, { ...flags, label, flag: (name) => `--${name}` });
	const chunks: string[] = [];
	for await (const chunk of input) chunks.push(chunk);
	try {
		const document = JSON.parse(chunks.join('')) as unknown;
		// What is no object is told by the library, which names what it wants instead.
		return typeof document === 'object' && document !== null && !Array.isArray(document)
			? { ...document }
			: never(document);
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		throw new InputError(
			`cannot analyze ${label}: it is no JSON (${error.message}); for CSV say which column: --column NAME`,
		);
	}
}

function never(document: unknown): never {
	throw new InputError('cannot analyze this document', [
		{
			path: '$',
			message: `must be an object such as {"values": [1, 2, 3]}, not ${JSON.stringify(document).slice(0, 40)}`,
		},
	]);
}

/** Flags complete what the document says of its baseline and options. */
function merged({ flags, ...document }: Record<string, unknown> & { flags?: Record<string, object> }): unknown {
	for (const [name, fields] of Object.entries(flags ?? {}))
		document[name] = { ...(document[name] as object | undefined), ...fields };
	return document;
}

function judge(document: unknown, label: string): Answer {
	try {
		return analyze(document);
	} catch (error) {
		if (error instanceof DocumentError) throw new InputError(`cannot analyze ${label}`, error.faults);
		throw error;
	}
}

/** @returns 3 when something came out otherwise than live */
function writeExport(answer: ExportAnswer, { format }: Flags): number {
	const table = format === 'table' || (format === undefined && process.stdout.isTTY);
	console.log(table ? exportTable(answer) : JSON.stringify(answer));
	return answer.reproduced ? 0 : 3;
}

async function write(answer: Answer, { format }: Flags): Promise<void> {
	// A reader such as head may leave when it has seen enough: no fault of anybody's.
	process.stdout.once('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE') throw error;
		process.exit(0);
	});
	const table = format === 'table' || (format === undefined && process.stdout.isTTY);
	if (table) console.log(tableOf(answer, { columns: process.stdout.columns }));
	else await writeJson(answer, process.stdout);
}
