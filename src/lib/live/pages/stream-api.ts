import type { ApiAnnotation } from '#contracts/annotation.ts';
import type { ApiEvent, ApiLimits, ApiList } from '#contracts/api.ts';
import type { Stretch } from '#lib/chart/overlay.ts';
import type { PlanInput } from '#contracts/plan.ts';
import { ApiError, problemOf, type TaggedPlan } from '#lib/live/api.ts';
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
	/** @param tag of the plan that was looked at: with another one in force nothing is done (412) */
	baseline(request: BaselineRequest, tag: string): Promise<BaselineAnswer & { readonly tag: string }>;
	plan(): Promise<TaggedPlan>;
	putPlan(plan: PlanInput, tag: string): Promise<TaggedPlan>;
	/** The newest first, at most a hundred. */
	events(stretch: Stretch): Promise<readonly ApiEvent[]>;
}

const MOST_EVENTS = 100;
const micros = (ms: number) => Math.round(ms * 1000);

export function createStreamApi(fetcher: typeof fetch, stream: string): StreamApi {
	const own = `/api/v1/streams/${encodeURIComponent(stream)}`;

	async function answerOf(path: string, method = 'GET', body?: object, tag?: string): Promise<Response> {
		const headers = {
			accept: 'application/json',
			...(body && { 'content-type': 'application/json' }),
			...(tag !== undefined && { 'if-match': tag }),
		};
		const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
		const response = await fetcher(path, init).catch(() => {
			throw new ApiError(0, m.ui_no_answer());
		});
		if (!response.ok) throw await problemOf(response);
		return response;
	}

	async function call<T>(path: string, method?: string, body?: object): Promise<T> {
		return (await (await answerOf(path, method, body)).json()) as T;
	}

	const tagOf = (response: Response) => response.headers.get('etag') ?? '*';

	async function planOf(response: Response): Promise<TaggedPlan> {
		return { plan: (await response.json()) as PlanInput, tag: tagOf(response) };
	}

	const spanOf = ({ fromMs, toMs }: Stretch) => ({ from: micros(fromMs), to: micros(toMs) });

	return {
		annotations: async () => (await call<ApiList<ApiAnnotation>>(`${own}/annotations`)).items,
		annotate: (kind, stretch, text) => call(`${own}/annotations`, 'POST', { kind, ...spanOf(stretch), text }),
		remove: async (id) => void (await call(`${own}/annotations/${encodeURIComponent(id)}`, 'DELETE')),
		async baseline(request, tag) {
			const { stretch, ...rest } = { stretch: undefined, ...request };
			const response = await answerOf(`${own}/baseline`, 'POST', { ...rest, ...(stretch && spanOf(stretch)) }, tag);
			return { ...((await response.json()) as BaselineAnswer), tag: tagOf(response) };
		},
		plan: async () => planOf(await answerOf(`${own}/plan`)),
		putPlan: async (plan, tag) => planOf(await answerOf(`${own}/plan`, 'PUT', plan, tag)),
		async events(stretch) {
			const { from, to } = spanOf(stretch);
			const search = new URLSearchParams({ stream, from: String(Math.max(0, from)), to: String(to) });
			return (await call<ApiList<ApiEvent>>(`/api/v1/events?${search}&limit=${MOST_EVENTS}`)).items;
		},
	};
}
