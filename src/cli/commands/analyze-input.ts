import { createReadStream, statSync } from 'node:fs';
import { InputError, messageOf } from '#contracts/error.ts';

/** Where a progress bar may be drawn: a terminal. */
export interface Terminal {
	readonly columns?: number;
	write(text: string): unknown;
}

/** Nobody wants a bar for what is read at once. */
const SHOW_FROM_BYTES = 8 * 2 ** 20;
const BAR_WIDTH = 30;
const MEBIBYTE = 2 ** 20;

/**
 * The text of a file or of standard input (`-`), piece by piece, with a progress bar for what is long.
 *
 * @throws InputError when it cannot be read
 */
export async function* openInput(
	name: string,
	{ progress }: { progress?: Terminal | undefined },
): AsyncGenerator<string, void, undefined> {
	const source = name === '-' ? process.stdin : createReadStream(name);
	source.setEncoding('utf8');
	const bar = createBar(progress, name === '-' ? undefined : sizeOf(name));
	try {
		for await (const chunk of source as AsyncIterable<string>) {
			bar.add(Buffer.byteLength(chunk));
			yield chunk;
		}
	} catch (error) {
		throw new InputError(`cannot read ${name === '-' ? 'standard input' : name}: ${messageOf(error)}`);
	} finally {
		bar.clear();
	}
}

function sizeOf(name: string): number | undefined {
	return statSync(name, { throwIfNoEntry: false })?.size;
}

function createBar(terminal: Terminal | undefined, total: number | undefined) {
	let bytes = 0;
	let drawn = '';
	return {
		add(count: number) {
			bytes += count;
			if (terminal === undefined || (total ?? bytes) < SHOW_FROM_BYTES) return;
			const text = textOf(bytes, total);
			if (text === drawn) return;
			terminal.write(`\r${text}`);
			drawn = text;
		},
		clear() {
			if (drawn !== '') terminal?.write(`\r${' '.repeat(drawn.length)}\r`);
		},
	};
}

function textOf(bytes: number, total: number | undefined): string {
	if (total === undefined) return `reading ${Math.floor(bytes / MEBIBYTE)} MiB`;
	const share = Math.min(1, bytes / total);
	const full = Math.round(share * BAR_WIDTH);
	return `reading [${'#'.repeat(full)}${' '.repeat(BAR_WIDTH - full)}] ${Math.floor(share * 100)} %`;
}
