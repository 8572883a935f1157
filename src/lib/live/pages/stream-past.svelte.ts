import { contains, type Range } from '#lib/chart/view.ts';
import type { Api } from '#lib/live/api.ts';
import { lowerBound, type Columns } from '#lib/live/wire/ring.ts';
import { fetchHistory, withMargin, type History, type HistoryWish } from './stream-history.ts';

/** What of a stream's past is at hand, fetched as the picture needs it. */
export interface Past {
	readonly history: History | undefined;
	readonly loading: boolean;
	/** true when what came in alone reaches over the range. */
	isFresh(wanted: Range): boolean;
	/** A picture that stands still must not lose its points to those that come in: it has them from the store. */
	ensure(): void;
	/** Gives up what is on its way. */
	cancel(): void;
	stop(): void;
}

export interface PastParts {
	readonly api: Api;
	/** Undefined where nothing is to be had from the store. */
	shown(): { readonly range: Range; readonly isLive: boolean } | undefined;
	/** The newest points, as they came in. */
	leading(): Columns;
	/** What is judged at all decides how a point is drawn. */
	planned(): Promise<unknown> | undefined;
	wish(): Pick<HistoryWish, 'stream' | 'admit' | 'named'>;
	/** Says what went wrong. @returns false when something did */
	attempt(work: () => Promise<void>): Promise<boolean>;
	onChange(): void;
}

const FETCH_AFTER_MS = 120;
/** The store may be away for a while; what is live goes on without it. */
const RETRY_MS = 3_000;
/** A live chart over buckets asks for them anew when so many points stand behind them. */
const MOST_BEHIND = 600;
/** A thinned stretch of which less is shown may be had finer. */
const COARSE_SHARE = 0.3;

export function createPast(parts: PastParts): Past {
	let history = $state.raw<History | undefined>();
	let loading = $state(false);
	let fetching: { readonly wanted: Range; readonly abort: AbortController } | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let stopped = false;

	function isFresh(wanted: Range): boolean {
		return (parts.leading().tMs[0] ?? Infinity) <= wanted.minMs;
	}

	function isCovered(wanted: Range): boolean {
		if (!history) return false;
		const firstMs = parts.leading().tMs[0] ?? Infinity;
		const maxMs = history.range.maxMs >= firstMs ? Infinity : history.range.maxMs;
		return contains({ minMs: history.range.minMs, maxMs }, wanted);
	}

	function isCoarse(wanted: Range, isLive: boolean): boolean {
		if (!history?.thinned) return false;
		const share = (wanted.maxMs - wanted.minMs) / (history.range.maxMs - history.range.minMs);
		const { tMs, length } = parts.leading();
		const behind = length - lowerBound(tMs, history.untilMs);
		return share < COARSE_SHARE || (isLive && behind > MOST_BEHIND);
	}

	function ensure(): void {
		const shown = parts.shown();
		if (!shown || (shown.isLive && isFresh(shown.range))) return;
		if (isCovered(shown.range) && !isCoarse(shown.range, shown.isLive)) return;
		if (fetching && contains(withMargin(fetching.wanted), shown.range)) return;
		fetchSoon(FETCH_AFTER_MS);
	}

	/** Points that come in faster than this must not put it off for ever. */
	function fetchSoon(afterMs: number): void {
		timer ??= setTimeout(() => {
			timer = undefined;
			void fetchShown();
		}, afterMs);
	}

	async function fetchShown(): Promise<void> {
		await parts.planned();
		const wanted = parts.shown()?.range;
		if (!wanted || stopped) return;
		fetching?.abort.abort();
		const mine = { wanted, abort: new AbortController() };
		fetching = mine;
		loading = true;
		const wish = {
			...parts.wish(),
			range: wanted,
			widthPx: innerWidth * devicePixelRatio,
			newestMs: parts.leading().tMs.at(-1) ?? -Infinity,
		};
		const went = await parts.attempt(async () => {
			const answer = await fetchHistory(parts.api, wish, mine.abort.signal);
			if (fetching === mine) history = answer;
		});
		if (fetching !== mine) return;
		fetching = undefined;
		loading = false;
		parts.onChange();
		if (went) ensure();
		else fetchSoon(RETRY_MS);
	}

	function cancel(): void {
		clearTimeout(timer);
		timer = undefined;
		fetching?.abort.abort();
		fetching = undefined;
		loading = false;
	}

	return {
		get history() {
			return history;
		},
		get loading() {
			return loading;
		},
		isFresh,
		ensure,
		cancel,
		stop() {
			stopped = true;
			cancel();
		},
	};
}
