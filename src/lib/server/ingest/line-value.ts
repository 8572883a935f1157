import { BYTE, type Cursor, isLineEnd, shown } from './line-cursor.ts';

/** Powers that a double has exactly, so one multiplication or division rounds rightly (Clinger 1990, "fast path"). */
const EXACT_POWERS = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const EXACT_DIGITS = 15;

const I = 0x69;
const U = 0x75;

/**
 * The value of a field: a number or boolean is in `cursor.value` afterwards, and the cursor stands behind it.
 *
 * @returns false when it is text, which is no value here, or `cursor.fault` is set
 */
export function readValue(cursor: Cursor): boolean {
	const first = cursor.bytes[cursor.at];
	if (first === BYTE.quote) {
		skipText(cursor);
		return false;
	}
	cursor.value = isNumberStart(first) ? readNumber(cursor) : readWord(cursor);
	if (cursor.fault === undefined && !isValueEnd(cursor.bytes[cursor.at]))
		fail(cursor, `${shown(cursor, cursor.keyEnd + 1)} is no number, boolean or quoted string`);
	return cursor.fault === undefined;
}

function isNumberStart(byte: number | undefined): boolean {
	if (byte === undefined) return false;
	return isDigit(byte) || byte === BYTE.minus || byte === BYTE.plus || byte === BYTE.dot;
}

function isDigit(byte: number | undefined): boolean {
	return byte !== undefined && byte >= BYTE.zero && byte <= BYTE.nine;
}

function isValueEnd(byte: number | undefined): boolean {
	return byte === BYTE.comma || byte === BYTE.space || isLineEnd(byte);
}

function fail(cursor: Cursor, message: string): number {
	cursor.fault = message;
	return NaN;
}

function skipText(cursor: Cursor): void {
	const { bytes } = cursor;
	const from = cursor.at;
	for (let at = from + 1; at < bytes.length; at++) {
		if (bytes[at] === BYTE.quote) {
			cursor.at = at + 1;
			if (!isValueEnd(bytes[at + 1])) fail(cursor, `${shown(cursor, from)}: a quoted string ends with its quote`);
			return;
		}
		if (bytes[at] === BYTE.backslash && (bytes[at + 1] === BYTE.quote || bytes[at + 1] === BYTE.backslash)) at++;
	}
	fail(cursor, `${shown(cursor, from)}: the quote is never closed`);
}

/** `[+-] digits [. digits] [e [+-] digits]`, or an integer with `i` or `u` behind it. */
function readNumber(cursor: Cursor): number {
	const { bytes } = cursor;
	const from = cursor.at;
	const isNegative = bytes[from] === BYTE.minus;
	let at = isNegative || bytes[from] === BYTE.plus ? from + 1 : from;
	let mantissa = 0;
	let digits = 0;
	let significant = 0;
	let scale = 0;
	for (let hasPoint = false; ; at++) {
		const byte = bytes[at]!;
		if (isDigit(byte)) {
			mantissa = mantissa * 10 + (byte - BYTE.zero);
			if (mantissa > 0) significant++;
			digits++;
			if (hasPoint) scale--;
		} else if (byte === BYTE.dot && !hasPoint) {
			hasPoint = true;
		} else {
			if (!hasPoint && (byte === I || byte === U)) return integer(cursor, { from, at, isNegative, mantissa, digits });
			break;
		}
	}
	cursor.at = at;
	if (digits === 0) return fail(cursor, `${shown(cursor, from)} is no number`);
	if ((bytes[at]! | 0x20) === 0x65) return fromText(cursor, { from, end: exponentEnd(bytes, at) });
	if (significant > EXACT_DIGITS || scale < -22) return fromText(cursor, { from, end: at });
	const value = scale === 0 ? mantissa : mantissa / EXACT_POWERS[-scale]!;
	return isNegative ? -value : value;
}

/** @returns the first byte behind `e[+-]digits`; `at` itself when that is not what stands there */
function exponentEnd(bytes: Uint8Array, at: number): number {
	let end = at + 1;
	if (bytes[end] === BYTE.minus || bytes[end] === BYTE.plus) end++;
	if (!isDigit(bytes[end])) return at;
	while (isDigit(bytes[end])) end++;
	return end;
}

/** The slow way, for many digits and for exponents: rounds as JavaScript does. */
function fromText(cursor: Cursor, { from, end }: { readonly from: number; readonly end: number }): number {
	cursor.at = end;
	const value = Number(String.fromCharCode(...cursor.bytes.subarray(from, Math.min(end, from + 800))));
	return Number.isFinite(value) ? value : fail(cursor, `${shown(cursor, from)} is too large: a value is finite`);
}

function integer(
	cursor: Cursor,
	number: {
		readonly from: number;
		readonly at: number;
		readonly isNegative: boolean;
		readonly mantissa: number;
		readonly digits: number;
	},
): number {
	const { from, at, isNegative, mantissa, digits } = number;
	if (digits === 0) return fail(cursor, `${shown(cursor, from)} is no number`);
	if (isNegative && cursor.bytes[at] === U) return fail(cursor, `${shown(cursor, from)}: unsigned and negative`);
	cursor.at = at + 1;
	if (digits <= EXACT_DIGITS) return isNegative ? -mantissa : mantissa;
	const value = fromText(cursor, { from, end: at });
	cursor.at = at + 1;
	return value;
}

const WORDS: ReadonlyMap<string, number> = new Map([
	...['t', 'T', 'true', 'True', 'TRUE'].map((word) => [word, 1] as const),
	...['f', 'F', 'false', 'False', 'FALSE'].map((word) => [word, 0] as const),
]);

function readWord(cursor: Cursor): number {
	const { bytes } = cursor;
	const from = cursor.at;
	let end = from;
	while (end - from < 9 && !isValueEnd(bytes[end])) end++;
	const word = String.fromCharCode(...bytes.subarray(from, end));
	const value = WORDS.get(word);
	cursor.at = end;
	if (value !== undefined) return value;
	if (end === from) return fail(cursor, 'a field has no value');
	if (/^(nan|[+-]?inf(inity)?)$/i.test(word)) return fail(cursor, `${word} is no value: a point has a finite one`);
	return fail(cursor, `${shown(cursor, from)} is no number, boolean or quoted string`);
}
