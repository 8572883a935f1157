import { parseTime } from '#contracts/time.ts';
import { CRITERIA, type Weights } from '#lib/format/recommendation.ts';

/** What the compare page shows: all of it stands in its address, so that sending that is sending the page. */
export interface CompareQuery {
	readonly targets: readonly string[];
	readonly metric: string;
	readonly range: Range;
	readonly view: (typeof VIEWS)[number];
	readonly weights: Weights;
	/** Id of the event before and after which is compared; without one the newest version that answered parts them. */
	readonly event?: string | undefined;
}

/** So long up to now, or from one moment to another. */
type Range = { readonly last: string } | { readonly fromMs: number; readonly toMs: number };

export const VIEWS = ['ecdf', 'box', 'histogram'] as const;
export const SPANS: Readonly<Record<string, number>> = {
	'1h': 3_600_000,
	'6h': 21_600_000,
	'24h': 86_400_000,
	'7d': 604_800_000,
	'30d': 2_592_000_000,
};
const MOST_TARGETS = 8;
const MOST_WEIGHT = 10;
const EVEN: Weights = { latency: 5, cost: 5, quality: 5, stability: 5 };

export function parseCompare(search: URLSearchParams): CompareQuery {
	const last = search.get('last') ?? '24h';
	const [from, to] = [parseTime(search.get('from')), parseTime(search.get('to'))];
	const fixed = from !== undefined && to !== undefined && from < to;
	return {
		targets: [...new Set((search.get('targets') ?? '').split(','))]
			.filter((id) => /^\d+$/.test(id))
			.slice(0, MOST_TARGETS),
		metric: search.get('metric') ?? 'ttft_ms',
		range: fixed ? { fromMs: from / 1000, toMs: to / 1000 } : { last: Object.hasOwn(SPANS, last) ? last : '24h' },
		view: VIEWS.find((view) => view === search.get('view')) ?? 'ecdf',
		weights: parseWeights(search.get('weights')),
		event: /^[\w-]{1,100}$/.exec(search.get('event') ?? '')?.[0],
	};
}

function parseWeights(text: string | null): Weights {
	const given = (text ?? '').split(',').map(Number);
	const isGood = given.length === CRITERIA.length && given.every((w) => w >= 0 && w <= MOST_WEIGHT);
	return isGood ? (Object.fromEntries(CRITERIA.map((name, i) => [name, given[i]])) as unknown as Weights) : EVEN;
}

/** With the targets, none too, and what else differs from the default, so that addresses stay short. */
export function encodeCompare({ targets, metric, range, view, weights, event }: CompareQuery): string {
	const search = new URLSearchParams();
	search.set('targets', targets.join(','));
	if (metric !== 'ttft_ms') search.set('metric', metric);
	if ('last' in range) {
		if (range.last !== '24h') search.set('last', range.last);
	} else {
		search.set('from', new Date(range.fromMs).toISOString());
		search.set('to', new Date(range.toMs).toISOString());
	}
	if (view !== 'ecdf') search.set('view', view);
	if (CRITERIA.some((name) => weights[name] !== EVEN[name]))
		search.set('weights', CRITERIA.map((name) => weights[name]).join(','));
	if (event !== undefined) search.set('event', event);
	return `?${search.toString().replaceAll('%2C', ',')}`;
}
