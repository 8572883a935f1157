import type { ApiAnnotation } from '#contracts/annotation.ts';
import type { ApiEvent, ApiLimits, ApiList } from '#contracts/api.ts';
import type { Stretch } from '#lib/chart/overlay.ts';
import { ApiError, problemOf } from '#lib/live/api.ts';
import * as m from '#messages';

export type BaselineRequest =
	| { readonly action: 'learn'; readonly stretch: Stretch; readonly annotation?: string }
	| { readonly action: 'freeze' }
	| { readonly action: 'phase'; readonly reason: string }
	| { readonly action: 'exclude'; readonly stretch: Stretch; readonly reason: string }
	| { readonly action: 'include'; readonly annotation: string };

export interface BaselineAnswer {
	readonly state: string;
	/** false: the engine is behind, and will act later. */
	readonly applied: boolean;
	readonly limits: readonly ApiLimits[];
	readonly annotations: readonly ApiAnnotation[];
}

/** What people do on the page of one stream. Every method rejects with ApiError. */
export interface StreamApi {
	annotations(): Promise<readonly ApiAnnotation[]>;
	annotate(kind: 'comment' | 'pin', stretch: Stretch, text: string): Promise<ApiAnnotation>;
	remove(id: string): Promise<void>;
	baseline(request: BaselineRequest): Promise<BaselineAnswer>;
	/** The newest first, at most a hundred. */
	events(stretch: Stretch): Promise<readonly ApiEvent[]>;
}

const MOST_EVENTS = 100;
const micros = (ms: number) => Math.round(ms * 1000);

export function createStreamApi(fetcher: typeof fetch, stream: string): StreamApi {
	const own = `/api/v1/streams/${encodeURIComponent(stream)}`;

	async function call<T>(path: string, method = 'GET', body?: object): Promise<T> {
		const init: RequestInit = { method, headers: { accept: 'application/json' } };
		if (body)
			Object.assign(init, {
				headers: { accept: 'application/json', 'content-type': 'application/json' },
				body: JSON.stringify(body),
			});
		const response = await fetcher(path, init).catch(() => {
			throw new ApiError(0, m.ui_no_answer());
		});
		if (!response.ok) throw await problemOf(response);
		return (await response.json()) as T;
	}

	const spanOf = ({ fromMs, toMs }: Stretch) => ({ from: micros(fromMs), to: micros(toMs) });

	return {
		annotations: async () => (await call<ApiList<ApiAnnotation>>(`${own}/annotations`)).items,
		annotate: (kind, stretch, text) => call(`${own}/annotations`, 'POST', { kind, ...spanOf(stretch), text }),
		remove: async (id) => void (await call(`${own}/annotations/${encodeURIComponent(id)}`, 'DELETE')),
		baseline(request) {
			const { stretch, ...rest } = { stretch: undefined, ...request };
			return call(`${own}/baseline`, 'POST', { ...rest, ...(stretch && spanOf(stretch)) });
		},
		async events(stretch) {
			const { from, to } = spanOf(stretch);
			const search = new URLSearchParams({ stream, from: String(Math.max(0, from)), to: String(to) });
			return (await call<ApiList<ApiEvent>>(`/api/v1/events?${search}&limit=${MOST_EVENTS}`)).items;
		},
	};
}
