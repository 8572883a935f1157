import type { Limits } from '#contracts/limits.ts';
import { DEFAULT_PLAN } from '#contracts/plan.ts';
import type { Verdict } from '#contracts/verdict.ts';
import type { Episode } from '#contracts/violation.ts';
import type { Actor } from './port-acts.ts';
import type { NewAccount, StoredSession } from './port-people.ts';
import type { NewStream } from './port.ts';

export function newStream(key: string, more: Partial<NewStream> = {}): NewStream {
	return {
		site: 'plant-a',
		key,
		labels: {},
		asset: 'press-1',
		kind: 'machine',
		unit: '°C',
		plan: DEFAULT_PLAN,
		...more,
	};
}

export function episode(id: string, more: Partial<Episode> = {}): Episode {
	return {
		id,
		streamId: 1,
		chart: 'i',
		rule: 1,
		side: 'above',
		firstMicros: 1_700_000_000_000_000,
		lastMicros: 1_700_000_000_000_000,
		endedMicros: null,
		active: true,
		severity: 'warning',
		points: 1,
		value: 4.25,
		centre: 0,
		sigma: 1,
		limitsId: 'l1',
		spanFromMicros: 1_700_000_000_000_000,
		revision: 1,
		context: { before: [{ tMicros: 1, v: 0.5 }], at: [{ tMicros: 2, v: 4.25 }], after: [], complete: false },
		historical: false,
		...more,
	};
}

export function limits(id: string, more: Partial<Limits> = {}): Limits {
	return {
		id,
		streamId: 1,
		chart: 'i',
		fromMicros: 1_700_000_000_000_000,
		centre: 0.1,
		sigma: 1.25,
		lcl: -3.65,
		ucl: 3.85,
		rules: [1, 2],
		method: 'moving-range',
		baseline: { points: 100, excluded: 2, fromMicros: 1, toMicros: 2 },
		notes: ['provisional: autocorrelated'],
		lag1: 0.6,
		...more,
	};
}

export const opened = (one: Episode): Verdict => ({ type: 'violation.opened', episode: one });
export const updated = (one: Episode): Verdict => ({ type: 'violation.updated', episode: one });
export const ended = (one: Episode): Verdict => ({ type: 'violation.ended', episode: one });
export const learnt = (one: Limits): Verdict => ({ type: 'limits', limits: one });

export const ANN: Actor = { name: 'ann', id: 'person:1', address: '10.0.0.7' };

export function newAccount(email: string, more: Partial<NewAccount> = {}): NewAccount {
	return {
		email,
		name: email.split('@')[0] ?? '',
		password: null,
		grants: [{ site: 'plant-a', role: 'viewer' }],
		...more,
	};
}

export function storedSession(id: string, more: Partial<StoredSession> = {}): StoredSession {
	const times = { createdMicros: 1, expiresMicros: 10, endsMicros: 20, seenMicros: 1 };
	return { id, accountId: 1, ...times, address: '10.0.0.7', agent: 'Firefox', ...more };
}
