import { QUALITY } from '#contracts/point.ts';
import { timeFault } from '#contracts/time.ts';
import { type Batch, countRefused, isFull, refuse, wantStream } from './batch.ts';
import { BYTE, createCursor, scanFieldKey, scanSeries, shown, skipSpaces } from './line-cursor.ts';
import { type LineName, readName } from './line-name.ts';
import { readTime } from './line-time.ts';
import { readValue } from './line-value.ts';
import type { RefusalReason } from './metrics.ts';
import type { Precision } from './port.ts';
import type { StreamRegistry } from './registry.ts';
import { pushRow } from './rows.ts';
import type { SeriesCache } from './series-cache.ts';

export interface LineContext {
	readonly batch: Batch;
	readonly registry: Pick<StreamRegistry, 'find'>;
	readonly cache: SeriesCache;
	readonly site: string;
	readonly precision: Precision;
	readonly nowMicros: number;
	/** A line without a time is refused, where it would mean now. */
	readonly needsTime?: boolean;
}

export interface LineReader {
	/** Reads lines until about so many bytes are done. @returns false at the end of the body */
	read(bytes: number): boolean;
}

/**
 * Line protocol, byte by byte, into the rows of a batch. A line is taken whole or refused whole. After a bad one
 * reading goes on at the next line feed, also when a quote that was never closed reaches further: the lines that it
 * would swallow are read for themselves.
 */
export function createLineReader(bytes: Uint8Array, context: LineContext): LineReader {
	const { batch, cache, registry, precision, nowMicros } = context;
	const cursor = createCursor(bytes);
	const fields = createFields();
	const lineAt = createLineCounter(bytes);

	function readLine(): void {
		const from = cursor.at;
		cursor.fault = undefined;
		readFields();
		const hasTime = cursor.fault === undefined && readTime(cursor, precision);
		if (cursor.fault === undefined) readLineEnd();
		if (cursor.fault !== undefined) return refuseLine('malformed', from, cursor.fault);
		if (!hasTime && !takeNow(from)) return;
		const outside = hasTime ? timeFault(cursor.micros, nowMicros) : undefined;
		if (outside !== undefined) return refuseTime(from, outside);
		const nameFault = fields.hasUnknown ? nameFields(from) : undefined;
		if (nameFault !== undefined) return refuseLine('stream', from, nameFault);
		for (let i = 0; i < fields.count; i++)
			pushRow(batch.rows, fields.streams[i]!, cursor.micros, fields.values[i]!, QUALITY.good);
		batch.skipped += fields.skipped;
		if (!hasTime) batch.stamped = true;
	}

	/** @returns false when the line is refused for it */
	function takeNow(from: number): boolean {
		cursor.micros = nowMicros;
		if (context.needsTime === true) refuseLine('time', from, 'there is no time: history has one in every line');
		return context.needsTime !== true;
	}

	function refuseTime(from: number, fault: string): void {
		batch.refusedMicros = Math.max(batch.refusedMicros, cursor.micros);
		refuseLine('time', from, `${fault} (read as ${precision}; precision=ns, us, ms or s names another)`);
	}

	function readFields(): void {
		resetFields(fields);
		let id = cache.guessFirst(cursor);
		if (id === 0) {
			scanSeries(cursor);
			skipSpaces(cursor);
		}
		while (cursor.fault === undefined) {
			if (id === 0) scanFieldKey(cursor);
			if (cursor.fault !== undefined) return;
			if (readValue(cursor)) addField(id === 0 ? cache.find(cursor) : id);
			else fields.skipped++;
			if (bytes[cursor.at] !== BYTE.comma) return;
			cursor.at++;
			id = cache.guessNext(cursor);
		}
	}

	function addField(id: number): void {
		if (fields.count === fields.values.length) growFields(fields);
		if (id === 0) {
			fields.hasUnknown = true;
			fields.keyFrom[fields.count] = cursor.keyFrom;
			fields.keyEnd[fields.count] = cursor.keyEnd;
			fields.hashes[fields.count] = cursor.hash;
		}
		fields.streams[fields.count] = id;
		fields.values[fields.count] = cursor.value;
		fields.count++;
	}

	function readLineEnd(): void {
		if (bytes[cursor.at] === BYTE.carriageReturn) cursor.at++;
		const end = bytes[cursor.at];
		if (end === undefined || end === BYTE.newline) cursor.at++;
		else cursor.fault = `${shown(cursor, cursor.at)} stands behind a carriage return`;
	}

	/** Streams of the fields that the cache does not know. @returns why one cannot be named; then none is made */
	function nameFields(lineFrom: number): string | undefined {
		const wanted: { readonly field: number; readonly name: LineName }[] = [];
		const end = cursor.at;
		for (let i = 0; i < fields.count; i++) {
			if (fields.streams[i] !== 0) continue;
			cursor.keyFrom = fields.keyFrom[i]!;
			cursor.keyEnd = fields.keyEnd[i]!;
			cursor.hash = fields.hashes[i]!;
			const name = readName(cursor);
			if (typeof name === 'string') return name;
			const known = registry.find(context.site, name.key, name.labels);
			if (known === undefined) wanted.push({ field: i, name });
			else cache.put(cursor, (fields.streams[i] = known.id));
		}
		cursor.at = end;
		for (const { field, name } of wanted)
			fields.streams[field] = wantStream(
				batch,
				{ site: context.site, ...name, kind: 'machine', unit: '' },
				`line ${lineAt(lineFrom)}`,
			);
		return undefined;
	}

	function refuseLine(reason: RefusalReason, from: number, message: string): void {
		if (cursor.isTerse) countRefused(batch, reason);
		else refuse(batch, reason, { path: `line ${lineAt(from)}`, message });
		cursor.isTerse = isFull(batch);
		cursor.at = from;
		skipLine();
	}

	function skipLine(): void {
		const newline = bytes.indexOf(BYTE.newline, cursor.at);
		cursor.at = newline < 0 ? bytes.length : newline + 1;
	}

	return {
		read(budget) {
			const end = Math.min(bytes.length, cursor.at + budget);
			while (cursor.at < end) {
				skipSpaces(cursor);
				const first = bytes[cursor.at];
				if (first === BYTE.hash) skipLine();
				else if (first === BYTE.newline || first === BYTE.carriageReturn) cursor.at++;
				else if (first !== undefined) readLine();
			}
			return cursor.at < bytes.length;
		},
	};
}

/** The fields of one line, kept until the line is known to be good. Arrays live as long as the reader. */
interface Fields {
	count: number;
	/** String fields. */
	skipped: number;
	hasUnknown: boolean;
	values: Float64Array;
	/** 0 while unknown; the other arrays are set for those only. */
	streams: Float64Array;
	keyFrom: Float64Array;
	keyEnd: Float64Array;
	hashes: Float64Array;
}

function createFields(): Fields {
	const column = () => new Float64Array(16);
	return {
		count: 0,
		skipped: 0,
		hasUnknown: false,
		values: column(),
		streams: column(),
		keyFrom: column(),
		keyEnd: column(),
		hashes: column(),
	};
}

function resetFields(fields: Fields): void {
	fields.count = 0;
	fields.skipped = 0;
	fields.hasUnknown = false;
}

function growFields(fields: Fields): void {
	for (const name of ['values', 'streams', 'keyFrom', 'keyEnd', 'hashes'] as const) {
		const larger = new Float64Array(fields[name].length * 2);
		larger.set(fields[name]);
		fields[name] = larger;
	}
}

/** @returns a function from a byte's offset to the number of its line, from 1; offsets must not go back */
function createLineCounter(bytes: Uint8Array): (offset: number) => number {
	let line = 1;
	let counted = 0;
	return (offset) => {
		for (; counted < offset; counted++) if (bytes[counted] === BYTE.newline) line++;
		return line;
	};
}
