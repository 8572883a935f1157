import type { ApiList } from '#contracts/api.ts';
import type { ApiAnswer, ApiDocument, ApiSearch, ApiSearched, FoundKind } from '#contracts/knowledge.ts';
import type { ApiLogLine } from '#contracts/log-line.ts';
import { ApiError, problemOf } from '#lib/live/api.ts';
import { eventsOf } from '#lib/live/server-events.ts';
import * as m from '#messages';

/** As the server sends it while an answer is told. */
export type AnswerEvent =
	| { readonly type: 'passages'; readonly items: ApiSearch['items'] }
	| { readonly type: 'sentence'; readonly text: string; readonly citations: readonly string[] }
	| { readonly type: 'told'; readonly answer: ApiAnswer }
	| { readonly type: 'none'; readonly reason: string };

/** Search, documents and logs, as the page uses them. Every method rejects with ApiError. */
export interface SearchApi {
	search(
		question: { readonly q: string; readonly kind: FoundKind | undefined },
		signal: AbortSignal,
	): Promise<ApiSearched>;
	/** Sentence by sentence. */
	answer(q: string, signal: AbortSignal): AsyncIterable<AnswerEvent>;
	documents(): Promise<readonly ApiDocument[]>;
	upload(file: File, site: string | undefined): Promise<ApiDocument>;
	remove(id: string): Promise<void>;
	again(id: string): Promise<ApiDocument>;
	/** Newest first. */
	logs(query: {
		readonly limit: number;
		readonly from?: string;
		readonly to?: string;
		readonly cursor?: string;
	}): Promise<ApiList<ApiLogLine>>;
}

export function createSearchApi(fetcher: typeof fetch): SearchApi {
	async function call(path: string, init?: RequestInit): Promise<Response> {
		let response: Response;
		try {
			response = await fetcher(`/api/v1${path}`, init);
		} catch (error) {
			if (init?.signal?.aborted) throw error;
			throw new ApiError(0, m.ui_no_answer());
		}
		if (!response.ok) throw await problemOf(response);
		return response;
	}
	const json = async <T>(path: string, init?: RequestInit) => (await (await call(path, init)).json()) as T;
	const one = (id: string) => `/documents/${encodeURIComponent(id)}`;

	return {
		search: ({ q, kind }, signal) => json(`/search?${query({ q, kind, limit: 30 })}`, { signal }),
		async *answer(q, signal) {
			const { body } = await call(`/search/answer?${query({ q })}`, { method: 'POST', signal });
			if (body) yield* eventsOf<AnswerEvent>(body);
		},
		documents: async () => (await json<ApiList<ApiDocument>>('/documents')).items,
		upload: (file, site) =>
			json(`/documents?${query({ name: file.name, site })}`, {
				method: 'POST',
				// Of Markdown browsers know nothing: then the name says what it is.
				headers: { 'content-type': file.type === '' ? 'application/octet-stream' : file.type },
				body: file,
			}),
		remove: async (id) => void (await call(one(id), { method: 'DELETE' })),
		again: (id) =>
			json(`${one(id)}/again`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
		logs: (wanted) => json(`/logs?${query(wanted)}`),
	};
}

function query(parameters: Readonly<Record<string, string | number | undefined>>): string {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(parameters)) if (value !== undefined) search.set(name, String(value));
	return search.toString();
}
