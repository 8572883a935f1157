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
	const wrapped = wrap(withChannels(yaml));
	const env = Object.fromEntries([...yaml.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => [name, 'file:/variable']));
	const channelSchemas = Object.fromEntries(Object.entries(CHANNELS).map(([type, kind]) => [type, kind.schema]));
	const { config, faults } = parseConfig(wrapped.text, { file: 'draft', env, channelSchemas });
	if (config) return { config: config.alerts, faults: [] };
	return { config: undefined, faults: faults.map((line) => toFault(line, wrapped)) };
}

/** A route of which only the hours and matches are being thought about has none yet. */
function withChannels(yaml: string): string {
	const isBody = topKeys(yaml).some((key) => ROUTE_KEYS.includes(key));
	return isBody && !/^channels:/m.test(yaml)
		? `${yaml.replace(/\n*$/, '\n')}channels: [{ type: webhook, url: "https://nobody.invalid/" }]\n`
		: yaml;
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

function toFault(line: string, { linesBefore, indent, root }: Wrapped): DraftFault {
	const [, at = '1', column = '1', path = '', message = line] = FAULT.exec(line) ?? [];
	return {
		line: Math.max(1, Number(at) - linesBefore),
		column: Math.max(1, Number(column) - indent),
		path: path.startsWith(root) ? path.slice(root.length) : path,
		message,
	};
}

/** @returns the configuration to preview by: maintenance is that of the draft where it says any */
export function draftOver(draft: AlertsConfig, saved: AlertsConfig): AlertsConfig {
	return draft.maintenance.length > 0 ? draft : { ...draft, maintenance: saved.maintenance };
}
