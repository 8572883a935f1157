import { alertsSchema, routeSchema, type AlertsConfig } from '#contracts/alert-config.ts';
import { parseConfig } from '#server/config/parse.ts';
import { CHANNELS } from './channels/registry.ts';
import type { Draft, DraftFault } from './port.ts';

/** What a route without a name is called. */
const NAMELESS = 'new';
const ROUTE_KEYS = Object.keys(routeSchema.shape);
const FAULT = /^draft:(\d+):(\d+)(?: ([^\s:]+(?:\[\d+\])*[^\s:]*):)? (.*)$/s;

/** How a piece of the configuration file was put where it belongs, so that places can be told in the piece. */
interface Wrapped {
	readonly text: string;
	readonly linesBefore: number;
	readonly indent: number;
	/** That begins every path. */
	readonly root: string;
}

/**
 * Routes that are not saved: `alerts:` as in the configuration file, what stands below it, or the body of one route.
 * Channels may be left out, and variables are not looked up: nothing is sent.
 */
export function parseDraft(yaml: string): Draft {
	const wrapped = wrap(yaml);
	const env = Object.fromEntries([...yaml.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => [name, 'file:/variable']));
	const channelSchemas = Object.fromEntries(Object.entries(CHANNELS).map(([type, kind]) => [type, kind.schema]));
	const parse = (text: string) => parseConfig(text, { file: 'draft', env, channelSchemas });
	const { text, lines } = withChannels(wrapped.text, parse(wrapped.text).faults);
	const { config, faults } = parse(text);
	if (config) return { config: config.alerts, faults: [] };
	return { config: undefined, faults: faults.map((fault) => toFault(fault, lines, wrapped)) };
}

const NOBODY = 'channels: [{ type: webhook, url: "https://nobody.invalid/" }]';
const MISSING = /^draft:(\d+):(\d+) alerts\.routes\.[^ ]+\.channels: is missing/;

/**
 * A route of which only the hours and matches are being thought about has none yet: it gets one that is never sent to.
 *
 * @returns with the lines, from 1, that were put in
 */
function withChannels(
	text: string,
	faults: readonly string[],
): { readonly text: string; readonly lines: readonly number[] } {
	const all = text.split('\n');
	const places = faults.flatMap((fault) => {
		const [, line, column] = MISSING.exec(fault) ?? [];
		return line === undefined ? [] : [{ line: Number(line), column: Number(column) }];
	});
	const lines: number[] = [];
	for (const { line, column } of places.toReversed()) {
		const at = all[line - 1] ?? '';
		const [before, after] = [at.slice(0, column - 1), at.slice(column - 1)];
		if (after.startsWith('{')) all[line - 1] = `${before}{ ${NOBODY}, ${after.slice(1)}`;
		else if (before.trim() === '') {
			all.splice(line - 1, 0, before + NOBODY);
			lines.push(line);
		}
	}
	return { text: all.join('\n'), lines: lines.toSorted((a, b) => a - b).map((line, i) => line + i) };
}

function wrap(yaml: string): Wrapped {
	const keys = topKeys(yaml);
	const below = (before: readonly string[], root: string): Wrapped => {
		const indent = 2 * before.length;
		const lines = yaml.split('\n').map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
		return { text: [...before, ...lines].join('\n'), linesBefore: before.length, indent, root };
	};
	if (keys.includes('alerts')) return below([], '');
	if (keys.some((key) => key in alertsSchema.shape)) return below(['alerts:'], 'alerts.');
	if (keys.some((key) => ROUTE_KEYS.includes(key)))
		return below(['alerts:', '  routes:', `    ${NAMELESS}:`], `alerts.routes.${NAMELESS}.`);
	return below(['alerts:', '  routes:'], 'alerts.routes.');
}

function topKeys(yaml: string): string[] {
	return [...yaml.matchAll(/^["']?([\w.-]+)["']?\s*:/gm)].map(([, key = '']) => key);
}

function toFault(fault: string, added: readonly number[], { linesBefore, indent, root }: Wrapped): DraftFault {
	const [, at = '1', column = '1', path = '', message = fault] = FAULT.exec(fault) ?? [];
	const above = added.filter((line) => line < Number(at)).length;
	return {
		line: Math.max(1, Number(at) - above - linesBefore),
		column: Math.max(1, Number(column) - indent),
		path: path.startsWith(root) ? path.slice(root.length) : path,
		message,
	};
}

/** @returns the configuration to preview by: maintenance is that of the draft where it says any */
export function draftOver(draft: AlertsConfig, saved: AlertsConfig): AlertsConfig {
	return draft.maintenance.length > 0 ? draft : { ...draft, maintenance: saved.maintenance };
}
