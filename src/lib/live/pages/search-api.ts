import type { ApiList } from '#contracts/api.ts';
import type { ApiDocument, ApiSearch, FoundKind } from '#contracts/knowledge.ts';
import type { ApiLogLine } from '#contracts/log-line.ts';
import { ApiError, problemOf } from '#lib/live/api.ts';
import * as m from '#messages';

/** Search, documents and logs, as the page uses them. Every method rejects with ApiError. */
export interface SearchApi {
	search(
		question: { readonly q: string; readonly kind: FoundKind | undefined },
		signal: AbortSignal,
	): Promise<ApiSearch>;
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
