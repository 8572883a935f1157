import type { InputFault } from './error.ts';
import { SEVERITIES, severityOf, type LogLine, type Severity } from './log-line.ts';
import { quote } from './stream.ts';
import { nearest } from './suggest.ts';
import { parseTime, timeFault } from './time.ts';

export const MAX_TEXT_CHARS = 65_536;
const MAX_SOURCE_CHARS = 200;
const MAX_ATTRIBUTES = 50;
const MAX_NAME_CHARS = 100;
const MAX_VALUE_CHARS = 4000;
const FIELDS = ['t', 'source', 'severity', 'text', 'attributes'];

/** A field of a line that cannot be taken; `field` begins with a dot, or is empty for the line as a whole. */
export interface LineFault extends InputFault {
	readonly path: `.${string}` | '';
}

/** A line without a time happened when it came. */
export type ReadLine = { readonly line: LogLine; readonly stamped: boolean } | { readonly fault: LineFault };

/** `{t, source, severity, text, attributes}` of a JSON document: all but the text may be left out or null. */
export function readLine(item: unknown, nowMicros: number): ReadLine {
	if (typeof item !== 'object' || item === null || Array.isArray(item))
		return fault('', `is ${describe(item)}, not a line: write {"text": "…"}`);
	const given = item as Readonly<Record<string, unknown>>;
	for (const name in given) if (!FIELDS.includes(name)) return fault(`.${name.slice(0, 60)}`, unknownField(name));
	const t = timeOf(given.t, nowMicros);
	if (typeof t !== 'number') return fault('.t', t.message);
	const text = textFault(given.text);
	if (text !== undefined) return fault('.text', text);
	const source = sourceFault(given.source);
	if (source !== undefined) return fault('.source', source);
	const severity = severityIn(given.severity);
	if (typeof severity === 'object' && severity !== null) return fault('.severity', severity.message);
	const attributes = attributesOf(given.attributes);
	if ('fault' in attributes) return attributes;
	return {
		stamped: given.t === undefined || given.t === null,
		line: {
			tMicros: t,
			source: wordOf(given.source),
			severity,
			text: (given.text as string).toWellFormed(),
			attributes: attributes.of,
		},
	};
}

function fault(path: LineFault['path'], message: string): { readonly fault: LineFault } {
	return { fault: { path, message } };
}

function unknownField(name: string): string {
	const meant = nearest(name, FIELDS);
	const hint = meant === undefined ? 'more belongs into attributes' : `did you mean ${meant}?`;
	return `unknown field; a line has ${FIELDS.join(', ')}: ${hint}`;
}

function timeOf(t: unknown, nowMicros: number): number | { readonly message: string } {
	if (t === undefined || t === null) return nowMicros;
	const micros = parseTime(t);
	if (micros === undefined)
		return { message: `${describe(t)} is no time: write RFC 3339 like "2026-01-31T12:00:00Z" or integer microseconds` };
	const outside = timeFault(micros, nowMicros);
	return outside === undefined ? micros : { message: outside };
}

function textFault(text: unknown): string | undefined {
	if (typeof text !== 'string') return `must be a string, not ${describe(text)}`;
	if (text.trim() === '') return 'is empty';
	if (text.length > MAX_TEXT_CHARS) return `has ${text.length} characters; ${MAX_TEXT_CHARS} are allowed`;
	return undefined;
}

function sourceFault(source: unknown): string | undefined {
	if (source === undefined || source === null) return undefined;
	if (typeof source !== 'string') return `must be a string, not ${describe(source)}`;
	return source.length > MAX_SOURCE_CHARS ? `is longer than ${MAX_SOURCE_CHARS} characters` : undefined;
}

function wordOf(value: unknown): string | null {
	return typeof value === 'string' && value !== '' ? value.toWellFormed() : null;
}

/** An empty one says nothing. */
export function severityIn(value: unknown): Severity | null | { readonly message: string } {
	if (value === undefined || value === null || value === '') return null;
	const known = typeof value === 'string' ? severityOf(value) : undefined;
	return known ?? { message: `${describe(value)} is none of ${SEVERITIES.join(', ')}, nor a usual name of one` };
}

function attributesOf(
	value: unknown,
): { readonly of: Readonly<Record<string, string>> } | { readonly fault: LineFault } {
	if (value === undefined || value === null) return { of: {} };
	if (typeof value !== 'object' || Array.isArray(value))
		return fault('.attributes', `must be an object, not ${describe(value)}`);
	const entries = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
	if (entries.length > MAX_ATTRIBUTES)
		return fault('.attributes', `has ${entries.length} entries; ${MAX_ATTRIBUTES} are allowed`);
	const of: Record<string, string> = {};
	for (const [name, one] of entries) {
		// What is nested is kept as the JSON that it came as.
		const text = (typeof one === 'string' ? one : JSON.stringify(one)).toWellFormed();
		const path = `.attributes.${name.slice(0, 60)}` as const;
		if (name === '' || name.length > MAX_NAME_CHARS) return fault(path, `has a name of ${name.length} characters`);
		if (text.length > MAX_VALUE_CHARS) return fault(path, `is longer than ${MAX_VALUE_CHARS} characters`);
		of[name.toWellFormed()] = text;
	}
	return { of };
}

function describe(value: unknown): string {
	if (value === undefined) return 'missing';
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'an array';
	return typeof value === 'object' ? 'an object' : typeof value === 'string' ? quote(value) : String(value);
}
