/** A measured characteristic is named by (site, key, labels); the number is its handle inside, an opaque string in the API. */
export type Labels = Readonly<Record<string, string>>;
export type StreamKind = 'machine' | 'llm';

export interface StreamName {
	readonly site: string;
	readonly key: string;
	readonly labels: Labels;
}

export interface Stream extends StreamName {
	readonly id: number;
	readonly asset: string;
	readonly kind: StreamKind;
	readonly unit: string;
}

export const STREAM_STATES = ['learning', 'in-control', 'violating', 'no-data', 'bad-quality', 'not-judged'] as const;
export type StreamState = (typeof STREAM_STATES)[number];

const MAX_KEY_CHARS = 200;
const MAX_LABELS = 16;
const MAX_LABEL_CHARS = 100;
/**
 * What nobody sees (control, format and bidi characters, line separators) and the characters of markup: they have no
 * business in a name and every screen would have to defend against them. Half a surrogate pair would not survive UTF-8.
 */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>"'`\\]/u;

/** @returns why this cannot be a stream's key, or undefined when it can */
export function keyFault(key: unknown): string | undefined {
	if (typeof key !== 'string') return `stream must be a string, not ${key === null ? 'null' : typeof key}`;
	if (key.length === 0) return 'stream is empty';
	if (key.length > MAX_KEY_CHARS) return `stream has ${key.length} characters; ${MAX_KEY_CHARS} are allowed`;
	if (FORBIDDEN.test(key))
		return `stream ${quote(key)} has a character that a name may not have (control, invisible, quote, backslash, < or >)`;
	if (key.startsWith('/') || key.endsWith('/') || key.includes('//'))
		return `stream ${quote(key)} has an empty segment`;
	return undefined;
}

/** @returns why these cannot be labels, or undefined when they can */
export function labelsFault(labels: unknown): string | undefined {
	if (typeof labels !== 'object' || labels === null || Array.isArray(labels))
		return 'labels must be an object of strings';
	const entries = Object.entries(labels);
	if (entries.length > MAX_LABELS) return `${entries.length} labels; ${MAX_LABELS} are allowed`;
	for (const [name, value] of entries) {
		if (typeof value !== 'string') return `label ${quote(name)} must be a string`;
		if (name === '' || name.length > MAX_LABEL_CHARS || value.length > MAX_LABEL_CHARS)
			return `label ${quote(name)} is empty or longer than ${MAX_LABEL_CHARS} characters`;
		if (FORBIDDEN.test(name) || FORBIDDEN.test(value))
			return `label ${quote(name)} has a character that a name may not have`;
	}
	return undefined;
}

/** The one spelling of a stream's name, for maps and unique indexes. */
export function canonicalName(name: StreamName): string {
	return `${name.site}\n${name.key}\n${canonicalLabels(name.labels)}`;
}

/** @returns JSON of [name, value] pairs, sorted by name */
export function canonicalLabels(labels: Labels): string {
	return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Where no asset is configured it is the key's first segment. */
export function defaultAsset(key: string): string {
	const slash = key.indexOf('/');
	return slash < 0 ? key : key.slice(0, slash);
}

/** @returns the text in quotes, cut to what an error line can carry, with everything invisible as an escape */
export function quote(text: string): string {
	const shown = text.length > 60 ? `${text.slice(0, 57)}...` : text;
	return JSON.stringify(shown).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeOf);
}

function escapeOf(character: string): string {
	return [...Array(character.length).keys()]
		.map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
		.join('');
}
