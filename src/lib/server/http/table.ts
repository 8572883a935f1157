import { z } from '@hono/zod-openapi';
import { adviceRoutes } from '#server/http/routes/advice-routes.ts';
import { alertLinkRoutes } from '#server/http/routes/alert-link-routes.ts';
import { alertRoutes } from '#server/http/routes/alert-routes.ts';
import { analysisRoutes } from '#server/http/routes/analysis-routes.ts';
import { analyzeRoutes } from '#server/http/routes/analyze-routes.ts';
import { auditRoutes } from '#server/http/routes/audit-routes.ts';
import { backupRoutes } from '#server/http/routes/backup-routes.ts';
import { annotationRoutes } from '#server/http/routes/annotation-routes.ts';
import { baselineRoutes } from '#server/http/routes/baseline-routes.ts';
import { boardRoutes } from '#server/http/routes/board-routes.ts';
import type { Bodies } from './body.ts';
import { capabilityRoutes } from '#server/http/routes/capability-routes.ts';
import { compareRoutes } from '#server/http/routes/compare-routes.ts';
import { demoRoutes } from '#server/http/routes/demo-routes.ts';
import { displayRoutes } from '#server/http/routes/display-routes.ts';
import { DOCS_POLICY, docsPage } from './docs-page.ts';
import { causeRoutes } from '#server/http/routes/cause-routes.ts';
import { documentRoutes } from '#server/http/routes/document-routes.ts';
import { eventRoutes } from '#server/http/routes/event-routes.ts';
import { exportRoutes } from '#server/http/routes/export-routes.ts';
import { keyRoutes } from '#server/http/routes/key-routes.ts';
import { describeApi } from './openapi.ts';
import { logRoutes } from '#server/http/routes/log-routes.ts';
import { searchRoutes } from '#server/http/routes/search-routes.ts';
import { otlpRoutes } from '#server/http/routes/otlp-routes.ts';
import { peopleRoutes } from '#server/http/routes/people-routes.ts';
import { llmRoutes } from '#server/http/routes/llm-routes.ts';
import { planRoutes } from '#server/http/routes/plan-routes.ts';
import { writeRoutes } from '#server/http/routes/points-routes.ts';
import type { HttpPorts } from './ports.ts';
import { answer, type Route, type SocketRoute } from './route.ts';
import { screenRoutes } from '#server/http/routes/screen-routes.ts';
import { sessionRoutes } from '#server/http/routes/session-routes.ts';
import { secretRoutes } from '#server/http/routes/secret-routes.ts';
import { signInRoutes } from '#server/http/routes/sign-in-routes.ts';
import { sitesRoutes } from '#server/http/routes/sites-routes.ts';
import { sourceRoutes } from '#server/http/routes/source-routes.ts';
import { streamPointRoutes } from '#server/http/routes/stream-points-routes.ts';
import { streamRoutes } from '#server/http/routes/streams-routes.ts';
import { systemRoutes } from '#server/http/routes/system-routes.ts';
import { violationActRoutes } from '#server/http/routes/violation-act-routes.ts';
import { violationCaseRoutes } from '#server/http/routes/violation-case-routes.ts';
import { violationRoutes } from '#server/http/routes/violation-routes.ts';
import { violationTriageRoutes } from '#server/http/routes/violation-triage-routes.ts';
import { viewRoutes } from '#server/http/routes/view-routes.ts';
import { createVisible } from './visible.ts';

/** Ten thousand stream ids and a resume position. */
const MAX_HELLO_BYTES = 1024 * 1024;

/** The whole API: router, guard, description and the access tests are made from these rows. */
export function createTable(ports: HttpPorts, bodies: Bodies): readonly Route[] {
	const visible = createVisible(ports.metadata);
	const rows: Route[] = [
		...writeRoutes({ ingest: ports.ingest, bodies }),
		...llmRoutes(ports, bodies, visible),
		...logRoutes(ports, bodies),
		...documentRoutes(ports, bodies),
		...searchRoutes(ports),
		...compareRoutes(ports, visible),
		...otlpRoutes(ports, bodies),
		...streamRoutes(ports, visible),
		...streamPointRoutes(ports, visible),
		...planRoutes(ports, visible),
		...adviceRoutes(ports, visible),
		...capabilityRoutes(ports, visible),
		...sessionRoutes(ports, visible),
		...exportRoutes(ports, visible),
		...baselineRoutes(ports, visible),
		...annotationRoutes(ports, visible),
		// Before the ones by id, which would take their names for ids.
		...violationTriageRoutes(ports),
		...violationRoutes(ports, visible),
		...violationCaseRoutes(ports, visible),
		...viewRoutes(ports),
		...violationActRoutes(ports, visible),
		...analysisRoutes(ports, visible),
		...causeRoutes(ports),
		...eventRoutes(ports, visible),
		...alertRoutes(ports),
		...alertLinkRoutes(ports),
		...secretRoutes(ports),
		liveRoute(ports),
		...analyzeRoutes(bodies),
		...systemRoutes(ports),
		...signInRoutes(ports),
		...peopleRoutes(ports),
		...sitesRoutes(ports),
		...keyRoutes(ports),
		...displayRoutes(ports),
		...auditRoutes(ports),
		...sourceRoutes(ports),
		...backupRoutes(ports),
		...demoRoutes(ports),
		...boardRoutes(ports),
		...screenRoutes(ports),
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
