import type {
	ApiAdvice,
	ApiCapability,
	ApiEvent,
	ApiLimits,
	ApiList,
	ApiPoints,
	ApiProblem,
	ApiStream,
	ApiViolation,
} from '#contracts/api.ts';
import type { ApiCall } from '#contracts/llm-call.ts';
import type { ApiCompare } from '#contracts/llm-compare.ts';
import type { PlanInput } from '#contracts/plan.ts';
import type { ApiStatus } from '#contracts/status.ts';
import type { ApiSystem } from '#contracts/system.ts';
import type { ProbeAnswer } from '#lib/live/wire/watchdog.ts';
import * as m from '#messages';
import { fieldWords, problemWords } from './problem-words.ts';

/** What the server answered when it did not answer with what was asked for. */
export class ApiError extends Error {
	override readonly name = 'ApiError';
	readonly status: number;
	/** Of what was sent, each with its path from `$`. */
	readonly faults: readonly Fault[];
	constructor(status: number, detail: string, faults: readonly Fault[] = []) {
		super(detail);
		this.status = status;
		this.faults = faults;
	}
}

export type Fault = NonNullable<ApiProblem['errors']>[number];

/** A plan with the tag that says which one it is: a change of another one is refused (412). */
export interface TaggedPlan {
	readonly plan: PlanInput;
	readonly tag: string;
}

export interface ViolationQuery {
	readonly stream?: string;
	readonly asset?: string;
	readonly rule?: string;
	readonly state?: string;
	readonly active?: boolean;
	readonly severity?: string;
	/** `none`: those that have none, also of assignee. */
	readonly cause?: string;
	readonly assignee?: string;
	readonly from?: string;
	readonly to?: string;
	readonly limit?: number;
	readonly cursor?: string;
}

export type PointQuery =
	{ readonly last: number } | { readonly from: number; readonly to: number; readonly maxPoints: number };

/** `/api/v1` as the pages use it. Every method rejects with ApiError, also when nobody answers (status 0). */
export interface Api {
	/** Every stream that this reader may see. */
	streams(signal?: AbortSignal): Promise<readonly ApiStream[]>;
	stream(id: string): Promise<ApiStream>;
	limits(id: string): Promise<readonly ApiLimits[]>;
	/** As it would stand in the configuration file: durations in words. */
	plan(id: string): Promise<PlanInput>;
	taggedPlan(id: string): Promise<TaggedPlan>;
	/** @param plan of any shape: what is wrong with it is in the ApiError's faults */
	putPlan(id: string, plan: object, tag: string): Promise<TaggedPlan>;
	advice(id: string, points: number): Promise<ApiAdvice>;
	/** Of the newest thousand points. */
	capability(id: string): Promise<ApiCapability>;
	points(id: string, query: PointQuery, signal?: AbortSignal): Promise<ApiPoints>;
	violations(query: ViolationQuery, signal?: AbortSignal): Promise<ApiList<ApiViolation>>;
	violation(id: string): Promise<ApiViolation>;
	act(id: string, act: 'acknowledge' | 'resolve'): Promise<void>;
	/** Streams side by side; times are microseconds. */
	compare(query: CompareRequest, signal?: AbortSignal): Promise<ApiCompare>;
	/** What happened beside a stream, the newest first, at most a hundred; times are microseconds. */
	events(query: EventsRequest, signal?: AbortSignal): Promise<ApiList<ApiEvent>>;
	/** Of language models, newest first. */
	calls(query: CallsRequest, signal?: AbortSignal): Promise<ApiList<ApiCall>>;
	/** Of the whole server: 403 for who sees one site. */
	system(): Promise<ApiSystem>;
	/** For everybody who may look: whether each part is well. */
	status(): Promise<ApiStatus>;
	/** How the pages look to who looks at them, as text; undefined when nothing is kept. */
	settings(): Promise<string | undefined>;
	keepSettings(text: string): Promise<void>;
	probe(): Promise<ProbeAnswer>;
}

export interface CompareRequest {
	readonly streams: string;
	readonly from: number;
	readonly to: number;
	/** Id of an event, before and after which is compared. */
	readonly event?: string | undefined;
}

export interface EventsRequest {
	readonly stream: string;
	readonly from: number;
	readonly to: number;
}

export interface CallsRequest {
	readonly stream?: string | undefined;
	readonly provider?: string | undefined;
	readonly model?: string | undefined;
	readonly failed?: boolean | undefined;
	readonly traceId?: string | undefined;
	readonly from?: string | undefined;
	readonly to?: string | undefined;
	readonly limit?: number | undefined;
	readonly cursor?: string | undefined;
}

const PAGE = 1000;
const PROBE_MS = 1_500;
/** Under this name they are kept. */
const SETTINGS = 'mine';

export interface ApiPorts {
	readonly fetch: typeof fetch;
	onUnauthorized(): void;
}

export function createApi(ports: ApiPorts): Api {
	async function call<T>(path: string, init?: RequestInit): Promise<T> {
		return (await (await answerOf(path, init)).json()) as T;
	}

	async function answerOf(path: string, init?: RequestInit): Promise<Response> {
		const response = await reach(path, init);
		if (response.status === 401) ports.onUnauthorized();
		if (!response.ok) throw await problemOf(response);
		return response;
	}

	async function tagged(path: string, init?: RequestInit): Promise<TaggedPlan> {
		const response = await answerOf(path, init);
		return { plan: (await response.json()) as PlanInput, tag: response.headers.get('etag') ?? '*' };
	}

	async function reach(path: string, init?: RequestInit): Promise<Response> {
		try {
			return await ports.fetch(`/api/v1${path}`, {
				...init,
				headers: {
					accept: 'application/json',
					...(init?.body ? { 'content-type': 'application/json' } : {}),
					...(init?.headers as Record<string, string> | undefined),
				},
			});
		} catch (error) {
			if (init?.signal?.aborted) throw error;
			throw new ApiError(0, m.ui_no_answer());
		}
	}

	async function streams(signal?: AbortSignal): Promise<readonly ApiStream[]> {
		const all: ApiStream[] = [];
		let cursor: string | null = '';
		while (cursor !== null) {
			const page: ApiList<ApiStream> = await call(`/streams?${query({ limit: PAGE, cursor: cursor || undefined })}`, {
				signal: signal ?? null,
			});
			all.push(...page.items);
			cursor = page.cursor ?? null;
		}
		return all;
	}

	return {
		streams,
		stream: (id) => call(`/streams/${encodeURIComponent(id)}`),
		limits: async (id) => itemsOf(await call(`/streams/${encodeURIComponent(id)}/limits`)),
		plan: (id) => call(`/streams/${encodeURIComponent(id)}/plan`),
		taggedPlan: (id) => tagged(`/streams/${encodeURIComponent(id)}/plan`),
		putPlan: (id, plan, tag) =>
			tagged(`/streams/${encodeURIComponent(id)}/plan`, {
				method: 'PUT',
				headers: { 'if-match': tag },
				body: JSON.stringify(plan),
			}),
		advice: (id, points) => call(`/streams/${encodeURIComponent(id)}/advice?${query({ points })}`),
		capability: (id) => call(`/streams/${encodeURIComponent(id)}/capability`),
		points: (id, range, signal) =>
			call(`/streams/${encodeURIComponent(id)}/points?${query({ ...range })}`, { signal: signal ?? null }),
		violations: (filter, signal) => call(`/violations?${query({ ...filter })}`, { signal: signal ?? null }),
		violation: (id) => call(`/violations/${encodeURIComponent(id)}`),
		act: async (id, act) =>
			void (await call(`/violations/${encodeURIComponent(id)}/${act}`, { method: 'POST', body: '{}' })),
		compare: (wanted, signal) => call(`/compare?${query({ ...wanted })}`, { signal: signal ?? null }),
		events: (wanted, signal) => call(`/events?${query({ ...wanted })}`, { signal: signal ?? null }),
		calls: (wanted, signal) => call(`/llm/calls?${query({ ...wanted })}`, { signal: signal ?? null }),
		system: () => call('/system'),
		status: () => call('/status'),
		settings: async () => {
			const kept: ApiList<{ readonly name: string; readonly query: string }> = await call('/me/views/settings');
			return kept.items.find(({ name }) => name === SETTINGS)?.query;
		},
		keepSettings: async (text) =>
			void (await call(`/me/views/settings/${SETTINGS}`, { method: 'PUT', body: JSON.stringify({ query: text }) })),
		probe: () => probe(ports.fetch),
	};
}

/** Lists come as `{items}`; a bare array is the same thing said shorter. */
function itemsOf<T>(answer: { readonly items: readonly T[] } | readonly T[]): readonly T[] {
	return 'items' in answer ? answer.items : answer;
}

function query(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(parameters)) if (value !== undefined) search.set(name, String(value));
	return search.toString();
}

export async function problemOf(response: Response): Promise<ApiError> {
	try {
		const { detail, title, errors } = (await response.json()) as Partial<ApiProblem>;
		const faults = errors?.map(({ path, message }) => ({ path, message: fieldWords(message) }));
		return new ApiError(response.status, problemWords(detail ?? title ?? response.statusText), faults);
	} catch {
		return new ApiError(response.status, problemWords(response.statusText));
	}
}

async function probe(fetcher: typeof fetch): Promise<ProbeAnswer> {
	try {
		const response = await fetcher('/api/v1/streams?limit=1', { signal: AbortSignal.timeout(PROBE_MS) });
		return response.status === 401 ? 'unauthorized' : 'up';
	} catch {
		return 'down';
	}
}
