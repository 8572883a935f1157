import { OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import { PROBLEM_TYPE } from './problem.ts';
import type { AnswerRoute, Inputs, RawRoute, Route } from './route.ts';
import { problemSchema } from './schemas.ts';

interface Described {
	readonly description: string;
	readonly content?: Record<string, { schema: z.ZodType }>;
}
const METHODS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

type Responses = Record<number, Described>;

/** @returns the table as an OpenAPI 3.1 document */
export function describeApi(table: readonly Route[], version: string) {
	const app = new OpenAPIHono();
	for (const route of table) app.openAPIRegistry.registerPath(describe(route));
	app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
	return app.getOpenAPI31Document({
		openapi: '3.1.0',
		info: {
			title: 'Sigmascope',
			version,
			description:
				'Times in answers are RFC 3339 UTC, except inside column arrays, which are integer microseconds; parameters and bodies take either. Errors are RFC 9457 problems.',
		},
	});
}

function describe(route: Route) {
	return createRoute({
		method: METHODS[route.method],
		path: route.path,
		tags: [route.tag],
		summary: route.summary,
		...(route.access === 'open' ? {} : { security: [{ key: [route.access] }] }),
		request: requestOf(route),
		responses: { ...usualProblems(route), ...answersOf(route) },
	});
}

function requestOf(route: Route) {
	const input: Inputs = route.kind === 'socket' ? {} : route.input;
	const content =
		route.kind === 'raw'
			? Object.fromEntries(Object.entries(route.accepts).map(([type, words]) => [type, { schema: inWords(words) }]))
			: input.body && { 'application/json': { schema: input.body } };
	return {
		...(input.params ? { params: input.params } : {}),
		...(input.query ? { query: input.query } : {}),
		...(content ? { body: { content, required: true } } : {}),
	};
}

function inWords(description: string) {
	return z.string().openapi({ description });
}

function answersOf(route: Route): Responses {
	switch (route.kind) {
		case 'socket':
			return { 101: { description: 'A WebSocket; its messages are described in docs/' } };
		case 'raw':
			return rawAnswers(route);
		case 'answer':
			return {
				[route.output.status]: {
					description: route.summary,
					...(route.output.status === 204 ? {} : { content: { [route.output.type]: { schema: route.output.schema } } }),
				},
				...Object.fromEntries(Object.entries(route.problems).map(([status, detail]) => [status, problem(detail)])),
			};
	}
}

function rawAnswers(route: RawRoute): Responses {
	return Object.fromEntries(
		Object.entries(route.answers).map(([status, { detail, schema }]) => {
			if (schema) return [status, { description: detail, content: { 'application/json': { schema } } }];
			return [status, Number(status) < 400 && !schema ? { description: detail } : problem(detail)];
		}),
	);
}

function usualProblems(route: Route): Responses {
	const known: [boolean, number, string][] = [
		[hasInput(route), 400, 'The input is not what it should be; `errors` says where'],
		[route.access !== 'open', 401, 'Nobody is signed in'],
		[route.access !== 'open', 403, 'Not with this key'],
		[route.path.includes('{'), 404, 'There is no such thing, or not for you'],
	];
	return Object.fromEntries(known.filter(([is]) => is).map(([, status, detail]) => [status, problem(detail)]));
}

function hasInput(route: Route): boolean {
	return (
		route.kind === 'raw' || ((route as AnswerRoute).input?.query ?? (route as AnswerRoute).input?.body) !== undefined
	);
}

function problem(description: string) {
	return { description, content: { [PROBLEM_TYPE]: { schema: problemSchema } } };
}
