import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { analyze, DocumentError } from '#rules';
import { InputError, messageOf } from '#contracts/error.ts';
import type { Command } from '../command.ts';

/** Needs no server: one JSON document in, one out. */
export const analyzeCommand: Command = {
	name: 'analyze',
	usage: 'analyze [FILE|-]',
	does: 'judge the values of a JSON document (see docs/analyze.md) and print the answer as JSON',
	async run(args) {
		const { positionals } = parseArgs({ args, allowPositionals: true });
		const name = positionals[0] ?? '-';
		const document = parse(read(name), name);
		try {
			console.log(JSON.stringify(analyze(document)));
			return 0;
		} catch (error) {
			if (error instanceof DocumentError) throw new InputError(`cannot analyze ${label(name)}`, error.faults);
			throw error;
		}
	},
};

function read(name: string): string {
	try {
		return readFileSync(name === '-' ? 0 : name, 'utf8');
	} catch (error) {
		throw new InputError(`cannot read ${label(name)}: ${messageOf(error)}`);
	}
}

function parse(text: string, name: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch (error) {
		throw new InputError(`cannot analyze ${label(name)}: it is no JSON: ${messageOf(error)}`);
	}
}

function label(name: string): string {
	return name === '-' ? 'standard input' : name;
}
