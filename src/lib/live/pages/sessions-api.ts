import type { ApiList, ApiViolation } from '#contracts/api.ts';
import type { ExportFormat } from '#contracts/export.ts';
import type { ApiSession } from '#contracts/recording.ts';
import { ApiError, problemOf } from '#lib/live/api.ts';
import * as m from '#messages';

export interface NewSession {
	readonly name: string;
	readonly notes: string;
	readonly streams: readonly string[];
	/** RFC 3339; undefined = now. */
	readonly from?: string;
	/** Null: recorded until somebody ends it. */
	readonly to: string | null;
}

/** Sessions. Every method rejects with ApiError. */
export interface SessionsApi {
	list(query: { readonly q?: string; readonly stream?: string }): Promise<readonly ApiSession[]>;
	get(id: string): Promise<ApiSession>;
	create(session: NewSession): Promise<ApiSession>;
	change(id: string, change: { name?: string; notes?: string; to?: string }): Promise<ApiSession>;
	remove(id: string): Promise<void>;
	/** Within its stretch. */
	violations(session: ApiSession): Promise<readonly ApiViolation[]>;
}

const PAGE = '200';
/** Of one session are asked for; a report has them all. */
const MOST_STREAMS = 50;

export function createSessionsApi(fetcher: typeof fetch, nowMs: () => number): SessionsApi {
	async function call<T>(method: string, path: string, body?: object): Promise<T> {
		const headers = { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) };
		const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
		const response = await fetcher(`/api/v1${path}`, init).catch(() => {
			throw new ApiError(0, m.ui_no_answer());
		});
		if (!response.ok) throw await problemOf(response);
		return (response.status === 204 ? undefined : await response.json()) as T;
	}
	const one = (id: string) => `/sessions/${encodeURIComponent(id)}`;

	return {
		async list(query) {
			const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
			const search = new URLSearchParams([['limit', PAGE], ...given]);
			return (await call<ApiList<ApiSession>>('GET', `/sessions?${search}`)).items;
		},
		get: (id) => call('GET', one(id)),
		create: (session) => call('POST', '/sessions', session),
		change: (id, change) => call('PATCH', one(id), change),
		remove: (id) => call('DELETE', one(id)),
		async violations({ streams, from, to }) {
			const until = to ?? new Date(nowMs()).toISOString();
			const pages = await Promise.all(
				streams.slice(0, MOST_STREAMS).map(({ id }) => {
					const search = new URLSearchParams({ stream: id, from, to: until, limit: PAGE });
					return call<ApiList<ApiViolation>>('GET', `/violations?${search}`);
				}),
			);
			return pages.flatMap(({ items }) => items).sort((a, b) => (a.firstAt < b.firstAt ? -1 : 1));
		},
	};
}

export interface ExportChoice {
	readonly format: ExportFormat;
	/** One of both. */
	readonly session?: string | undefined;
	readonly streams?: readonly string[] | undefined;
	readonly from?: string | undefined;
	readonly to?: string | undefined;
	readonly isBundle?: boolean;
	readonly theme?: string | undefined;
	readonly timeZone?: string | undefined;
}

/** @returns the address that a browser downloads, with progress of its own */
export function exportAddress({ streams, isBundle, ...choice }: ExportChoice): string {
	const given = Object.entries({ ...choice, streams: streams?.join(','), bundle: isBundle ? 'true' : undefined });
	const search = new URLSearchParams(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
	return `/api/v1/export?${search}`;
}
