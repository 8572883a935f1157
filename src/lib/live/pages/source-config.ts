import type { SourceConfig } from './sources-api.ts';

/** What a person types of a source. */
export interface SourceDraft {
	readonly name: string;
	readonly type: string;
	readonly url: string;
	readonly username: string;
	readonly password: string;
	readonly every: string;
	/** Modbus. */
	readonly unitId: string;
}

export type SourceEntry = Readonly<Record<string, unknown>>;

const EVERYTHING = /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/;
/** Words that YAML reads as something else than text. */
const OTHERS = /^(true|false|null|yes|no|on|off|~)$/i;

/** @param option the option that its entries stand in; without entries it is left out */
export function sourceConfig(draft: SourceDraft, option: string, entries: readonly SourceEntry[]): SourceConfig {
	const { name, type, url, username, password, every, unitId } = draft;
	return {
		...{ name, type, url },
		...(username === '' ? {} : { auth: { username, ...(password === '' ? {} : { password }) } }),
		...(unitId === '' || type !== 'modbus' ? {} : { unitId: Number(unitId) }),
		...(every === '' || !hasInterval(type) ? {} : { every }),
		...(entries.length === 0 ? {} : { [option]: withInterval(entries, type, every) }),
	};
}

/** Whether it is asked at intervals: a broker speaks when it likes. */
export function hasInterval(type: string): boolean {
	return ['modbus', 'http-poll', 'prometheus'].includes(type);
}

/** Of OPC UA each item has its own. */
function withInterval(entries: readonly SourceEntry[], type: string, every: string): readonly SourceEntry[] {
	return type === 'opcua' && every !== '' ? entries.map((entry) => ({ ...entry, every })) : entries;
}

/**
 * The same for the configuration file. A password that was typed is not in it, but the variable of the environment that it is
 * to be put into.
 */
export function sourceYaml(draft: SourceDraft, option: string, entries: readonly SourceEntry[]): string {
	const variable = `${draft.name.toUpperCase().replaceAll('-', '_')}_PASSWORD`;
	const password = draft.password === '' ? '' : `\${${variable}:?set it}`;
	const { [option]: items, ...rest } = sourceConfig({ ...draft, password }, option, entries);
	const lines = Object.entries(rest).map(([key, value]) => `    ${key}: ${flow(value)}`);
	const listed = ((items ?? []) as readonly SourceEntry[]).map((entry) => `      - ${flow(entry)}`);
	return ['collectors:', ...lines, ...(listed.length === 0 ? [] : [`    ${option}:`, ...listed]), '']
		.join('\n')
		.replace('    name:', '  - name:');
}

function isPlain(text: string): boolean {
	return EVERYTHING.test(text) && !OTHERS.test(text) && Number.isNaN(Number(text));
}

/** YAML on one line: JSON, with quotes only where they are needed. */
function flow(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
	if (typeof value === 'object' && value !== null)
		return `{ ${Object.entries(value)
			.map(([key, one]) => `${EVERYTHING.test(key) ? key : JSON.stringify(key)}: ${flow(one)}`)
			.join(', ')} }`;
	if (typeof value === 'string') return isPlain(value) ? value : JSON.stringify(value);
	return JSON.stringify(value);
}
