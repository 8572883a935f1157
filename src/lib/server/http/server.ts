import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { Counter, Gauge, Histogram } from 'prom-client';
import { BODY_LIMITS, type Bodies, createBodies } from './body.ts';
import { createGuard, type Guard } from './guard.ts';
import { setSecurityHeaders } from './headers.ts';
import type { BodyLimits, HttpPorts } from './ports.ts';
import { Problem, problemOf, sendProblem } from './problem.ts';
import { patternOf, type RawRoute, type Route } from './route.ts';
import { createProxyDoor, isProxyPath } from '#server/http/routes/proxy-door.ts';
import { createRouter } from './router.ts';
import { createSockets } from './sockets.ts';
import { createStaticFiles } from './static.ts';
import { createTable } from './table.ts';

export interface Http {
	/** Not listening yet. */
	readonly server: Server;
	/** Stops listening, lets running requests end, ends every socket. */
	close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than the usual 60 s of proxies, so that they and not we end an idle connection. */
const KEEP_ALIVE_MS = 65_000;
/** How long close waits for requests that are under way. */
const CLOSE_GRACE_MS = 3000;

/** API, sockets and pages on one server. */
export function createHttp(ports: HttpPorts): Http {
	const limits = { ...BODY_LIMITS, ...ports.bodyLimits };
	const bodies = createBodies(limits);
	watchBodies(ports, { bodies, limits });
	const guard = createGuard(ports.auth, ports.now);
	const table = createTable(ports, bodies);
	const sockets = createSockets({ table, guard, auth: ports.auth, log: ports.log });
	const handle = createHandler(ports, table, guard, bodies);
	const server = createServer({
		headersTimeout: HEADERS_TIMEOUT_MS,
		requestTimeout: limits.totalMs + HEADERS_TIMEOUT_MS,
		keepAliveTimeout: KEEP_ALIVE_MS,
		// Clients that offer HTTP/2 on every request (Java's) are answered as if they had not; Node before 24.9 cannot.
		shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
	});
	server.on('request', handle);
	// Whoever asks first whether it may send its body is told so only once it is being read.
	server.on('checkContinue', handle);
	server.on('upgrade', sockets.upgrade);
	return { server, close: () => close(server, sockets.close) };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

function createHandler(
	ports: HttpPorts,
	table: readonly Route[],
	guard: Guard,
	bodies: ReturnType<typeof createBodies>,
): Handler {
	const { auth, log } = ports;
	const route = createRouter({ table, guard, bodies, log });
	const files = createStaticFiles(ports.buildFolder);
	const toProvider = createProxyDoor({ guard, proxy: ports.llm.proxy });
	const raw = table.filter((row) => row.kind === 'raw');
	const watch = createWatch(ports, table);

	async function respond(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
		setSecurityHeaders(response, auth.isHttps(request) ? 'https' : 'http');
		const hostFault = auth.hostFault(request.headers);
		if (hostFault !== undefined) return sendProblem(response, new Problem(421, hostFault));
		if (isProxyPath(request.url ?? '')) return toProvider(request, response);
		const hot = raw.find((row) => row.path === path && row.method === request.method);
		if (hot) return serveRaw(hot, guard, { request, response, log });
		if (isApi(path)) return route(request, response);
		await servePage(request, response, path);
	}

	async function servePage(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
		if (request.method !== 'GET' && request.method !== 'HEAD') {
			const headers = { allow: 'GET, HEAD' };
			return sendProblem(response, new Problem(405, 'Pages can only be read.', { headers }));
		}
		const entry = auth.enter(request.url ?? '/', request);
		if (!entry) return files.serve(request, response, path);
		const cookie = entry.allowed ? { 'set-cookie': entry.setCookie } : {};
		response.writeHead(303, { location: entry.location, 'cache-control': 'no-store', ...cookie }).end();
	}

	function take(request: IncomingMessage, response: ServerResponse): void {
		const path = pathOf(request.url);
		watch(request, response, path ?? '');
		if (path === undefined) return sendProblem(response, new Problem(400, 'The address cannot be read.'));
		respond(request, response, path).catch((error: unknown) => {
			log.error({ err: error, method: request.method, path }, 'cannot answer a request');
			sendProblem(response, new Problem(500, 'Something failed here; the log of the server says what.'));
		});
	}

	return (request, response) => {
		const id = randomUUID();
		response.setHeader('x-request-id', id);
		ports.correlate(id, () => take(request, response));
	};
}

/** @returns the path, decoded once; undefined when it is not decodable */
function pathOf(url: string | undefined): string | undefined {
	try {
		const path = decodeURIComponent((url ?? '/').split(/[?#]/)[0] ?? '/');
		return path.startsWith('/') && !path.includes('\0') ? path : undefined;
	} catch {
		return undefined;
	}
}

function isApi(path: string): boolean {
	return /^\/(?:api|v1|proxy)(?:\/|$)/.test(path) || ['/healthz', '/readyz', '/metrics'].includes(path);
}

async function serveRaw(
	row: RawRoute,
	guard: Guard,
	exchange: { request: IncomingMessage; response: ServerResponse; log: Logger },
): Promise<void> {
	const { request, response, log } = exchange;
	try {
		const { principal } = await guard.admit(row, request);
		const query = new URLSearchParams((request.url ?? '').split('?')[1] ?? '');
		await row.handle({ principal, query, request, response });
	} catch (error) {
		const problem = problemOf(error) ?? new Problem(500, 'Something failed here; the log of the server says what.');
		if (problem.status === 500) log.error({ err: error, path: row.path }, 'cannot take points');
		refuseRaw(row, problem, response);
	}
}

function refuseRaw(row: RawRoute, problem: Problem, response: ServerResponse): void {
	if (!row.sendFault || response.headersSent) return sendProblem(response, problem);
	for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
	row.sendFault(response, { status: problem.status, detail: problem.message });
}

function watchBodies(
	{ registry }: HttpPorts,
	{ bodies, limits }: { readonly bodies: Bodies; readonly limits: BodyLimits },
): void {
	const gauge = (name: string, help: string, read: () => number) =>
		new Gauge({
			name,
			help,
			registers: [registry],
			collect() {
				this.set(read());
			},
		});
	gauge('sigmascope_http_body_bytes', 'Bodies being read or taken now', bodies.heldBytes);
	gauge(
		'sigmascope_http_body_max_bytes',
		'Above this much the next body is answered with 503',
		() => limits.maxHeldBytes,
	);
}

/** Counts and times requests by row of the table; a path that nobody listed is one label, whatever it was. */
function createWatch(ports: HttpPorts, table: readonly Route[]) {
	const requests = new Counter({
		name: 'sigmascope_http_requests_total',
		help: 'Requests answered, by route and status',
		labelNames: ['method', 'route', 'status'],
		registers: [ports.registry],
	});
	const seconds = new Histogram({
		name: 'sigmascope_http_request_seconds',
		help: 'From the first byte of a request to the last of its answer',
		labelNames: ['route'],
		buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
		registers: [ports.registry],
	});
	const patterns = table.map(({ path }) => ({ path, pattern: patternOf(path) }));
	return (request: IncomingMessage, response: ServerResponse, path: string) => {
		const route = patterns.find((one) => one.pattern.test(path))?.path ?? (isApi(path) ? 'unknown' : 'page');
		const end = seconds.startTimer({ route });
		response.once('close', () => {
			end();
			requests.inc({ method: request.method ?? '', route, status: String(response.statusCode) });
			ports.log.debug({ method: request.method, path, status: response.statusCode }, 'answered');
		});
	};
}

async function close(server: Server, closeSockets: () => void): Promise<void> {
	const closed = new Promise<void>((resolve) => server.close(() => resolve()));
	closeSockets();
	server.closeIdleConnections();
	const force = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
	await closed;
	clearTimeout(force);
}
