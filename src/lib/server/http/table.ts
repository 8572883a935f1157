import { z } from '@hono/zod-openapi';
import { adviceRoutes } from './advice-routes.ts';
import { alertLinkRoutes } from './alert-link-routes.ts';
import { alertRoutes } from './alert-routes.ts';
import { analyzeRoutes } from './analyze-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { backupRoutes } from './backup-routes.ts';
import type { Bodies } from './body.ts';
import { capabilityRoutes } from './capability-routes.ts';
import { compareRoutes } from './compare-routes.ts';
import { displayRoutes } from './display-routes.ts';
import { DOCS_POLICY, docsPage } from './docs-page.ts';
import { causeRoutes } from './cause-routes.ts';
import { keyRoutes } from './key-routes.ts';
import { describeApi } from './openapi.ts';
import { otlpRoutes } from './otlp-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { llmRoutes } from './llm-routes.ts';
import { planRoutes } from './plan-routes.ts';
import { writeRoutes } from './points-routes.ts';
import type { HttpPorts } from './ports.ts';
import { answer, type Route, type SocketRoute } from './route.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { sitesRoutes } from './sites-routes.ts';
import { streamPointRoutes } from './stream-points-routes.ts';
import { streamRoutes } from './streams-routes.ts';
import { systemRoutes } from './system-routes.ts';
import { violationActRoutes } from './violation-act-routes.ts';
import { violationRoutes } from './violation-routes.ts';
import { createVisible } from './visible.ts';

/** Ten thousand stream ids and a resume position. */
const MAX_HELLO_BYTES = 1024 * 1024;

/** The whole API: router, guard, description and the access tests are made from these rows. */
export function createTable(ports: HttpPorts, bodies: Bodies): readonly Route[] {
	const visible = createVisible(ports.metadata);
	const rows: Route[] = [
		...writeRoutes({ ingest: ports.ingest, bodies }),
		...llmRoutes(ports, bodies, visible),
		...compareRoutes(ports, visible),
		...otlpRoutes(ports, bodies),
		...streamRoutes(ports, visible),
		...streamPointRoutes(ports, visible),
		...planRoutes(ports, visible),
		...adviceRoutes(ports, visible),
		...capabilityRoutes(ports, visible),
		...violationRoutes(ports, visible),
		...violationActRoutes(ports, visible),
		...causeRoutes(ports),
		...alertRoutes(ports),
		...alertLinkRoutes(ports),
		liveRoute(ports),
		...analyzeRoutes(bodies),
		...systemRoutes(ports),
		...signInRoutes(ports),
		...peopleRoutes(ports),
		...sitesRoutes(ports),
		...keyRoutes(ports),
		...displayRoutes(ports),
		...auditRoutes(ports),
		...backupRoutes(ports),
	];
	return [...rows, ...descriptionRoutes(rows, ports.version)];
}

function liveRoute({ live }: HttpPorts): SocketRoute {
	return {
		kind: 'socket',
		method: 'GET',
		path: '/api/v1/live',
		access: 'look',
		messages: { hello: 'look' },
		tag: 'Streams',
		summary: 'Plotted points, limits and violations as they happen',
		maxPayloadBytes: MAX_HELLO_BYTES,
		open: live.connect,
	};
}

function descriptionRoutes(rows: readonly Route[], version: string): Route[] {
	const document = describeApi(rows, version);
	const text = JSON.stringify(document);
	const page = docsPage(document);
	return [
		answer({
			method: 'GET',
			path: '/api/openapi.json',
			access: 'open',
			tag: 'System',
			summary: 'This API for programs',
			output: { schema: z.looseObject({}) },
			handle: () => ({ body: text }),
		}),
		answer({
			method: 'GET',
			path: '/api/docs',
			access: 'open',
			tag: 'System',
			summary: 'This API to read',
			output: { type: 'text/html; charset=utf-8', schema: z.string() },
			handle: () => ({ body: page, headers: { 'content-security-policy': DOCS_POLICY } }),
		}),
	];
}
