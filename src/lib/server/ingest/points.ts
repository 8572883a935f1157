import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isUtf8 } from 'node:buffer';
import { InputError, messageOf } from '#contracts/error.ts';
import { type Batch, countRefused, createBatch, isFull, refuse } from './batch.ts';
import { type AcceptParts, accept } from './accept.ts';
import { type Place, readPoint } from './point.ts';
import type { Ingest, IngestAnswer } from './port.ts';

type PointsRequest = Parameters<Ingest['points']>[0];

/** Lines or items between two turns of the event loop, so that a large body delays nobody for long. */
const ROWS_PER_TURN = 4096;
const NEWLINE = 10;

/** `POST /api/v1/points`: ndjson or one JSON array. See ./port.ts. */
export async function acceptPoints(
	parts: AcceptParts & { readonly now: () => number },
	request: PointsRequest,
): Promise<IngestAnswer> {
	const { body, principal } = request;
	const nowMicros = parts.now();
	const batch = createBatch();
	parts.metrics.bytes.inc({ via: 'points' }, body.length);
	const read = (item: unknown, place: Place) =>
		readPoint({ batch, registry: parts.registry, site: principal.writeSite, nowMicros }, item, place);
	if (isArray(body, request.contentType)) await readArray(batch, body, read);
	else await readLines(batch, body, read);
	if (batch.rows.count === 0 && batch.faults.length === 0) throw new InputError('there are no points in the body');
	return accept(parts, {
		batch,
		via: 'points',
		principal,
		receivedMicros: nowMicros,
		historical: request.historical ?? false,
		...(request.idempotencyKey === undefined ? {} : { recordKey: { key: recordKey(request) } }),
	});
}

/** A key means the same request only when the same sender repeats it. */
function recordKey({ principal, idempotencyKey }: PointsRequest): string {
	const scope = JSON.stringify([principal.kind, principal.name, principal.writeSite, idempotencyKey]);
	return `points:${createHash('sha256').update(scope).digest('hex')}`;
}

/** By what it says it is, else by its first character: people forget the content type. */
function isArray(body: Uint8Array, contentType: string): boolean {
	if (/ndjson|jsonl|json-lines/i.test(contentType)) return false;
	const first = body.subarray(skipMark(body)).find((byte) => byte > 0x20);
	return first === 0x5b;
}

async function readArray(batch: Batch, body: Uint8Array, read: (item: unknown, place: Place) => void): Promise<void> {
	if (!isUtf8(body)) throw new InputError('cannot read the body: it is not UTF-8');
	const items = parseJson(textOf(body.subarray(skipMark(body))));
	if (items instanceof SyntaxError) throw new InputError('cannot read the body', [fault('$', items)]);
	if (!Array.isArray(items)) throw new InputError('cannot read the body: it is no array');
	for (let i = 0; i < items.length; i++) {
		if (i % ROWS_PER_TURN === ROWS_PER_TURN - 1) await nextTurn();
		read(items[i], { row: `$[${i}]`, of: (field) => ({ path: `$[${i}]${field}`, prefix: '' }) });
	}
}

async function readLines(batch: Batch, body: Uint8Array, read: (item: unknown, place: Place) => void): Promise<void> {
	for (let at = skipMark(body), line = 1; at < body.length; line++) {
		if (line % ROWS_PER_TURN === 0) await nextTurn();
		const newline = body.indexOf(NEWLINE, at);
		const end = newline < 0 ? body.length : newline;
		readLine(batch, body.subarray(at, end), { line, read });
		at = end + 1;
	}
}

function readLine(
	batch: Batch,
	bytes: Uint8Array,
	{ line, read }: { readonly line: number; readonly read: (item: unknown, place: Place) => void },
): void {
	// An error with its stack takes longer to make than a point to read.
	if (isFull(batch) && !isObject(bytes)) return isBlank(bytes) ? undefined : countRefused(batch, 'malformed');
	const path = `line ${line}`;
	if (!isUtf8(bytes)) return refuse(batch, 'malformed', { path, message: 'is not UTF-8' });
	const text = textOf(bytes);
	if (text.trim() === '') return;
	const item = parseJson(text);
	if (item instanceof SyntaxError) return refuse(batch, 'malformed', fault(path, item));
	read(item, { row: path, of: (field) => ({ path, prefix: `$${field}: ` }) });
}

const OPENING = 0x7b;
const CLOSING = 0x7d;

/** Begins and ends like one; what is in between is for the parser to say. */
function isObject(bytes: Uint8Array): boolean {
	let end = bytes.length - 1;
	while (end >= 0 && bytes[end]! <= 0x20) end--;
	return bytes.find((byte) => byte > 0x20) === OPENING && bytes[end] === CLOSING;
}

function isBlank(bytes: Uint8Array): boolean {
	return bytes.every((byte) => byte <= 0x20);
}

function textOf(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function skipMark(body: Uint8Array): number {
	return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
}

/** Anything that is JSON; a SyntaxError is a value here, since one bad line is no reason to stop. */
function parseJson(text: string): unknown {
	const { stackTraceLimit } = Error;
	// Nobody reads the stack, and a body may have millions of bad lines.
	Error.stackTraceLimit = 0;
	try {
		return JSON.parse(text);
	} catch (error) {
		return error instanceof SyntaxError ? error : new SyntaxError(messageOf(error));
	} finally {
		Error.stackTraceLimit = stackTraceLimit;
	}
}

function fault(path: string, error: SyntaxError): { path: string; message: string } {
	const hint = /token '?[NI]|\bNaN\b|Infinity/.test(error.message) ? ' (JSON has no NaN and no Infinity)' : '';
	return { path, message: `malformed JSON: ${error.message}${hint}` };
}
