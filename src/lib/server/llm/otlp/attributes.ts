import { fieldsOf, listOf, textOf, type Fields } from '#lib/llm/field.ts';

/** Attributes by name, as plain values: text, numbers, yes or no, lists of these. */
export type Attributes = ReadonlyMap<string, unknown>;

/** @param wanted others are passed over: what was asked and answered stands in attributes too, and is none of ours */
export function attributesOf(list: unknown, wanted: ReadonlySet<string>): Attributes {
	const found = new Map<string, unknown>();
	for (const item of listOf(list)) {
		const { key, value } = fieldsOf(item);
		if (typeof key === 'string' && wanted.has(key)) found.set(key, plain(fieldsOf(value)));
	}
	return found;
}

/** Whole numbers of 64 bits are text in JSON. */
function plain(value: Fields): unknown {
	if (value.stringValue !== undefined) return textOf(value.stringValue);
	if (value.intValue !== undefined) return numberOf(value.intValue);
	if (value.doubleValue !== undefined) return numberOf(value.doubleValue);
	if (value.boolValue !== undefined) return value.boolValue === true;
	if (value.arrayValue !== undefined)
		return listOf(fieldsOf(value.arrayValue).values).map((one) => plain(fieldsOf(one)));
	return undefined;
}

export function numberOf(value: unknown): number | undefined {
	const number = typeof value === 'string' && value !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The first of several names for one thing: conventions change, and senders follow in their own time. */
export function firstText(attributes: Attributes, names: readonly string[]): string | undefined {
	for (const name of names) {
		const value = attributes.get(name);
		if (typeof value === 'string' && value !== '') return value;
		if (typeof value === 'number') return String(value);
	}
	return undefined;
}

export function firstNumber(attributes: Attributes, names: readonly string[]): number | undefined {
	for (const name of names) {
		const value = numberOf(attributes.get(name));
		if (value !== undefined && value >= 0) return value;
	}
	return undefined;
}

/** @returns microseconds; undefined for none. Exact: nanoseconds since 1970 have more digits than a double */
export function microsOf(nanos: unknown): number | undefined {
	if (typeof nanos === 'number') return Number.isFinite(nanos) && nanos > 0 ? Math.floor(nanos / 1000) : undefined;
	if (typeof nanos !== 'string' || !/^\d{4,20}$/.test(nanos)) return undefined;
	return Number(nanos.slice(0, -3));
}

/** Hex as the specification has it; some exporters send base64. */
export function idOf(value: unknown, bytes: number): string | undefined {
	const text = textOf(value);
	if (new RegExp(`^[\\da-f]{${bytes * 2}}$`, 'i').test(text)) return text.toLowerCase();
	const decoded = Buffer.from(text, 'base64');
	return decoded.length === bytes ? decoded.toString('hex') : undefined;
}
