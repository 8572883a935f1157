import { createBucket } from '#contracts/bucket.ts';
import { principalFor, type Principal, type Who } from '#contracts/principal.ts';
import type { Right } from '#contracts/rights.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { Asking, Auth } from '../auth/port.ts';
import { Problem } from './problem.ts';
import type { Route } from './route.ts';

/** Who is let in to a route, and the sites on which it may do what the route does. */
export interface Admitted {
	readonly principal: Principal;
	/** Undefined where the route is open: nobody was asked who it is. */
	readonly who: Who | undefined;
}

/** What stands before every row of the table, hot paths and sockets included. Nothing is let in that no row names. */
export interface Guard {
	/** @throws Problem 401, 403; QuotaError when somebody asks too often */
	admit(route: Route, asking: Asking): Promise<Admitted>;
	/**
	 * For a door whose key comes in a header of its own.
	 *
	 * @throws Problem 401, 403
	 */
	admitKey(right: Right, key: string | undefined, headers: Asking['headers']): Promise<Principal>;
	/** For a socket that is open. @returns undefined when who opened it would not be let in any more */
	again(route: Route, headers: Asking['headers']): Promise<Principal | undefined>;
}

const NOBODY: Principal = { kind: 'key', name: 'nobody', sites: [], scopes: [], writeSite: '' };

/** Far above what pages do; keeps a loop that ran wild from everybody else. Points are counted as points (ingest). */
const BURST = 5000;
const PER_MINUTE = 30_000;

export function createGuard(auth: Auth, now: NowMicros): Guard {
	const requests = createBucket({
		burst: BURST,
		perMinute: PER_MINUTE,
		now,
		message: `More than ${PER_MINUTE / 60} requests a second: wait for Retry-After.`,
	});

	return {
		async admit(route, asking) {
			const { headers } = asking;
			if (route.kind === 'socket' || route.method !== 'GET') refuseForeignPages(auth, headers);
			if (route.access === 'open') return { principal: NOBODY, who: undefined };
			const who = await auth.resolve(headers);
			if (!who) throw signInFirst();
			if (route.kind === 'answer') requests.take(who.id);
			return { principal: permitted(route, who), who };
		},
		async admitKey(right, key, headers) {
			refuseForeignPages(auth, headers);
			const who = key === undefined ? undefined : await auth.resolve({ authorization: `Bearer ${key}` });
			if (!who) throw new Problem(401, `Send an API key with the scope "${right}" in the header that is made for it.`);
			const principal = principalFor(who, right);
			if (!principal) throw lacks(right, who);
			return principal;
		},
		async again(route, headers) {
			const who = await auth.resolve(headers);
			return who && allowed(route, who);
		},
	};
}

function allowed(route: Route, who: Who): Principal | undefined {
	const principal = route.access === 'open' ? NOBODY : principalFor(who, route.access);
	return route.everySite && principal?.sites !== 'all' ? undefined : principal;
}

/** @throws Problem 403 */
function permitted(route: Route, who: Who): Principal {
	const principal = allowed(route, who);
	if (principal) return principal;
	if (route.everySite) throw new Problem(403, `This is about the whole server, which ${who.name} does not see.`);
	throw lacks(route.access, who);
}

function lacks(right: Route['access'], who: Who): Problem {
	return new Problem(403, `This needs the right "${right}", which ${who.name} does not have.`);
}

function refuseForeignPages(auth: Auth, headers: Asking['headers']): void {
	const fault = auth.originFault(headers);
	if (fault !== undefined) throw new Problem(403, fault);
}

function signInFirst(): Problem {
	const detail =
		'Sign in, open the start link that the server printed, or send an API key as "Authorization: Bearer <key>".';
	return new Problem(401, detail, { headers: { 'www-authenticate': 'Bearer realm="sigmascope"' } });
}
