import { z } from '@hono/zod-openapi';
import { actorOf } from '#server/http/actor.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { listOf } from '#server/http/schemas.ts';

const causeSchema = z.strictObject({ name: z.string(), title: z.string(), isRetired: z.boolean() }).openapi('Cause');

/** The catalogue that violations are resolved with. None is removed: what was resolved with it still says so. */
export function causeRoutes({ metadata, auth }: HttpPorts): AnswerRoute[] {
	return [
		answer({
			method: 'GET',
			path: '/api/v1/causes',
			access: 'read',
			tag: 'Violations',
			summary: 'What may have caused a violation',
			output: { schema: listOf(causeSchema, 'CauseList') },
			handle: async () => ({ body: { items: await metadata.causes.list(), cursor: null } }),
		}),
		answer({
			method: 'PUT',
			path: '/api/v1/causes/{name}',
			access: 'plan',
			everySite: true,
			tag: 'Violations',
			summary: 'Add a cause, rename or retire one',
			input: {
				params: z.object({
					name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'must be lower-case letters, digits and dashes'),
				}),
				body: z.strictObject({ title: z.string().trim().min(1).max(100), isRetired: z.boolean().default(false) }),
			},
			output: { schema: causeSchema },
			async handle({ params, body, who, asking }) {
				const cause = { name: params.name, ...body };
				await metadata.causes.put(cause, actorOf(who, auth.from(asking)));
				return { body: cause };
			},
		}),
	];
}
