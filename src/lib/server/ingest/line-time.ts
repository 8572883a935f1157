import { BYTE, type Cursor, isLineEnd, shown, skipSpaces } from './line-cursor.ts';
import type { Precision } from './port.ts';

/** Nobody's clock has more, and nanoseconds until the year 2262 have 19. */
const MAX_DIGITS = 19;
const MICROS_PER: Readonly<Record<Exclude<Precision, 'ns'>, number>> = { us: 1, ms: 1000, s: 1_000_000 };

/**
 * The rest of a line: an optional time and the line's end.
 *
 * @returns µs (of nanoseconds the last three digits are cut), undefined when there is no time or `cursor.fault` is set
 */
export function readTime(cursor: Cursor, precision: Precision): number | undefined {
	skipSpaces(cursor);
	const { bytes } = cursor;
	const from = cursor.at;
	if (isLineEnd(bytes[from])) return undefined;
	const isNegative = bytes[from] === BYTE.minus;
	const first = isNegative ? from + 1 : from;
	let end = first;
	while (bytes[end]! >= BYTE.zero && bytes[end]! <= BYTE.nine) end++;
	cursor.at = end;
	skipSpaces(cursor);
	if (end === first || end - first > MAX_DIGITS || !isLineEnd(bytes[cursor.at])) {
		cursor.fault = `${shown(cursor, from)} is no time in ${precision}: integer digits`;
		return undefined;
	}
	const micros = precision === 'ns' ? digits(bytes, first, end - 3) : digits(bytes, first, end) * MICROS_PER[precision];
	return isNegative ? -micros : micros;
}

function digits(bytes: Uint8Array, from: number, end: number): number {
	let value = 0;
	for (let at = from; at < end; at++) value = value * 10 + (bytes[at]! - BYTE.zero);
	return value;
}
