import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LlmProxy } from '#server/llm/port.ts';
import { ProxyFault } from '#server/llm/port.ts';
import type { Guard } from '#server/http/guard.ts';
import { Problem, sendProblem } from '#server/http/problem.ts';

const KEY_HEADER = 'x-sigmascope-key';

export function isProxyPath(url: string): boolean {
	return url.startsWith('/proxy/');
}

/**
 * The way to providers: the key of ours comes in a header of its own, because `Authorization` is the provider's. A browser cannot be
 * led here: neither a link nor a form has that header, and a page of another origin may not send it.
 */
export function createProxyDoor({ guard, proxy }: { readonly guard: Guard; readonly proxy: LlmProxy }) {
	return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		// The provider's number of the request is what its clients look for.
		response.removeHeader('x-request-id');
		try {
			const { headers } = request;
			const key = headers[KEY_HEADER];
			const principal = await guard.admitKey('proxy', typeof key === 'string' ? key : undefined, headers);
			await proxy.handle(request, response, principal);
		} catch (error) {
			if (!(error instanceof ProxyFault || error instanceof Problem)) throw error;
			request.resume();
			sendProblem(response, error instanceof Problem ? error : new Problem(error.status, error.message));
		}
	};
}
