import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '#contracts/principal.ts';
import type { Auth } from '../auth/port.ts';
import { Problem } from './problem.ts';
import type { Route } from './route.ts';

/** What stands before every row of the table, hot paths and sockets included. */
export interface Guard {
	/** @throws Problem 401, 403. @returns who asks; an open route is asked by nobody in particular */
	admit(route: Route, headers: IncomingHttpHeaders): Promise<Principal>;
}

const NOBODY: Principal = { kind: 'key', name: 'nobody', sites: [], scopes: [], writeSite: '' };

export function createGuard(auth: Auth): Guard {
	return {
		async admit(route, headers) {
			if (route.kind === 'socket' || route.method !== 'GET') refuseForeignPages(auth, headers);
			if (route.access === 'open') return NOBODY;
			const principal = await auth.resolve(headers);
			if (!principal) throw signInFirst();
			if (!principal.scopes.includes(route.access))
				throw new Problem(403, `This needs the scope "${route.access}", which ${principal.name} does not have.`);
			if (route.everySite && principal.sites !== 'all')
				throw new Problem(403, 'This is about the whole server; the key sees one site.');
			return principal;
		},
	};
}

function refuseForeignPages(auth: Auth, headers: IncomingHttpHeaders): void {
	const fault = auth.originFault(headers);
	if (fault !== undefined) throw new Problem(403, fault);
}

function signInFirst(): Problem {
	const detail = 'Open the start link that the server printed, or send an API key as "Authorization: Bearer <key>".';
	return new Problem(401, detail, { headers: { 'www-authenticate': 'Bearer realm="sigmascope"' } });
}
