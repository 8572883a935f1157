import { isUtf8 } from 'node:buffer';
import { quote } from '#contracts/stream.ts';
import { nameFault } from './batch.ts';
import { type Cursor } from './line-cursor.ts';

export interface LineName {
	readonly key: string;
	readonly labels: Readonly<Record<string, string>>;
}

/** Tags of these names would look like where a stream belongs, which the API key alone decides. */
const OURS = new Set(['site', 'area', 'asset']);

/**
 * Measurement, tags and field key where the cursor stands: key `measurement/field`, tags as labels. The slow way, for a
 * series that is not in the cache.
 *
 * @returns why it cannot name a stream, or the name
 */
export function readName(cursor: Cursor): LineName | string {
	const { bytes } = cursor;
	const series = bytes.subarray(cursor.seriesFrom, cursor.seriesEnd);
	const field = bytes.subarray(cursor.keyFrom, cursor.keyEnd);
	if (!isUtf8(series) || !isUtf8(field)) return 'the name is not UTF-8';
	const [measurement = '', ...tags] = split(textOf(series), ',');
	if (measurement === '') return 'the measurement has no name';
	const labels = readTags(tags);
	if (typeof labels === 'string') return labels;
	const key = `${unescaped(measurement)}/${unescaped(textOf(field))}`;
	return nameFault(key, labels) ?? { key, labels };
}

function readTags(tags: readonly string[]): Record<string, string> | string {
	const labels = new Map<string, string>();
	for (const tag of tags) {
		const [name = '', value = '', ...more] = split(tag, '=').map(unescaped);
		if (name === '' || value === '' || more.length > 0) return `tag ${quote(tag)} is not name=value`;
		const label = OURS.has(name) ? `tag_${name}` : name;
		if (labels.has(label)) return `tag ${quote(label)} is there twice`;
		labels.set(label, value);
	}
	return Object.fromEntries(labels);
}

/** At separators that have no backslash before them. */
function split(text: string, separator: ',' | '='): string[] {
	return text.split(separator === ',' ? /(?<!\\),/ : /(?<!\\)=/);
}

function unescaped(text: string): string {
	return text.includes('\\') ? text.replace(/\\([,= ])/g, '$1') : text;
}

function textOf(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
