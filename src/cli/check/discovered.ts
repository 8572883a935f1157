import { stringify } from 'yaml';
import type { Discovered } from '#contracts/trial.ts';
import { quote } from '#contracts/stream.ts';
import { shown } from './table.ts';

const MOST_NAME_CHARS = 70;

/** What a source has: name, value, and the entry for the configuration file. */
export function discoveredLines(found: readonly Discovered[]): string[] {
	const rows = found.map(({ name, value, unit, entry }) => ({
		name: quote(name).slice(1, -1),
		value: `${typeof value === 'number' ? shown(value) : value}${unit === '' ? '' : ` ${unit}`}`,
		entry: Object.keys(entry).length === 0 ? '' : `- ${flow(entry)}`,
	}));
	const names = Math.min(MOST_NAME_CHARS, Math.max(...rows.map(({ name }) => name.length)));
	const values = Math.min(MOST_NAME_CHARS, Math.max(...rows.map(({ value }) => value.length)));
	const lines = rows.map(({ name, value, entry }) =>
		`${name.padEnd(names)}  ${value.padEnd(values)}  ${entry}`.trimEnd(),
	);
	return [...lines, `${found.length} found; paste what you want from the right into the configuration file`];
}

/** YAML on one line. */
export function flow(entry: Readonly<Record<string, unknown>>): string {
	return stringify(entry, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}
