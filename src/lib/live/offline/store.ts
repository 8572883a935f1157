import { readLastState, type LastState } from './last-state.ts';

/** A cache and not a database: pages and the service worker both reach it, and it goes with the site's data. */
const CACHE = 'sigmascope-last-state';
const ENTRY = '/last-state';

/** What is kept in this browser; nothing at all where the page came over plain http from another machine. */
export interface LastStateStore {
	read(nowMs: number): Promise<LastState | undefined>;
	write(state: LastState): Promise<void>;
	forget(): Promise<void>;
}

/** @param caches undefined where the browser has none for this page */
export function createLastStateStore(caches: CacheStorage | undefined): LastStateStore {
	return {
		async read(nowMs) {
			const kept = await (await caches?.open(CACHE))?.match(ENTRY);
			return kept && readLastState(await kept.text(), nowMs);
		},
		async write(state) {
			await (await caches?.open(CACHE))?.put(ENTRY, new Response(JSON.stringify(state)));
		},
		async forget() {
			await caches?.delete(CACHE);
		},
	};
}
