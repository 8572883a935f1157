import { z } from '@hono/zod-openapi';
import { formatTime } from '#contracts/time.ts';
import { actorOf } from '#server/http/actor.ts';
import { needed } from '#server/http/answers/act-fields.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { notFound } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { listOf } from '#server/http/schemas.ts';

const PARAMS = z.object({
	name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'must be lower-case letters, digits and dashes'),
});
const secretSchema = z.strictObject({ name: z.string(), at: z.string(), by: z.string() }).openapi('KeptSecret');

/** Secrets that channels name (`secret:NAME`): they go in and never come out. */
export function secretRoutes({ secrets, alerts, auth }: HttpPorts): AnswerRoute[] {
	const common = { access: 'admin', everySite: true, tag: 'Alerts' } as const;
	return [
		answer({
			...common,
			method: 'GET',
			path: '/api/v1/secrets',
			summary: 'Names of secrets that channels may use; not what they are',
			output: { schema: listOf(secretSchema, 'KeptSecretList') },
			handle() {
				const items = secrets.list().map(({ name, atMicros, by }) => ({ name, at: formatTime(atMicros), by }));
				return { body: { items, cursor: null } };
			},
		}),
		answer({
			...common,
			method: 'PUT',
			path: '/api/v1/secrets/{name}',
			summary: 'Enter a secret, or another one in its place; it is kept sealed',
			input: { params: PARAMS, body: z.strictObject({ secret: z.string().min(1, 'is empty').max(10_000).optional() }) },
			output: { status: 204, schema: z.undefined() },
			async handle({ params: { name }, body: { secret }, who, asking }) {
				await secrets.put(name, needed('secret', secret), actorOf(who, auth.from(asking)));
				// Who waited for it is tried at once.
				alerts.wake();
				return { body: undefined };
			},
		}),
		answer({
			...common,
			method: 'DELETE',
			path: '/api/v1/secrets/{name}',
			summary: 'Forget a secret',
			input: { params: PARAMS },
			output: { status: 204, schema: z.undefined() },
			async handle({ params: { name }, who, asking }) {
				if (!(await secrets.remove(name, actorOf(who, auth.from(asking))))) throw notFound('secret');
				return { body: undefined };
			},
		}),
	];
}
