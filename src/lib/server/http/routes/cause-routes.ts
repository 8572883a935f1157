import { z } from '@hono/zod-openapi';
import { actorOf } from '#server/http/actor.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { notFound, Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { listOf } from '#server/http/schemas.ts';

const fields = { name: z.string(), title: z.string(), isRetired: z.boolean() };
const causeSchema = z.strictObject(fields).openapi('Cause');
const knownSchema = z
	.strictObject({
		...fields,
		mergedInto: z.string().nullable(),
		uses: z
			.number()
			.int()
			.nullable()
			.openapi({ description: 'Violations that name it, on every site; for who sees every site' }),
	})
	.openapi('KnownCause');
const NAME = z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'must be lower-case letters, digits and dashes');
const PARAMS = z.object({ name: NAME });

/** The catalogue that violations are resolved with. What one is named by is never removed: it still says so. */
export function causeRoutes(ports: HttpPorts): AnswerRoute[] {
	return [listRoute(ports), putRoute(ports), mergeRoute(ports), removeRoute(ports)];
}

const acting = { access: 'plan', everySite: true, tag: 'Violations' } as const;

function listRoute({ metadata }: HttpPorts): AnswerRoute {
	return answer({
		method: 'GET',
		path: '/api/v1/causes',
		access: 'read',
		tag: 'Violations',
		summary: 'What may have caused a violation',
		output: { schema: listOf(knownSchema, 'CauseList') },
		async handle({ who }) {
			const causes = await metadata.causes.list();
			// How often is counted over every site.
			const isWhole = who?.rights.read === 'all';
			return { body: { items: causes.map((cause) => (isWhole ? cause : { ...cause, uses: 0 })), cursor: null } };
		},
	});
}

function putRoute({ metadata, auth }: HttpPorts): AnswerRoute {
	return answer({
		...acting,
		method: 'PUT',
		path: '/api/v1/causes/{name}',
		summary: 'Add a cause, rename or retire one',
		input: {
			params: PARAMS,
			body: z.strictObject({ title: z.string().trim().min(1).max(100), isRetired: z.boolean().default(false) }),
		},
		output: { schema: causeSchema },
		async handle({ params, body, who, asking }) {
			const cause = { name: params.name, ...body };
			await metadata.causes.put(cause, actorOf(who, auth.from(asking)));
			return { body: cause };
		},
	});
}

function mergeRoute({ metadata, auth }: HttpPorts): AnswerRoute {
	return answer({
		...acting,
		method: 'POST',
		path: '/api/v1/causes/{name}/merge',
		summary: 'Count it as another one: violations that name it name the other from now on, and it is retired',
		input: { params: PARAMS, body: z.strictObject({ into: NAME.optional() }) },
		output: { schema: z.strictObject({ violations: z.number().int() }) },
		async handle({ params: { name }, body: { into }, who, asking }) {
			const target = (await metadata.causes.list()).find((cause) => cause.name === into);
			const message =
				into === name ? 'is the same one' : target?.isRetired !== false ? 'is no cause that is offered' : undefined;
			if (message) throw new Problem(400, `$.into ${message}`, { faults: [{ path: '$.into', message }] });
			const violations = await metadata.causes.merge(name, into ?? '', actorOf(who, auth.from(asking)));
			if (violations === undefined) throw notFound('cause');
			return { body: { violations } };
		},
	});
}

function removeRoute({ metadata, auth }: HttpPorts): AnswerRoute {
	return answer({
		...acting,
		method: 'DELETE',
		path: '/api/v1/causes/{name}',
		summary: 'Remove a cause that no violation names',
		input: { params: PARAMS },
		output: { status: 204, schema: z.undefined() },
		async handle({ params: { name }, who, asking }) {
			if (await metadata.causes.remove(name, actorOf(who, auth.from(asking)))) return { body: undefined };
			if ((await metadata.causes.list()).every((cause) => cause.name !== name)) throw notFound('cause');
			throw new Problem(409, 'Violations name it: retire it, or merge it into another one.');
		},
	});
}
