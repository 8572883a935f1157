import { quote } from '#contracts/stream.ts';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const NO_VALUE = /^(|nan|null|none|n\/a|na)$/i;

/**
 * A value as devices write them into JSON.
 *
 * @returns the number; NaN when it says that there is none; undefined when it is missing; as text why it is no number
 */
export function jsonNumber(found: unknown): number | string | undefined {
	switch (typeof found) {
		case 'number':
			return Number.isFinite(found) ? found : 'the number is beyond what a double can hold';
		case 'boolean':
			return found ? 1 : 0;
		case 'string':
			return textNumber(found);
		case 'undefined':
			return undefined;
		default:
			return found === null ? NaN : `${Array.isArray(found) ? 'a list' : 'an object'} is no number`;
	}
}

/** @returns as `jsonNumber` does */
export function textNumber(raw: string): number | string {
	const text = raw.trim();
	if (NUMBER.test(text)) {
		const v = Number(text);
		return Number.isFinite(v) ? v : 'the number is beyond what a double can hold';
	}
	if (NO_VALUE.test(text)) return NaN;
	if (text === 'true') return 1;
	return text === 'false' ? 0 : `${quote(text)} is no number`;
}
