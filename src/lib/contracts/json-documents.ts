import { isUtf8 } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InputError, messageOf, type InputFault } from './error.ts';

/** A document of a body, or why there is none at this place. */
export type Found =
	| {
			readonly item: unknown;
			readonly at: (field: string) => InputFault['path'];
			readonly prefix: (field: string) => string;
	  }
	| { readonly fault: InputFault };

const ROWS_PER_TURN = 1000;
const NEWLINE = 10;

/**
 * One JSON document, an array of them, or one a line (NDJSON). Lets others have their turn: a large body delays nobody for long.
 *
 * @throws InputError when it cannot be read at all
 */
export async function* documentsOf(body: Uint8Array, contentType: string): AsyncGenerator<Found> {
	const first = body.subarray(skipMark(body)).find((byte) => byte > 0x20);
	const saysLines = /ndjson|jsonl|json-lines/i.test(contentType);
	if (!saysLines && first === 0x5b) return yield* items(body);
	const saysJson = /^application\/json\b/i.test(contentType);
	if (!saysLines && saysJson && first === 0x7b && !hasLines(body)) return yield one(body);
	yield* lines(body);
}

/** Many send NDJSON as application/json: what is a document by its first line alone is lines. */
function hasLines(body: Uint8Array): boolean {
	const at = body.indexOf(NEWLINE);
	return at >= 0 && !(parseJson(textOf(body.subarray(skipMark(body), at))) instanceof SyntaxError);
}

async function* items(body: Uint8Array): AsyncGenerator<Found> {
	const all = wholeOf(body) as unknown[];
	for (let i = 0; i < all.length; i++) {
		if (i % ROWS_PER_TURN === ROWS_PER_TURN - 1) await nextTurn();
		yield { item: all[i], at: (field) => `$[${i}]${field}`, prefix: () => '' };
	}
}

function one(body: Uint8Array): Found {
	return { item: wholeOf(body), at: (field) => `$${field}`, prefix: () => '' };
}

function wholeOf(body: Uint8Array): unknown {
	const bytes = body.subarray(skipMark(body));
	if (!isUtf8(bytes)) throw new InputError('cannot read the body: it is not UTF-8');
	const value = parseJson(textOf(bytes));
	if (value instanceof SyntaxError) throw new InputError('cannot read the body', [malformed('$', value)]);
	return value;
}

async function* lines(body: Uint8Array): AsyncGenerator<Found> {
	for (let at = skipMark(body), line = 1; at < body.length; line++) {
		if (line % ROWS_PER_TURN === 0) await nextTurn();
		const newline = body.indexOf(NEWLINE, at);
		const end = newline < 0 ? body.length : newline;
		const found = lineOf(body.subarray(at, end), `line ${line}`);
		if (found) yield found;
		at = end + 1;
	}
}

function lineOf(bytes: Uint8Array, path: string): Found | undefined {
	if (!isUtf8(bytes)) return { fault: { path, message: 'is not UTF-8' } };
	const text = textOf(bytes);
	if (text.trim() === '') return undefined;
	const item = parseJson(text);
	if (item instanceof SyntaxError) return { fault: malformed(path, item) };
	return { item, at: () => path, prefix: (field) => (field === '' ? '' : `$${field}: `) };
}

function textOf(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function skipMark(body: Uint8Array): number {
	return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
}

/** Anything that is JSON; a SyntaxError is a value here, since one bad line is no reason to stop. */
function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch (error) {
		return error instanceof SyntaxError ? error : new SyntaxError(messageOf(error));
	}
}

function malformed(path: string, error: SyntaxError): InputFault {
	return { path, message: `malformed JSON: ${error.message}` };
}
