import { BYTE, type Cursor, isLineEnd, shown, skipSpaces } from './line-cursor.ts';
import type { Precision } from './port.ts';

/** Nobody's clock has more, and nanoseconds until the year 2262 have 19. */
const MAX_DIGITS = 19;
const MICROS_PER: Readonly<Record<Exclude<Precision, 'ns'>, number>> = { us: 1, ms: 1000, s: 1_000_000 };

/**
 * The rest of a line: an optional time and the line's end. The time is in `cursor.micros` afterwards (of nanoseconds the
 * last three digits are cut).
 *
 * @returns false when there is no time or `cursor.fault` is set
 */
export function readTime(cursor: Cursor, precision: Precision): boolean {
	skipSpaces(cursor);
	const { bytes } = cursor;
	const from = cursor.at;
	if (isLineEnd(bytes[from])) return false;
	const isNegative = bytes[from] === BYTE.minus;
	const first = isNegative ? from + 1 : from;
	let end = first;
	while (bytes[end]! >= BYTE.zero && bytes[end]! <= BYTE.nine) end++;
	cursor.at = end;
	skipSpaces(cursor);
	if (end === first || end - first > MAX_DIGITS || !isLineEnd(bytes[cursor.at])) {
		cursor.fault = `${shown(cursor, from)} is no time in ${precision}: integer digits`;
		return false;
	}
	const micros = precision === 'ns' ? digits(bytes, first, end - 3) : digits(bytes, first, end) * MICROS_PER[precision];
	cursor.micros = isNegative ? -micros : micros;
	return true;
}

/** By nine digits at a time, as whole numbers of 32 bits: a sum of doubles waits three times as long for each digit. */
function digits(bytes: Uint8Array, from: number, end: number): number {
	let value = 0;
	for (let at = from; at < end;) {
		const stop = Math.min(end, at + 9);
		let part = 0;
		let scale = 1;
		for (; at < stop; at++) {
			part = (Math.imul(part, 10) + (bytes[at]! - BYTE.zero)) | 0;
			scale = Math.imul(scale, 10);
		}
		value = value * scale + part;
	}
	return value;
}
