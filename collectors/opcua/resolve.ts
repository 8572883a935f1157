import type { ClientSession } from 'node-opcua';
import { messageOf } from '#contracts/error.ts';
import { quote } from '#contracts/stream.ts';
import type { Tracks } from '../kit/track.ts';
import { findVariables, type Found } from './browse.ts';
import { createBurstItem } from './burst-item.ts';
import type { Item, OpcuaConfig } from './config.ts';
import { parseGlob } from './glob.ts';
import { createEventItem } from './event-item.ts';
import { createLiveItem, type LiveItem } from './item.ts';
import { parseNodeName, resolveNodeName } from './node-name.ts';
import { fillTemplate } from './stream-name.ts';
import { readUnits } from './units.ts';

export interface ResolveOptions {
	readonly config: OpcuaConfig;
	readonly tracks: Tracks;
	/** Each text once. */
	readonly onFault: (message: string) => void;
}

/** A variable that an entry of the configuration names, as the server has it now. */
export interface Named extends Found {
	readonly item: Item;
	/** Of the server. */
	readonly unit: string;
}

/**
 * What the entries name, as the server has it now: namespaces and trees may be others than at the last connection.
 * An entry that names nothing is said, and the others go on.
 */
export async function nameVariables(
	session: ClientSession,
	{ config, onFault }: Omit<ResolveOptions, 'tracks'>,
): Promise<Named[]> {
	const namespaces = await session.readNamespaceArray();
	const named: Omit<Named, 'unit'>[] = [];
	for (const item of config.items) {
		try {
			for (const found of await variablesOf(session, item, { namespaces, most: config.maxItems }))
				named.push({ ...found, item });
		} catch (error) {
			onFault(`${entryText(item)}: ${messageOf(error)}`);
		}
	}
	const withoutUnit = named.filter(({ item }) => item.unit === undefined).map(({ node }) => node);
	const units = await readUnits(session, withoutUnit).catch(() => new Map<string, string>());
	return named.map((one) => ({ ...one, unit: one.item.unit ?? units.get(one.node) ?? '' }));
}

async function variablesOf(
	session: ClientSession,
	item: Item,
	{ namespaces, most }: { readonly namespaces: readonly string[]; readonly most: number },
): Promise<Found[]> {
	const name = item.node === undefined ? undefined : parseNodeName(item.node);
	if (name) return [{ node: resolveNodeName(name, namespaces), path: [] }];
	const glob = parseGlob(item.browse ?? '');
	const found = glob ? await findVariables(session, glob, most) : [];
	if (found.length === 0) throw new Error('no variable matches');
	return found;
}

/** Their streams. Two variables of one name are none: which of them would it be? */
export function openItems(named: readonly Named[], { config, tracks, onFault }: ResolveOptions): LiveItem[] {
	const owners = new Map<string, string>();
	return named.flatMap(({ node, path, item, unit }) => {
		const place = { path };
		const key = fillTemplate(item.stream ?? '{path}', place);
		const filled = Object.entries(item.labels).map(([label, text]) => [label, fillTemplate(text, place)] as const);
		// On its chart a person has to see that its sigma is that of the changes.
		const labels = { ...Object.fromEntries(filled), ...(item.trigger === 'change' && { reported: 'on change' }) };
		const name = JSON.stringify([key, Object.entries(labels).sort()]);
		const owner = owners.get(name);
		if (owner !== undefined) {
			onFault(`${node}: ${quote(key)} is the stream of ${owner} already; put {parent} or {path} into "stream"`);
			return [];
		}
		owners.set(name, node);
		try {
			const entry = `items[${config.items.indexOf(item)}]`;
			const tell = (message: string) => onFault(`${node} (${quote(key)}): ${message}`);
			if (item.event) return [createEventItem({ node, item, tag: tracks.openEvent({ key, event: item.event }) })];
			if (item.burst) {
				const open = (feature: string, hasUnit: boolean) =>
					tracks.open({ key: `${key}/${feature}`, unit: hasUnit ? unit : '', labels, entry });
				return [createBurstItem({ node, item, burst: item.burst, open, onFault: tell })];
			}
			const track = tracks.open({ key, unit, labels, entry });
			const statusKey = item.status === undefined ? undefined : fillTemplate(item.status, place);
			const statusTrack = statusKey === undefined ? undefined : tracks.open({ key: statusKey, labels, entry });
			return [createLiveItem({ node, item, track, statusTrack, onFault: tell })];
		} catch (error) {
			onFault(`${node}: ${messageOf(error)}`);
			return [];
		}
	});
}

function entryText({ node, browse }: Item): string {
	return node === undefined ? `browse ${quote(browse ?? '')}` : `node ${quote(node)}`;
}
