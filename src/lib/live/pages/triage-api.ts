import type { ApiList, ApiViolation } from '#contracts/api.ts';
import type { ViolationState } from '#contracts/violation.ts';
import { ApiError, problemOf, type ViolationQuery } from '#lib/live/api.ts';
import { createViewsApi, type ViewsApi } from './views-api.ts';
import * as m from '#messages';

export const GROUPINGS = ['asset', 'stream', 'rule', 'cause', 'severity', 'assignee'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface ApiGroup {
	/** Null: no cause, nobody. */
	readonly key: string | null;
	readonly title: string | null;
	readonly count: number;
	readonly unresolved: number;
	readonly active: number;
	readonly critical: number;
	readonly newestAt: string;
}

export interface ApiDurations {
	readonly count: number;
	readonly medianMs: number | null;
	readonly p90Ms: number | null;
}
export interface ApiHandling {
	readonly opened: number;
	readonly acknowledged: ApiDurations;
	readonly resolved: ApiDurations;
}
export interface ApiSummary {
	readonly total: ApiHandling;
	readonly weeks: readonly (ApiHandling & { readonly from: string })[];
	readonly isCut: boolean;
}

export interface ApiStanding {
	readonly state: ViolationState;
	readonly assignee: string | null;
	readonly cause: string | null;
}
export interface ApiChanged {
	readonly id: string;
	readonly before: ApiStanding;
	readonly after: ApiStanding;
}
export interface ApiActsResult {
	readonly changed: readonly ApiChanged[];
	readonly unchanged: number;
	readonly refused: readonly string[];
	readonly more: boolean;
}

/** What is done to many; `assignee` goes with assign, `cause` with resolve. */
export interface ManyAct {
	readonly act: 'acknowledge' | 'assign' | 'resolve' | 'reopen';
	readonly cause?: string;
	readonly assignee?: string | null;
	readonly comment?: string;
}
/** Either named ones, or all that a filter finds. */
export type Which = { readonly ids: readonly string[] } | { readonly filter: Omit<ViolationQuery, 'limit' | 'cursor'> };

export interface ApiStep {
	readonly step: string;
	readonly done: { readonly at: string; readonly by: string } | null;
	readonly isPlanned: boolean;
}
export interface ApiCase {
	readonly openedAt: string | null;
	readonly acknowledgedAt: string | null;
	readonly resolvedAt: string | null;
	readonly steps: readonly ApiStep[];
}

export interface ApiNeighbour {
	readonly stream: { readonly id: string; readonly key: string; readonly unit: string };
	readonly t: string;
	readonly v: number;
	readonly sigmas: number | null;
}

export interface ApiSimilar {
	readonly items: readonly ApiViolation[];
	readonly causes: readonly { readonly cause: string | null; readonly count: number }[];
	readonly count: number;
}

export interface ApiKnownCause {
	readonly name: string;
	readonly title: string;
	readonly isRetired: boolean;
	readonly mergedInto: string | null;
	/** Null for who does not see every site. */
	readonly uses: number | null;
}

/** Violations by the dozen, and what is known of one. Every method rejects with ApiError. */
export interface TriageApi extends ViewsApi {
	groups(by: Grouping, filter: ViolationQuery): Promise<readonly ApiGroup[]>;
	summary(filter: ViolationQuery): Promise<ApiSummary>;
	actOnMany(which: Which, act: ManyAct): Promise<ApiActsResult>;
	undo(changed: readonly ApiChanged[]): Promise<ApiActsResult>;
	caseOf(violation: string): Promise<ApiCase>;
	tick(violation: string, step: string, isDone: boolean): Promise<ApiCase>;
	similar(violation: string): Promise<ApiSimilar>;
	around(violation: string): Promise<readonly ApiNeighbour[]>;
	causes(): Promise<readonly ApiKnownCause[]>;
	putCause(name: string, cause: { readonly title: string; readonly isRetired: boolean }): Promise<void>;
	/** @returns how many violations name the other one now */
	mergeCause(name: string, into: string): Promise<number>;
	removeCause(name: string): Promise<void>;
}

export function createTriageApi(fetcher: typeof fetch): TriageApi {
	async function call<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T> {
		const headers = { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) };
		const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
		const response = await fetcher(`/api/v1${path}`, init).catch(() => {
			throw new ApiError(0, m.ui_no_answer());
		});
		if (!response.ok) throw await problemOf(response);
		return (response.status === 204 ? undefined : await response.json()) as T;
	}
	const items = async <T>(path: string) => (await call<ApiList<T>>('GET', path)).items;
	const of = encodeURIComponent;
	const one = (id: string, more: string) => `/violations/${of(id)}/${more}`;
	return {
		groups: (by, filter) => items(`/violations/groups?${search({ by, ...filter })}`),
		summary: (filter) => call('GET', `/violations/summary?${search({ ...filter })}`),
		actOnMany: (which, act) => {
			const asked = 'filter' in which ? { filter: textsOf({ ...which.filter }) } : which;
			return call('POST', '/violations/acts', { ...asked, ...act });
		},
		undo: (changed) => call('POST', '/violations/acts/undo', { changed }),
		caseOf: (id) => call('GET', one(id, 'case')),
		tick: (id, step, isDone) => call('PUT', one(id, 'steps'), { step, isDone }),
		similar: (id) => call('GET', one(id, 'similar')),
		around: (id) => items(one(id, 'around')),
		causes: () => items('/causes'),
		putCause: async (name, cause) => void (await call('PUT', `/causes/${of(name)}`, cause)),
		mergeCause: async (name, into) =>
			(await call<{ readonly violations: number }>('POST', `/causes/${of(name)}/merge`, { into })).violations,
		removeCause: (name) => call('DELETE', `/causes/${of(name)}`),
		...createViewsApi(fetcher, 'violations'),
	};
}

type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

/** As in an address, where everything is text. */
function textsOf(parameters: Parameters): Record<string, string> {
	const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
	return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

function search(parameters: Parameters): string {
	return new URLSearchParams(textsOf(parameters)).toString();
}
