import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Answer } from '#rules';

/** Entries of a column that are turned into text at once. */
const PIECE = 100_000;

/** Writes an answer as one line of JSON in pieces: columns of millions are longer than a string may be. */
export async function writeJson(answer: Answer, to: Writable): Promise<void> {
	for (const piece of piecesOf(answer)) if (!to.write(piece)) await once(to, 'drain');
	to.write('\n');
}

function* piecesOf(value: unknown): Generator<string> {
	if (Array.isArray(value) && value.length > PIECE) yield* listPieces(value);
	else if (isObject(value)) yield* objectPieces(value);
	else yield JSON.stringify(value);
}

function* listPieces(list: readonly unknown[]): Generator<string> {
	for (let from = 0; from < list.length; from += PIECE) {
		const text = JSON.stringify(list.slice(from, from + PIECE));
		yield (from === 0 ? '[' : ',') + text.slice(1, -1);
	}
	yield ']';
}

function* objectPieces(object: Readonly<Record<string, unknown>>): Generator<string> {
	let before = '{';
	for (const [name, value] of Object.entries(object)) {
		if (value === undefined) continue;
		yield `${before}${JSON.stringify(name)}:`;
		yield* piecesOf(value);
		before = ',';
	}
	yield before === '{' ? '{}' : '}';
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
