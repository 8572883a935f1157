import type { ApiDocument, ApiSearched, FoundKind } from '#contracts/knowledge.ts';
import type { ApiLogLine } from '#contracts/log-line.ts';
import type { SearchApi } from './search-api.ts';
import * as m from '#messages';

/** The page of questions: what is asked and what was found, the documents, and the newest lines of logs. */
export interface SearchView {
	readonly found: ApiSearched | undefined;
	readonly isAsking: boolean;
	readonly fault: string;
	readonly documents: readonly ApiDocument[] | undefined;
	readonly lines: readonly ApiLogLine[] | undefined;
	readonly more: boolean;
	/** Of the upload or change under way, by name. */
	readonly busy: readonly string[];
	/** What could not be done to documents. */
	readonly troubles: readonly { readonly name: string; readonly message: string }[];
	ask(q: string, kind: FoundKind | undefined): void;
	upload(files: readonly File[], site: string | undefined): Promise<void>;
	remove(document: ApiDocument): Promise<void>;
	again(document: ApiDocument): Promise<void>;
	loadLines(): Promise<void>;
	olderLines(): Promise<void>;
	stop(): void;
}

const POLL_MS = 1500;
const LINES = 50;

export function createSearchView(api: SearchApi): SearchView {
	let found = $state.raw<ApiSearched | undefined>();
	let isAsking = $state(false);
	let fault = $state('');
	let documents = $state.raw<readonly ApiDocument[] | undefined>();
	let lines = $state.raw<readonly ApiLogLine[] | undefined>();
	let cursor = $state.raw<string | null>(null);
	let busy = $state.raw<readonly string[]>([]);
	let troubles = $state.raw<SearchView['troubles']>([]);
	let asking: AbortController | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let isStopped = false;

	const words = (error: unknown) => (error instanceof Error ? error.message : String(error));

	async function ask(q: string, kind: FoundKind | undefined): Promise<void> {
		asking?.abort();
		if (q.trim() === '') return void ((found = undefined), (fault = ''), (isAsking = false));
		const mine = new AbortController();
		asking = mine;
		isAsking = true;
		try {
			found = await api.search({ q, kind }, mine.signal);
			fault = '';
		} catch (error) {
			if (!mine.signal.aborted) fault = words(error);
		} finally {
			if (asking === mine) isAsking = false;
		}
	}

	/** Again while something is being made ready. */
	async function loadDocuments(): Promise<void> {
		clearTimeout(timer);
		try {
			documents = await api.documents();
		} catch (error) {
			troubles = [...troubles.slice(-4), { name: m.search_documents(), message: words(error) }];
			return;
		}
		const isWaiting = documents.some(({ state }) => state === 'waiting');
		if (isWaiting && !isStopped) timer = setTimeout(() => void loadDocuments(), POLL_MS);
	}

	async function doing(name: string, work: () => Promise<unknown>): Promise<void> {
		busy = [...busy, name];
		troubles = troubles.filter((trouble) => trouble.name !== name);
		try {
			await work();
		} catch (error) {
			troubles = [...troubles, { name, message: words(error) }];
		} finally {
			busy = busy.filter((one) => one !== name);
			await loadDocuments();
		}
	}

	async function loadLines(from?: string): Promise<void> {
		try {
			const page = await api.logs({ limit: LINES, ...(from === undefined ? {} : { cursor: from }) });
			lines = from === undefined ? page.items : [...(lines ?? []), ...page.items];
			cursor = page.cursor;
		} catch (error) {
			fault = words(error);
		}
	}

	void loadDocuments();
	return {
		get found() {
			return found;
		},
		get isAsking() {
			return isAsking;
		},
		get fault() {
			return fault;
		},
		get documents() {
			return documents;
		},
		get lines() {
			return lines;
		},
		get more() {
			return cursor !== null;
		},
		get busy() {
			return busy;
		},
		get troubles() {
			return troubles;
		},
		ask: (q, kind) => void ask(q, kind),
		async upload(files, site) {
			for (const file of files) await doing(file.name, () => api.upload(file, site));
		},
		remove: (document) => doing(document.name, () => api.remove(document.id)),
		again: (document) => doing(document.name, () => api.again(document.id)),
		loadLines: () => loadLines(),
		olderLines: () => loadLines(cursor ?? undefined),
		stop() {
			isStopped = true;
			clearTimeout(timer);
			asking?.abort();
		},
	};
}
