import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { z } from '@hono/zod-openapi';
import type { Logger } from 'pino';
import { messageOf } from '#contracts/error.ts';
import type { Bodies } from './body.ts';
import { check, onlyOnce } from './check.ts';
import { pack } from './compress.ts';
import type { Guard } from './guard.ts';
import { PROBLEM_TYPE, Problem, problemBody, problemOf } from './problem.ts';
import { patternOf, type AnswerRoute, type Asked, type Reply, type Route } from './route.ts';

/** Bodies of documents (plans, acts) are small; points have their own way in. */
const MAX_DOCUMENT_BYTES = 1024 * 1024;
const NO_QUERY = z.strictObject({});

type Env = { Bindings: HttpBindings };

/** Serves the rows of the table that answer with a document; paths of no row get a problem. */
export function createRouter(options: {
	readonly table: readonly Route[];
	readonly guard: Guard;
	readonly bodies: Bodies;
	readonly log: Logger;
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
	const { table, guard, bodies, log } = options;
	const app = new Hono<Env>();
	for (const route of table) {
		if (route.kind === 'raw') continue;
		app.on(route.method, honoPath(route.path), async (c) => {
			const { incoming: asking } = c.env;
			const { principal, who } = await guard.admit(route, asking);
			if (route.kind === 'socket') throw upgradeFirst();
			const input = await readInput(route, c, bodies);
			const reply = await route.handle({ ...input, principal, who, asking, headers: asking.headers });
			return respond(reply, route, c.req.header('accept-encoding') ?? '');
		});
	}
	app.notFound((c) => respondProblem(missing(table, c.req.method, c.req.path)));
	app.onError((error, c) => {
		const problem = problemOf(error);
		if (!problem) log.error({ err: error, method: c.req.method, path: c.req.path }, 'cannot answer a request');
		return respondProblem(problem ?? new Problem(500, 'Something failed here; the log of the server says what.'));
	});
	return getRequestListener(app.fetch, { overrideGlobalObjects: false });
}

function upgradeFirst(): Problem {
	return new Problem(426, 'This is a WebSocket.', { headers: { upgrade: 'websocket', connection: 'upgrade' } });
}

function honoPath(path: string): string {
	return path.replace(/\{(\w+)\}/g, ':$1');
}

async function readInput(
	route: AnswerRoute,
	c: Context<Env>,
	bodies: Bodies,
): Promise<Pick<Asked, 'params' | 'query' | 'body'>> {
	const { params, query, body } = route.input;
	return {
		params: params && check(params, c.req.param(), 'path'),
		query: check(query ?? NO_QUERY, onlyOnce(new URL(c.req.url).searchParams), 'query'),
		body: body && check(body, await readJson(c, bodies), '$'),
	} as unknown as Pick<Asked, 'params' | 'query' | 'body'>;
}

/** An empty body is an empty document; what a page elsewhere can send without asking (text, forms) is none. */
async function readJson(c: Context<Env>, bodies: Bodies): Promise<unknown> {
	const { incoming: request, outgoing: response } = c.env;
	return bodies.use({ request, response, maxBytes: MAX_DOCUMENT_BYTES }, async (bytes) => {
		if (bytes.length === 0) return {};
		const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
		if (!/^application\/(?:[\w.-]+\+)?json$/.test(type)) throw new Problem(415, 'Send application/json.');
		try {
			return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
		} catch (error) {
			const message = `is not JSON: ${messageOf(error)}`;
			throw new Problem(400, `The body ${message}`, { faults: [{ path: '$', message }] });
		}
	});
}

async function respond(reply: Reply, route: AnswerRoute, accepts: string): Promise<Response> {
	if (reply.body === undefined)
		return new Response(null, { status: 204, headers: { 'cache-control': 'no-store', ...reply.headers } });
	if (reply.body instanceof Uint8Array)
		return new Response(new Uint8Array(reply.body), {
			headers: { 'content-type': route.output.type, 'cache-control': 'no-store', ...reply.headers },
		});
	const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
	const { bytes, headers } = await pack(text, accepts);
	return new Response(bytes, {
		status: reply.status ?? route.output.status,
		headers: { 'content-type': route.output.type, 'cache-control': 'no-store', ...headers, ...reply.headers },
	});
}

function respondProblem(problem: Problem): Response {
	return new Response(JSON.stringify(problemBody(problem)), {
		status: problem.status,
		headers: { ...problem.headers, 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store' },
	});
}

function missing(table: readonly Route[], method: string, path: string): Problem {
	const methods = table.filter((route) => patternOf(route.path).test(path)).map((route) => route.method);
	if (methods.length === 0) return new Problem(404, `There is nothing at ${path}; /api/docs lists what there is.`);
	const allow = [...new Set(methods)].join(', ');
	return new Problem(405, `${method} is not possible here; ${allow} is.`, { headers: { allow } });
}
