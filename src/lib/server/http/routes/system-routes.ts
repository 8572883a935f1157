import { z } from '@hono/zod-openapi';
import type { HttpPorts } from '#server/http/ports.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { healthSchema, statusSchema, systemSchema } from '#server/http/schemas.ts';

export function systemRoutes(ports: HttpPorts): AnswerRoute[] {
	return [...healthRoutes(ports), statusRoute(ports), systemRoute(ports), metricsRoute(ports)];
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

/** No count, no site and no name beyond those of `/readyz`: nothing that one of several plants may not know. */
function statusRoute({ status }: HttpPorts): AnswerRoute {
	return answer({
		method: 'GET',
		path: '/api/v1/status',
		access: 'look',
		tag: 'System',
		summary: 'Whether each part is well and since when, and when one was not',
		output: { schema: statusSchema },
		handle: async () => ({ body: await status() }),
	});
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
