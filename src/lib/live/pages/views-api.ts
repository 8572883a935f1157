import type { ApiList } from '#contracts/api.ts';
import { ApiError, problemOf } from '#lib/live/api.ts';
import * as m from '#messages';

/** How a page was looked at, under a name. */
export interface ApiView {
	readonly name: string;
	/** As the address of the page holds it. */
	readonly query: string;
}

/** What somebody keeps of one page; nobody else sees it. Every method rejects with ApiError. */
export interface ViewsApi {
	views(): Promise<readonly ApiView[]>;
	putView(view: ApiView): Promise<void>;
	removeView(name: string): Promise<void>;
}

export function createViewsApi(fetcher: typeof fetch, page: 'violations' | 'explore'): ViewsApi {
	async function answerOf(method: 'GET' | 'PUT' | 'DELETE', name?: string, body?: object): Promise<Response> {
		const path = `/api/v1/me/views/${page}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
		const headers = { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) };
		const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
		const response = await fetcher(path, init).catch(() => {
			throw new ApiError(0, m.ui_no_answer());
		});
		if (!response.ok) throw await problemOf(response);
		return response;
	}

	return {
		views: async () => ((await (await answerOf('GET')).json()) as ApiList<ApiView>).items,
		putView: async ({ name, query }) => void (await answerOf('PUT', name, { query })),
		removeView: async (name) => void (await answerOf('DELETE', name)),
	};
}
