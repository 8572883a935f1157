import { z } from '@hono/zod-openapi';
import { SCOPES, type Scope } from '#contracts/rights.ts';
import { SITE_NAME } from '#contracts/site.ts';
import { formatTime } from '#contracts/time.ts';
import type { ApiKey } from '#server/metadata/port-people.ts';
import { idParameter, timeField } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { known } from './sign-in-routes.ts';

const newKey = z.strictObject({
	name: z.string().trim().min(1).max(80),
	site: z.string().regex(SITE_NAME, 'must be letters, digits, dots and dashes'),
	scopes: z
		.array(z.enum(SCOPES))
		.min(1)
		.transform((scopes): readonly Scope[] => [...new Set(scopes)]),
	expiresAt: timeField.nullable().default(null),
});
const facts = {
	name: z.string(),
	site: z.string(),
	scopes: z.array(z.enum(SCOPES)),
	expiresAt: z.string().nullable(),
};
const createdKey = z
	.strictObject({ key: z.string().openapi({ description: 'Shown this once; only its hash is kept' }), ...facts })
	.openapi('CreatedKey');
const keySchema = z
	.strictObject({
		id: z.string(),
		shown: z.string().openapi({ description: 'How it begins' }),
		...facts,
		createdAt: z.string(),
		createdBy: z.string(),
		usedAt: z.string().nullable().openapi({ description: 'To the minute' }),
		isExpired: z.boolean(),
	})
	.openapi('Key');

/** API keys of the sites that somebody manages. */
export function keyRoutes({ identity, auth, now }: HttpPorts): AnswerRoute[] {
	const common = { access: 'admin', tag: 'Access' } as const;
	return [
		answer({
			...common,
			method: 'GET',
			path: '/api/v1/keys',
			summary: 'Keys of your sites; no key can be shown again',
			output: { schema: z.strictObject({ items: z.array(keySchema) }) },
			handle: async ({ who }) => ({
				body: { items: (await identity.keys(known(who))).map((key) => toApiKey(key, now())) },
			}),
		}),
		answer({
			...common,
			method: 'POST',
			path: '/api/v1/keys',
			summary: 'Create an API key for one site',
			input: { body: newKey },
			output: { status: 201, schema: createdKey },
			async handle({ who, body, asking }) {
				const { name, site, scopes, expiresAt } = body;
				if (expiresAt !== null && expiresAt <= now()) throw past();
				const wanted = { name, site, scopes, expiresMicros: expiresAt };
				const { secret } = await identity.createKey(known(who), wanted, auth.from(asking));
				return { body: { key: secret, name, site, scopes, expiresAt: timeOf(expiresAt) } };
			},
		}),
		answer({
			...common,
			method: 'DELETE',
			path: '/api/v1/keys/{id}',
			summary: 'Remove a key: it opens nothing from now on',
			input: { params: idParameter },
			output: { status: 204, schema: z.undefined() },
			async handle({ who, params, asking }) {
				await identity.removeKey(known(who), params.id, auth.from(asking));
				return { body: undefined };
			},
		}),
	];
}

function past(): Problem {
	const fault = { path: '$.expiresAt', message: 'is in the past' };
	return new Problem(400, `${fault.path} ${fault.message}`, { faults: [fault] });
}

function toApiKey(key: ApiKey, nowMicros: number) {
	const { id, shown, name, site, scopes, createdBy, expiresMicros } = key;
	return {
		id: String(id),
		shown,
		name,
		site,
		scopes,
		createdBy,
		createdAt: formatTime(key.createdMicros),
		usedAt: timeOf(key.usedMicros),
		expiresAt: timeOf(expiresMicros),
		isExpired: expiresMicros !== null && expiresMicros <= nowMicros,
	};
}

function timeOf(micros: number | null): string | null {
	return micros === null ? null : formatTime(micros);
}
