import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { ProxyTargetConfig } from '#contracts/config.ts';
import { messageOf, RetriableError } from '#contracts/error.ts';
import type { Principal } from '#contracts/principal.ts';
import { quote } from '#contracts/stream.ts';
import type { NowMicros } from '#contracts/time.ts';
import { apiOfPath } from '#lib/llm/api.ts';
import { ProxyFault, type Calls, type LlmProxy } from '../port.ts';
import { forward, type Ending, type Witness } from './forward.ts';
import { ourKeyIn } from './headers.ts';
import { measureCall } from './measured.ts';
import { createRecorder } from './recorder.ts';
import { createTargets, type ProxyTarget } from './targets.ts';

const UNWATCHED: Witness = {
	sent: () => undefined,
	asked: () => undefined,
	answered: () => undefined,
	chunk: () => undefined,
};

/**
 * Sends calls on to the providers that the configuration names and measures them as they pass. What is asked and answered is neither
 * changed nor kept; keys pass through.
 */
export function createProxy(parts: {
	readonly targets: Readonly<Record<string, ProxyTargetConfig>>;
	readonly calls: Pick<Calls, 'take'>;
	readonly now: NowMicros;
	/** A stopwatch, in milliseconds. */
	readonly nowMs: () => number;
	readonly log: Logger;
	readonly registry: Registry;
}): LlmProxy {
	const { now, nowMs } = parts;
	const targets = createTargets(parts.targets);
	const recorder = createRecorder(parts);

	function asked(request: IncomingMessage): { readonly target: ProxyTarget; readonly path: string } {
		const [, name = '', path = '/'] = /^\/proxy\/([^/?#]+)(.*)$/.exec(request.url ?? '') ?? [];
		const target = targets.get(name);
		if (!target) throw new ProxyFault(404, unknownTarget(name, targets));
		const header = ourKeyIn(request.headers);
		if (header !== undefined)
			throw new ProxyFault(400, `${header} holds a key of this server: send that one as x-sigmascope-key`);
		if (leavesBase(path)) throw new ProxyFault(400, 'the path goes up with "..", which could leave the target');
		return { target, path: path.startsWith('/') ? path : `/${path}` };
	}

	async function pass(request: IncomingMessage, response: ServerResponse, principal: Principal): Promise<Ending> {
		const { target, path } = asked(request);
		const api = request.method === 'POST' ? apiOfPath(path.split('?')[0]!) : undefined;
		const watched = { target, request, path: path.split('?')[0]!, startedMicros: now(), nowMs };
		const measured = api && measureCall({ ...watched, api });
		const witness = measured?.witness ?? UNWATCHED;
		if (request.headers.expect !== undefined) response.writeContinue();
		const ending = await forward({ target, path, request, response, witness, nowMs });
		if (measured) recorder.add(principal, await measured.call(ending));
		return ending;
	}

	return {
		async handle(request, response, principal) {
			try {
				const ending = await pass(request, response, principal);
				if (ending.kind === 'failed' && !ending.hasBegun)
					throw new ProxyFault(502, `the provider cannot be reached: ${messageOf(ending.error)}`);
			} catch (error) {
				if (error instanceof RetriableError) throw new ProxyFault(503, messageOf(error));
				throw error;
			}
		},
		flush: recorder.flush,
		close() {
			for (const { agent } of targets.values()) agent.destroy();
		},
	};
}

function unknownTarget(name: string, targets: ReadonlyMap<string, ProxyTarget>): string {
	const known = [...targets.keys()].join(', ') || 'none';
	return `there is no target ${quote(name)} under proxy.targets in the configuration; there are: ${known}`;
}

/** Also where a dot or a slash is spelt as a percent sign and digits: who reads it next may undo that. */
function leavesBase(path: string): boolean {
	const plain = path
		.split(/[?#]/)[0]!
		.replace(/%2e/gi, '.')
		.replace(/%2f|%5c|\\/gi, '/');
	return plain.split('/').includes('..');
}
