import type { ApiList } from '#contracts/api.ts';
import type { Severity } from '#contracts/violation.ts';
import { ApiError, problemOf } from '#lib/live/api.ts';
import * as m from '#messages';

export interface ApiAlertChannel {
	readonly id: string;
	readonly type: string;
	readonly title: string;
	readonly state: 'on' | 'held' | 'off';
	readonly reason: string | null;
	readonly heldUntil: string | null;
	readonly waiting: number;
	readonly dead: number;
	readonly sent: number;
}

export interface ApiAlerts {
	readonly routes: readonly {
		readonly name: string;
		readonly config: { readonly minSeverity: Severity; readonly groupFor: string; readonly groupBy: string };
		readonly channels: readonly ApiAlertChannel[];
	}[];
	readonly noLinks: string | null;
}

export interface ApiAlertAttempt {
	readonly id: string;
	readonly message: string;
	readonly channel: string;
	readonly at: string;
	readonly attempt: number;
	readonly tookMs: number;
	readonly outcome: 'sent' | 'failed' | 'gave-up';
	readonly detail: string;
}

export interface ApiAlertMessage {
	readonly id: string;
	readonly channel: string;
	readonly createdAt: string;
	readonly detail: string | null;
	readonly count: number;
	readonly violations: readonly { readonly id: string; readonly key: string; readonly change: string }[];
}

export interface ApiAlertTest {
	readonly ok: boolean;
	readonly tookMs: number;
	readonly fault: string | null;
	readonly request: string;
	readonly answer: string;
}

export interface ApiAlertPreview {
	readonly looked: number;
	readonly told: number;
	readonly suppressed: number;
	readonly messages: number;
	readonly isCut: boolean;
	readonly items: readonly {
		readonly at: string;
		readonly count: number;
		readonly violations: readonly { readonly id: string; readonly key: string }[];
	}[];
}

/** A secret that channels may name; not what it is. */
export interface ApiKeptSecret {
	readonly name: string;
	readonly at: string;
	readonly by: string;
}

export interface ApiDraftFault {
	/** From 1. */
	readonly line: number;
	readonly column: number;
	readonly path: string;
	readonly message: string;
}

export interface ApiAlertDraft {
	readonly faults: readonly ApiDraftFault[];
	readonly routes: readonly { readonly name: string; readonly preview: ApiAlertPreview }[];
}

export interface ApiViolationAct {
	readonly id: string;
	readonly at: string;
	readonly by: string;
	readonly act: string;
	readonly comment: string | null;
	readonly after: { readonly assignee?: string | null; readonly cause?: string | null } | null;
}

/** Alerts, and what people do about violations. Every method rejects with ApiError. */
export interface AlertsApi {
	overview(): Promise<ApiAlerts>;
	log(): Promise<readonly ApiAlertAttempt[]>;
	dead(): Promise<readonly ApiAlertMessage[]>;
	resend(message: string): Promise<void>;
	enable(channel: string): Promise<void>;
	test(channel: string): Promise<ApiAlertTest>;
	preview(name: string, days: number): Promise<ApiAlertPreview>;
	draft(yaml: string, days: number): Promise<ApiAlertDraft>;
	secrets(): Promise<readonly ApiKeptSecret[]>;
	putSecret(name: string, secret: string): Promise<void>;
	removeSecret(name: string): Promise<void>;
	trail(violation: string): Promise<readonly ApiViolationAct[]>;
	act(violation: string, act: 'acknowledge' | 'resolve' | 'reopen' | 'comment' | 'assign', body: object): Promise<void>;
}

const DAY_MS = 24 * 3_600_000;

export function createAlertsApi(fetcher: typeof fetch, nowMs: () => number): AlertsApi {
	async function call<T>(path: string, body?: object, method = body ? 'POST' : 'GET'): Promise<T> {
		const headers = { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) };
		const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
		const response = await fetcher(`/api/v1${path}`, init).catch(() => {
			throw new ApiError(0, m.ui_no_answer());
		});
		if (!response.ok) throw await problemOf(response);
		return (response.status === 204 ? undefined : await response.json()) as T;
	}
	const items = async <T>(path: string) => (await call<ApiList<T>>(path)).items;
	const of = (id: string) => encodeURIComponent(id);
	const lastDays = (days: number) => {
		const to = nowMs();
		return { from: new Date(to - days * DAY_MS).toISOString(), to: new Date(to).toISOString() };
	};
	return {
		overview: () => call('/alerts'),
		log: () => items('/alerts/log?limit=30'),
		dead: () => items('/alerts/messages?state=dead&limit=30'),
		resend: (message) => call(`/alerts/messages/${of(message)}/resend`, {}),
		enable: (channel) => call(`/alerts/channels/${of(channel)}/enable`, {}),
		test: (channel) => call(`/alerts/channels/${of(channel)}/test`, {}),
		preview: (name, days) => call('/alerts/preview', { name, ...lastDays(days) }),
		secrets: () => items('/secrets'),
		putSecret: (name, secret) => call(`/secrets/${of(name)}`, { secret }, 'PUT'),
		removeSecret: (name) => call(`/secrets/${of(name)}`, undefined, 'DELETE'),
		draft: (yaml, days) => call('/alerts/draft', { yaml, ...lastDays(days) }),
		trail: (violation) => items(`/violations/${of(violation)}/trail`),
		act: (violation, act, body) => call(`/violations/${of(violation)}/${act}`, body),
	};
}
