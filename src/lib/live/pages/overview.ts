import type { Standing } from '#lib/format/freshness.ts';

/** What the overview needs to know of a stream to place it. */
export interface Placeable {
	readonly key: string;
	readonly site: string;
	readonly asset: string;
}

export interface AssetGroup<T> {
	readonly asset: string;
	readonly streams: readonly T[];
}

export interface SiteGroup<T> {
	readonly site: string;
	readonly assets: readonly AssetGroup<T>[];
}

const collator = new Intl.Collator('en', { numeric: true });

/**
 * Streams by site, asset and name: everything stands where it always stands, so that a crew knows a machine by its
 * place. What is wrong is said beside it, by concerns.
 */
export function groupStreams<T extends Placeable>(streams: readonly T[]): readonly SiteGroup<T>[] {
	return grouped(streams, ({ site }) => site).map(([site, own]) => ({
		site,
		assets: grouped(own, ({ asset }) => asset).map(([asset, its]) => ({
			asset,
			streams: its.sort((a, b) => collator.compare(a.key, b.key)),
		})),
	}));
}

function grouped<T>(streams: readonly T[], nameOf: (stream: T) => string): readonly (readonly [string, T[]])[] {
	return [...Map.groupBy(streams, nameOf)].sort(([a], [b]) => collator.compare(a, b));
}

/** What is counted together: the most urgent first. Always all of them, so that a count stands where it always stands. */
export const COUNTED = ['violating', 'no-data', 'stale', 'not-judged', 'in-control'] as const;
export type Counted = (typeof COUNTED)[number];

/** Bad quality and learning are kinds of not being judged. */
export function countedAs(standing: Standing): Counted {
	return standing === 'bad-quality' || standing === 'learning' ? 'not-judged' : standing;
}

export function countStandings(standings: Iterable<Standing>): Readonly<Record<Counted, number>> {
	const counts = { violating: 0, 'no-data': 0, stale: 0, 'not-judged': 0, 'in-control': 0 };
	for (const standing of standings) counts[countedAs(standing)]++;
	return counts;
}
