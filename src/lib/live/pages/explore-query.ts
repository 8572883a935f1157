import { parseTime } from '#contracts/time.ts';

/** What the explore page shows: all of it stands in its address, so that sending that is sending the page. */
export interface ExploreQuery {
	/** Ids of streams. */
	readonly streams: readonly string[];
	readonly range: ExploreRange;
	readonly view: (typeof EXPLORE_VIEWS)[number];
	readonly scale: (typeof SCALES)[number];
	/** What stands for the points of a moment where there are more than pixels. */
	readonly of: (typeof AGGREGATES)[number];
	readonly rules: boolean;
}

/** So long up to now, or from one moment to another. */
export type ExploreRange = { readonly last: string } | { readonly fromMs: number; readonly toMs: number };

/** One chart each, all on one, or what most of them do. */
export const EXPLORE_VIEWS = ['each', 'overlay', 'bands'] as const;
/** As measured, or as the distance from each stream's own centre in its own sigmas. */
export const SCALES = ['value', 'sigma'] as const;
export const AGGREGATES = ['mean', 'min', 'max'] as const;
export const EXPLORE_SPANS: Readonly<Record<string, number>> = {
	'5m': 300_000,
	'15m': 900_000,
	'1h': 3_600_000,
	'6h': 21_600_000,
	'24h': 86_400_000,
	'7d': 604_800_000,
	'30d': 2_592_000_000,
};
export const MOST_EXPLORED = 24;
const DEFAULT: Omit<ExploreQuery, 'streams'> = {
	range: { last: '1h' },
	view: 'each',
	scale: 'value',
	of: 'mean',
	rules: true,
};

/** What is no choice of the page's own is the default: an address may have been typed. */
export function parseExplore(search: URLSearchParams): ExploreQuery {
	const last = search.get('last') ?? '1h';
	const [from, to] = [parseTime(search.get('from')), parseTime(search.get('to'))];
	const isFixed = from !== undefined && to !== undefined && from < to;
	return {
		streams: [...new Set((search.get('streams') ?? '').split(','))]
			.filter((id) => /^\d{1,10}$/.test(id))
			.slice(0, MOST_EXPLORED),
		range: isFixed
			? { fromMs: from / 1000, toMs: to / 1000 }
			: { last: Object.hasOwn(EXPLORE_SPANS, last) ? last : '1h' },
		view: oneOf(EXPLORE_VIEWS, search.get('view')) ?? DEFAULT.view,
		scale: oneOf(SCALES, search.get('scale')) ?? DEFAULT.scale,
		of: oneOf(AGGREGATES, search.get('of')) ?? DEFAULT.of,
		rules: search.get('rules') !== 'none',
	};
}

/** With what differs from the default only, so that addresses stay short. */
export function encodeExplore({ streams, range, view, scale, of, rules }: ExploreQuery): string {
	const search = new URLSearchParams();
	if (streams.length > 0) search.set('streams', streams.join(','));
	if ('last' in range) {
		if (range.last !== '1h') search.set('last', range.last);
	} else {
		search.set('from', new Date(range.fromMs).toISOString());
		search.set('to', new Date(range.toMs).toISOString());
	}
	if (view !== DEFAULT.view) search.set('view', view);
	if (scale !== DEFAULT.scale) search.set('scale', scale);
	if (of !== DEFAULT.of) search.set('of', of);
	if (!rules) search.set('rules', 'none');
	return search.toString().replaceAll('%2C', ',');
}

function oneOf<const T extends string>(all: readonly T[], text: string | null): T | undefined {
	return all.find((one) => one === text);
}
