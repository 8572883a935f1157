import type { ApiCall } from '#contracts/llm-call.ts';
import type { CallsRequest } from '#lib/live/api.ts';
import type { App } from '#lib/live/app.svelte.ts';

/** Calls of language models that match, newest first. */
export interface CallsList {
	readonly items: readonly ApiCall[] | undefined;
	readonly fault: string;
	readonly more: boolean;
	load(query: CallsRequest): void;
	loadMore(): void;
	stop(): void;
}

const PAGE = 100;

export function createCallsList(app: App): CallsList {
	let query: CallsRequest = {};
	let items = $state.raw<readonly ApiCall[] | undefined>();
	let cursor = $state.raw<string | null>(null);
	let fault = $state('');
	let asking: AbortController | undefined;

	async function ask(from: string | undefined): Promise<void> {
		asking?.abort();
		const mine = new AbortController();
		asking = mine;
		try {
			const page = await app.api.calls({ ...query, limit: PAGE, cursor: from }, mine.signal);
			items = from === undefined ? page.items : [...(items ?? []), ...page.items];
			cursor = page.cursor;
			fault = '';
		} catch (error) {
			if (!mine.signal.aborted) fault = error instanceof Error ? error.message : String(error);
		}
	}

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
		load(next) {
			query = next;
			void ask(undefined);
		},
		loadMore: () => void ask(cursor ?? undefined),
		stop: () => asking?.abort(),
	};
}
