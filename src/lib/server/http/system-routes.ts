import { z } from '@hono/zod-openapi';
import { maySee, type Scope } from '#contracts/principal.ts';
import type { HttpPorts } from './ports.ts';
import { Problem } from './problem.ts';
import { answer, type AnswerRoute } from './route.ts';
import { healthSchema, principalSchema, systemSchema } from './schemas.ts';

const newKey = z.strictObject({
	name: z.string().trim().min(1).max(80),
	site: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,60}$/i, 'must be letters, digits, dots and dashes'),
	scopes: z
		.array(z.enum(['read', 'write', 'admin']))
		.min(1)
		.transform((scopes): readonly Scope[] => [...new Set(scopes)]),
});
const createdKey = z
	.strictObject({
		key: z.string().openapi({ description: 'Shown this once; only its hash is kept' }),
		name: z.string(),
		site: z.string(),
		scopes: z.array(z.enum(['read', 'write', 'admin'])),
	})
	.openapi('CreatedKey');

export function systemRoutes(ports: HttpPorts): AnswerRoute[] {
	return [...healthRoutes(ports), ...accessRoutes(ports), systemRoute(ports), metricsRoute(ports)];
}

function healthRoutes({ health, version }: HttpPorts): AnswerRoute[] {
	return [
		answer({
			method: 'GET',
			path: '/healthz',
			access: 'open',
			tag: 'System',
			summary: 'The process is up',
			output: { schema: z.strictObject({ status: z.literal('ok'), version: z.string() }) },
			handle: () => ({ body: { status: 'ok', version } }),
		}),
		answer({
			method: 'GET',
			path: '/readyz',
			access: 'open',
			tag: 'System',
			summary: '200 while points can be journaled',
			output: { schema: healthSchema },
			problems: { 503: 'Points cannot be journaled; the body is the same' },
			async handle() {
				const { status, parts } = await health();
				return { status: status === 'down' ? 503 : 200, body: { status, parts } };
			},
		}),
	];
}

function accessRoutes({ metadata }: HttpPorts): AnswerRoute[] {
	return [
		answer({
			method: 'GET',
			path: '/api/v1/me',
			access: 'read',
			tag: 'Access',
			summary: 'Who asks, and what that may see and do',
			output: { schema: principalSchema },
			handle: ({ principal }) => ({ body: principal }),
		}),
		answer({
			method: 'POST',
			path: '/api/v1/keys',
			access: 'admin',
			tag: 'Access',
			summary: 'Create an API key for one site',
			input: { body: newKey },
			output: { status: 201, schema: createdKey },
			async handle({ principal, body }) {
				if (!maySee(principal, body.site)) throw new Problem(403, `This is not your site: ${body.site}`);
				const more = body.scopes.find((scope) => !principal.scopes.includes(scope));
				if (more) throw new Problem(403, `You cannot give the scope "${more}", which you do not have.`);
				return { body: { key: await metadata.keys.create(body), ...body } };
			},
		}),
	];
}

function systemRoute({ system }: HttpPorts): AnswerRoute {
	return answer({
		method: 'GET',
		path: '/api/v1/system',
		access: 'read',
		everySite: true,
		tag: 'System',
		summary: 'Versions, journal, lags and parts',
		output: { schema: systemSchema },
		handle: async () => ({ body: await system() }),
	});
}

function metricsRoute({ registry }: HttpPorts): AnswerRoute {
	return answer({
		method: 'GET',
		path: '/metrics',
		access: 'read',
		// Its counts are of all sites together.
		everySite: true,
		tag: 'System',
		summary: 'Prometheus text; scrape with the bootstrap key as bearer token',
		output: { type: registry.contentType, schema: z.string() },
		handle: async () => ({ body: await registry.metrics() }),
	});
}
