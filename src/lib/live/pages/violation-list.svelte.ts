import type { ApiViolation } from '#contracts/api.ts';
import type { App } from '#lib/live/app.svelte.ts';
import type { ViolationQuery } from '#lib/live/api.ts';

/** Violations that match a filter, newest first; what happens now appears at the top. */
export interface ViolationList {
	readonly items: readonly ApiViolation[] | undefined;
	readonly fault: string;
	readonly more: boolean;
	filter(query: ViolationQuery): void;
	/** Something was done that changes it. */
	refresh(): Promise<void>;
	loadMore(): Promise<void>;
	stop(): void;
}

const PAGE = 60;
const REFRESH_MS = 5_000;
const SOON_MS = 400;
/** Enough to hear of what happens: the points themselves are not shown here. */
const NEED = { points: 1, charts: [] };
/** Up to so many streams are listened to; with more the list is asked for every few seconds. */
const LISTEN_TO = 2_000;

export function createViolationList(app: App, first: ViolationQuery): ViolationList {
	let query = first;
	let items = $state.raw<readonly ApiViolation[] | undefined>();
	let cursor = $state.raw<string | null>(null);
	let fault = $state('');
	let asking: AbortController | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;

	/** Reads the first page anew and keeps what was loaded beyond it. */
	async function refresh(): Promise<void> {
		clearTimeout(timer);
		timer = setTimeout(() => void refresh(), REFRESH_MS);
		asking?.abort();
		const mine = new AbortController();
		asking = mine;
		try {
			const page = await app.api.violations({ ...query, limit: PAGE }, mine.signal);
			const oldest = page.items.at(-1)?.firstAt ?? '';
			const beyond = without(items ?? [], page.items).filter((one) => one.firstAt < oldest);
			if (beyond.length === 0) cursor = page.cursor;
			items = page.cursor === null ? page.items : [...page.items, ...beyond];
			fault = '';
		} catch (error) {
			if (!mine.signal.aborted) fault = error instanceof Error ? error.message : String(error);
		}
	}

	function soon(): void {
		clearTimeout(timer);
		timer = setTimeout(() => void refresh(), SOON_MS);
	}

	const streams = () => app.directory.streams.slice(0, LISTEN_TO).map((stream) => stream.id);
	const interest = () => ({ streams: streams(), need: NEED, rateHz: 1 });
	const subscription = app.live.subscribe(interest());
	const unlisten = app.live.listen({
		onEvent: (event) => event.violation && soon(),
		onConnection: (connection) => connection.state === 'live' && void refresh(),
	});
	$effect(() => subscription.change(interest()));
	void refresh();

	return {
		get items() {
			return items;
		},
		get fault() {
			return fault;
		},
		get more() {
			return cursor !== null;
		},
		filter(next) {
			query = next;
			items = undefined;
			cursor = null;
			void refresh();
		},
		refresh,
		async loadMore() {
			if (cursor === null) return;
			try {
				const page = await app.api.violations({ ...query, limit: PAGE, cursor });
				items = [...(items ?? []), ...without(page.items, items ?? [])];
				cursor = page.cursor;
			} catch (error) {
				fault = error instanceof Error ? error.message : String(error);
			}
		},
		stop() {
			clearTimeout(timer);
			asking?.abort();
			subscription.stop();
			unlisten();
		},
	};
}

/** A page that was asked for a moment later may begin with what the one before ended with. */
function without(these: readonly ApiViolation[], those: readonly ApiViolation[]): readonly ApiViolation[] {
	return these.filter((one) => !those.some((other) => other.id === one.id));
}
