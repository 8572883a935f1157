/** Bytes that line protocol gives a meaning. */
export const BYTE = {
	tab: 9,
	newline: 10,
	carriageReturn: 13,
	space: 32,
	quote: 34,
	hash: 35,
	plus: 43,
	comma: 44,
	minus: 45,
	dot: 46,
	zero: 48,
	nine: 57,
	equals: 61,
	backslash: 92,
} as const;

/**
 * Where a reader of line protocol stands. One object for a whole body: hot loops read and write its numbers, and no
 * point costs an allocation.
 */
export interface Cursor {
	readonly bytes: Uint8Array;
	at: number;
	/** Measurement and tags of this line, as written. */
	seriesFrom: number;
	seriesEnd: number;
	seriesHash: number;
	/** Key of this field, as written. */
	keyFrom: number;
	keyEnd: number;
	/** Of series and field key. */
	hash: number;
	/** What was read last. Not handed back: a double that leaves a function is an object for each point. */
	value: number;
	/** Time of the line in µs. */
	micros: number;
	/** Why the line cannot be read; undefined while it can. */
	fault: string | undefined;
	/** Faults are listed no more, so none has to be put into words. */
	isTerse: boolean;
}

export function createCursor(bytes: Uint8Array): Cursor {
	return {
		bytes,
		at: 0,
		seriesFrom: 0,
		seriesEnd: 0,
		seriesHash: 0,
		keyFrom: 0,
		keyEnd: 0,
		hash: 0,
		value: NaN,
		micros: NaN,
		fault: undefined,
		isTerse: false,
	};
}

/** FNV-1a, one byte. */
export function mix(hash: number, byte: number): number {
	return Math.imul(hash ^ byte, 0x0100_0193);
}

const FNV_START = 0x811c_9dc5 | 0;

/** A backslash takes the meaning of these three only, and of nothing else (so `\\ ` is a backslash and an escaped space). */
function isEscapable(byte: number | undefined): boolean {
	return byte === BYTE.comma || byte === BYTE.space || byte === BYTE.equals;
}

export function isLineEnd(byte: number | undefined): boolean {
	return byte === undefined || byte === BYTE.newline || byte === BYTE.carriageReturn;
}

/** Measurement and tags: to the first space that is not escaped. */
export function scanSeries(cursor: Cursor): void {
	const { bytes } = cursor;
	let at = cursor.at;
	let hash = FNV_START;
	cursor.seriesFrom = at;
	for (; at < bytes.length; at++) {
		const byte = bytes[at]!;
		if (byte === BYTE.space || byte === BYTE.newline) break;
		hash = mix(hash, byte);
		if (byte === BYTE.backslash && isEscapable(bytes[at + 1])) hash = mix(hash, bytes[++at]!);
	}
	cursor.seriesEnd = at;
	cursor.seriesHash = hash;
	cursor.at = at;
	if (bytes[at] !== BYTE.space)
		cursor.fault = 'there are no fields: a line is measurement[,tag=value] field=value [time]';
}

/** A field's key, to the `=` that is not escaped; the cursor stands behind it afterwards. */
export function scanFieldKey(cursor: Cursor): void {
	const { bytes } = cursor;
	let at = cursor.at;
	let hash = mix(cursor.seriesHash, BYTE.space);
	cursor.keyFrom = at;
	for (; at < bytes.length; at++) {
		const byte = bytes[at]!;
		if (byte === BYTE.equals) break;
		if (byte === BYTE.space || byte === BYTE.comma || byte === BYTE.newline) break;
		hash = mix(hash, byte);
		if (byte === BYTE.backslash && isEscapable(bytes[at + 1])) hash = mix(hash, bytes[++at]!);
	}
	cursor.keyEnd = at;
	cursor.hash = hash;
	cursor.at = at + 1;
	if (bytes[at] !== BYTE.equals) cursor.fault = 'a field has no "="';
	else if (at === cursor.keyFrom) cursor.fault = 'a field has no name';
}

export function skipSpaces(cursor: Cursor): void {
	while (cursor.bytes[cursor.at] === BYTE.space) cursor.at++;
}

/** @returns bytes as text for an error, cut to what a line can carry */
export function shown(cursor: Cursor, from: number): string {
	const { bytes, isTerse } = cursor;
	if (isTerse) return '';
	let end = from;
	while (end < bytes.length && end - from < 40 && !isLineEnd(bytes[end])) end++;
	return JSON.stringify(new TextDecoder().decode(bytes.subarray(from, end)));
}
