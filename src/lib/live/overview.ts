import type { StreamState } from '#contracts/stream.ts';

/** What the overview needs to know of a stream to place it. */
export interface Placeable {
	readonly key: string;
	readonly site: string;
	readonly asset: string;
	readonly state: StreamState;
}

export interface AssetGroup<T> {
	readonly asset: string;
	readonly streams: readonly T[];
}

export interface SiteGroup<T> {
	readonly site: string;
	readonly assets: readonly AssetGroup<T>[];
}

export type Order = 'urgent' | 'place';

/** What a person has to look at first. */
const URGENCY: Readonly<Record<StreamState, number>> = {
	violating: 0,
	'bad-quality': 1,
	'no-data': 2,
	learning: 3,
	'not-judged': 4,
	'in-control': 5,
};

const collator = new Intl.Collator('en', { numeric: true });

/**
 * Streams by site and asset. By place everything stands where it always stands; by urgency the assets with violations
 * come first within their site, and within the asset the violating streams.
 */
export function groupStreams<T extends Placeable>(streams: readonly T[], order: Order): readonly SiteGroup<T>[] {
	const bySite = Map.groupBy(streams, (stream) => stream.site);
	return [...bySite]
		.sort(([a], [b]) => collator.compare(a, b))
		.map(([site, own]) => ({ site, assets: assetsOf(own, order) }));
}

function assetsOf<T extends Placeable>(streams: readonly T[], order: Order): readonly AssetGroup<T>[] {
	const groups = [...Map.groupBy(streams, (stream) => stream.asset)].map(([asset, own]) => ({
		asset,
		streams: own.sort((a, b) => urgency(order, a, b) || collator.compare(a.key, b.key)),
	}));
	return groups.sort((a, b) => violating(order, b) - violating(order, a) || collator.compare(a.asset, b.asset));
}

function urgency(order: Order, a: Placeable, b: Placeable): number {
	return order === 'place' ? 0 : URGENCY[a.state] - URGENCY[b.state];
}

function violating(order: Order, group: AssetGroup<Placeable>): number {
	return order === 'urgent' && group.streams.some((stream) => stream.state === 'violating') ? 1 : 0;
}

/** @returns true when every tile would stand where it stands */
export function samePlaces<T extends Placeable>(a: readonly SiteGroup<T>[], b: readonly SiteGroup<T>[]): boolean {
	const [before, after] = [a, b].map((sites) => sites.flatMap((site) => site.assets.flatMap((one) => one.streams)));
	return before?.length === after?.length && (before ?? []).every((stream, i) => stream === after?.[i]);
}

/** @returns how many streams are in each state, the most urgent state first; in-control and violating always */
export function countStates(streams: readonly Placeable[]): readonly { state: StreamState; count: number }[] {
	const states = (Object.keys(URGENCY) as StreamState[]).sort((a, b) => URGENCY[a] - URGENCY[b]);
	return states
		.map((state) => ({ state, count: streams.filter((stream) => stream.state === state).length }))
		.filter(({ state, count }) => count > 0 || state === 'violating' || state === 'in-control');
}
