import type { IncomingMessage, ServerResponse } from 'node:http';
import { principalFor, type Principal } from '#contracts/principal.ts';
import type { Auth } from '../auth/port.ts';
import type { LlmProxy } from '../llm/port.ts';
import { ProxyFault } from '../llm/port.ts';
import { Problem, sendProblem } from './problem.ts';

const KEY_HEADER = 'x-sigmascope-key';

export function isProxyPath(url: string): boolean {
	return url.startsWith('/proxy/');
}

/**
 * The way to providers: the key of ours comes in a header of its own, because `Authorization` is the provider's. A browser cannot be
 * led here: neither a link nor a form has that header, and a page of another origin may not send it.
 */
export function createProxyDoor({ auth, proxy }: { readonly auth: Auth; readonly proxy: LlmProxy }) {
	return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		// The provider's number of the request is what its clients look for.
		response.removeHeader('x-request-id');
		try {
			await proxy.handle(request, response, await principalOf(auth, request));
		} catch (error) {
			if (!(error instanceof ProxyFault || error instanceof Problem)) throw error;
			request.resume();
			sendProblem(response, error instanceof Problem ? error : new Problem(error.status, error.message));
		}
	};
}

async function principalOf(auth: Auth, { headers }: IncomingMessage): Promise<Principal> {
	const fault = auth.originFault(headers);
	if (fault !== undefined) throw new Problem(403, fault);
	const key = headers[KEY_HEADER];
	const who = typeof key === 'string' ? await auth.resolve({ authorization: `Bearer ${key}` }) : undefined;
	if (!who) throw new Problem(401, `Send an API key with the scope "proxy" as ${KEY_HEADER}.`);
	const principal = principalFor(who, 'proxy');
	if (!principal) throw new Problem(403, `This needs the right "proxy", which ${who.name} does not have.`);
	return principal;
}
