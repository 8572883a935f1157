import type { ApiBoard, ApiBoardFile, ApiBoardInfo } from '#contracts/board.ts';
import type { ApiScreen, ScreenAnswer, ScreenReport } from '#contracts/screen.ts';
import { ApiError, problemOf } from '#lib/live/api.ts';
import * as m from '#messages';

/** Walls, dashboards and screens, as the pages use them. Every method rejects with ApiError. */
export interface BoardsApi {
	list(): Promise<readonly ApiBoardInfo[]>;
	get(name: string): Promise<ApiBoard>;
	/** Of the whole server: 403 for who sees one site. */
	files(): Promise<{ readonly folder: string; readonly items: readonly ApiBoardFile[] }>;
	screens(): Promise<readonly ApiScreen[]>;
	order(screen: string, what: { readonly path: string } | { readonly reload: true }): Promise<void>;
	report(report: ScreenReport): Promise<ScreenAnswer>;
}

const TITLES: Readonly<Partial<Record<string, () => string>>> = {
	site: m.boards_title_site,
	assets: m.boards_title_assets,
};

/** What ships with the product is called in the language of the page; a file by what stands in it. */
function titled<T extends ApiBoardInfo>(board: T): T {
	return board.isBuiltIn ? { ...board, title: TITLES[board.name]?.() ?? board.title } : board;
}

/** A request that is never answered must not be the last one. */
const PATIENCE_MS = 10_000;

export function createBoardsApi(fetcher: typeof fetch): BoardsApi {
	async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
		const headers = { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) };
		const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
		const response = await fetcher(`/api/v1${path}`, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) }).catch(
			() => {
				throw new ApiError(0, m.ui_no_answer());
			},
		);
		if (!response.ok) throw await problemOf(response);
		return (response.status === 204 ? undefined : await response.json()) as T;
	}
	const items = async <T>(path: string) => (await call<{ readonly items: readonly T[] }>('GET', path)).items;

	return {
		list: async () => (await items<ApiBoardInfo>('/boards')).map(titled),
		async get(name) {
			const board = titled(await call<ApiBoard>('GET', `/boards/${encodeURIComponent(name)}`));
			return board.isBuiltIn
				? { ...board, pages: board.pages.map((page) => ({ ...page, title: board.title })) }
				: board;
		},
		files: () => call('GET', '/boards/files'),
		screens: () => items('/screens'),
		order: (screen, what) => call('POST', `/screens/${encodeURIComponent(screen)}/order`, what),
		report: (report) => call('POST', '/screens/report', report),
	};
}

/** The wall that there always is. */
export const SITE_WALL = 'site';
