import type { ApiLimits, ApiList, ApiPoints, ApiProblem, ApiStream, ApiViolation } from '#contracts/api.ts';
import type { PlanInput } from '#contracts/plan.ts';
import type { ProbeAnswer } from './watchdog.ts';

/** What the server answered when it did not answer with what was asked for. */
export class ApiError extends Error {
	override readonly name = 'ApiError';
	readonly status: number;
	constructor(status: number, detail: string) {
		super(detail);
		this.status = status;
	}
}

export interface ViolationQuery {
	readonly stream?: string;
	readonly rule?: string;
	readonly state?: string;
	readonly active?: boolean;
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
	points(id: string, query: PointQuery, signal?: AbortSignal): Promise<ApiPoints>;
	violations(query: ViolationQuery, signal?: AbortSignal): Promise<ApiList<ApiViolation>>;
	violation(id: string): Promise<ApiViolation>;
	act(id: string, act: 'acknowledge' | 'resolve'): Promise<void>;
	probe(): Promise<ProbeAnswer>;
}

const PAGE = 1000;
const PROBE_MS = 1_500;

export interface ApiPorts {
	readonly fetch: typeof fetch;
	onUnauthorized(): void;
}

export function createApi(ports: ApiPorts): Api {
	async function call<T>(path: string, init?: RequestInit): Promise<T> {
		const response = await reach(path, init);
		if (response.status === 401) ports.onUnauthorized();
		if (!response.ok) throw new ApiError(response.status, await problemOf(response));
		return (await response.json()) as T;
	}

	async function reach(path: string, init?: RequestInit): Promise<Response> {
		try {
			return await ports.fetch(`/api/v1${path}`, {
				...init,
				headers: { accept: 'application/json', ...(init?.body ? { 'content-type': 'application/json' } : {}) },
			});
		} catch (error) {
			if (init?.signal?.aborted) throw error;
			throw new ApiError(0, 'the server does not answer');
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
		points: (id, range, signal) =>
			call(`/streams/${encodeURIComponent(id)}/points?${query({ ...range })}`, { signal: signal ?? null }),
		violations: (filter, signal) => call(`/violations?${query({ ...filter })}`, { signal: signal ?? null }),
		violation: (id) => call(`/violations/${encodeURIComponent(id)}`),
		act: async (id, act) =>
			void (await call(`/violations/${encodeURIComponent(id)}/${act}`, { method: 'POST', body: '{}' })),
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

async function problemOf(response: Response): Promise<string> {
	try {
		const problem = (await response.json()) as Partial<ApiProblem>;
		return problem.detail ?? problem.title ?? response.statusText;
	} catch {
		return response.statusText;
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
