import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { IncomingMessage } from 'node:http';
import { readBody } from './request.ts';
import { literal } from './tokens.ts';
import type { Statement } from './statement.ts';

export interface Spool {
	readonly file: string;
	remove(): Promise<void>;
}

/**
 * Writes the data of an INSERT into a file of its own.
 *
 * Never handed to chdb in the query: there, data ends at the first blank line, what follows is executed as SQL, and
 * binary bytes are taken for text. A file has neither fault.
 */
export async function spoolBody(target: {
	readonly request: IncomingMessage;
	readonly inline: string;
	readonly folder: string;
	readonly name: string;
	readonly maxBytes: number;
}): Promise<Spool> {
	const file = path.join(target.folder, target.name);
	const remove = () => rm(file, { force: true });
	const sink = createWriteStream(file, { flags: 'wx', mode: 0o600 });
	try {
		if (target.inline !== '') sink.write(target.inline);
		await readBody(target.request, sink, target.maxBytes);
		return { file, remove };
	} catch (error) {
		sink.destroy();
		await remove();
		throw error;
	}
}

export function insertFromFile(statement: Extract<Statement, { kind: 'insert' }>, file: string): string {
	return `${statement.head} FROM INFILE ${literal(file)} COMPRESSION 'none' ${statement.tail}`;
}
