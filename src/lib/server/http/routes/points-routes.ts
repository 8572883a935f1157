import type { ServerResponse } from 'node:http';
import { z } from '@hono/zod-openapi';
import type { Ingest, IngestAnswer, Precision } from '#server/ingest/port.ts';
import type { Bodies } from '#server/http/body.ts';
import { check, onlyOnce } from '#server/http/check.ts';
import { flagParameter } from '#server/http/parameters.ts';
import { Problem, sendDocument } from '#server/http/problem.ts';
import type { RawRoute, SocketRoute } from '#server/http/route.ts';
import { ingestAnswerSchema } from '#server/http/schemas.ts';

/** A batch of a collector and its header; what is larger is refused by closing the socket (1009). */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

const pointsQuery = z.strictObject({
	historical: flagParameter.optional().openapi({ description: 'Judged as history, never alerted' }),
});
const linesQuery = z.looseObject({
	precision: z
		.enum(['ns', 'us', 'ms', 's', 'n', 'u'])
		.default('ns')
		.transform((text): Precision => (text === 'n' ? 'ns' : text === 'u' ? 'us' : text)),
	partial: z.literal('refuse').optional().openapi({ description: 'One bad line refuses all' }),
});

/** The ways in. */
export function writeRoutes(ports: { readonly ingest: Ingest; readonly bodies: Bodies }): (RawRoute | SocketRoute)[] {
	return [pointsRoute(ports), linesRoute(ports), collectRoute(ports)];
}

function pointsRoute({ ingest, bodies }: { readonly ingest: Ingest; readonly bodies: Bodies }): RawRoute {
	return {
		kind: 'raw',
		method: 'POST',
		path: '/api/v1/points',
		access: 'write',
		tag: 'Writing',
		summary: 'Write points; answered once they are durable',
		input: { query: pointsQuery },
		accepts: {
			'application/x-ndjson':
				'One point a line: {"stream": "press-1/temperature", "t": "…" or micros, "v": 21.5, "quality": 192, "unit": "°C", "labels": {}}',
			'application/json': 'The same as an array',
		},
		answers: {
			202: {
				detail: 'Durable. `refused` counts what could not be taken, `errors` says why',
				schema: ingestAnswerSchema,
			},
			400: { detail: 'Nothing could be taken' },
			413: { detail: 'Larger than the limit, as sent or unpacked' },
			429: { detail: 'More points a second, or more streams, than the key may send: wait for Retry-After' },
			503: { detail: 'The journal cannot take more now: wait for Retry-After and send it again' },
		},
		async handle({ principal, request, response, query }) {
			ingest.admit(principal);
			const { historical } = check(pointsQuery, onlyOnce(query), 'query');
			const idempotencyKey = idempotencyKeyOf(request.headers['idempotency-key']);
			const answer = await bodies.use({ request, response }, (body) =>
				ingest.points({
					principal,
					body,
					contentType: request.headers['content-type'] ?? '',
					...(idempotencyKey === undefined ? {} : { idempotencyKey }),
					...(historical === undefined ? {} : { historical }),
				}),
			);
			if (nothingGood(answer)) throw new Problem(400, 'No point could be taken.', { faults: answer.errors });
			sendJson(response, 202, answer);
		},
	};
}

function linesRoute({ ingest, bodies }: { readonly ingest: Ingest; readonly bodies: Bodies }): RawRoute {
	return {
		kind: 'raw',
		method: 'POST',
		path: '/api/v2/write',
		access: 'write',
		tag: 'Writing',
		summary: 'Write InfluxDB line protocol',
		input: { query: linesQuery },
		accepts: { 'text/plain': 'press,line=a temperature=21.5 1700000000000000000' },
		answers: {
			204: { detail: 'Durable' },
			400: { detail: 'Bad lines: the good ones are durable (`partial write`), or none with partial=refuse' },
			413: { detail: 'Larger than the limit, as sent or unpacked' },
			429: { detail: 'More points a second, or more streams, than the key may send: wait for Retry-After' },
			503: { detail: 'The journal cannot take more now: wait for Retry-After and send it again' },
		},
		async handle({ principal, request, response, query }) {
			ingest.admit(principal);
			const { precision, partial } = check(linesQuery, onlyOnce(query), 'query');
			const answer = await bodies.use({ request, response }, (body) =>
				ingest.lines({ principal, body, precision, refusePartial: partial === 'refuse' }),
			);
			const [first] = answer.errors;
			if (answer.refused === 0 && !first) return void response.writeHead(204).end();
			const detail = first ? `${first.path}: ${first.message}` : `${answer.refused} lines could not be taken`;
			const more = answer.refused > 1 ? ` (and ${answer.refused - 1} more)` : '';
			sendInfluxFault(response, { status: 400, detail: `partial write: ${detail}${more}` });
		},
		sendFault: sendInfluxFault,
	};
}

function collectRoute({ ingest }: { readonly ingest: Ingest }): SocketRoute {
	return {
		kind: 'socket',
		method: 'GET',
		path: '/api/v1/collect',
		access: 'write',
		messages: { hello: 'write', declare: 'write', gap: 'write', batch: 'write' },
		tag: 'Writing',
		summary: 'Numbered batches of a collector, acknowledged once durable',
		maxPayloadBytes: MAX_BATCH_BYTES,
		open: (socket, principal) => ingest.collect(socket, principal),
	};
}

export function idempotencyKeyOf(header: string | string[] | undefined): string | undefined {
	if (header === undefined) return undefined;
	if (typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header)) return header;
	const message = 'must be 1 to 255 visible characters';
	throw new Problem(400, `Idempotency-Key ${message}`, { faults: [{ path: 'Idempotency-Key', message }] });
}

function nothingGood(answer: IngestAnswer): boolean {
	return answer.accepted === 0 && answer.duplicates === 0 && answer.refused > 0;
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
	sendDocument(response, { status, type: 'application/json', body });
}

const INFLUX_CODES: Readonly<Record<number, string>> = {
	400: 'invalid',
	401: 'unauthorized',
	403: 'forbidden',
	413: 'request too large',
	429: 'too many requests',
	503: 'unavailable',
};

/** InfluxDB's own shape: Telegraf reads it to know whether to try again. */
function sendInfluxFault(response: ServerResponse, fault: { readonly status: number; readonly detail: string }): void {
	const code = INFLUX_CODES[fault.status] ?? 'internal error';
	sendJson(response, fault.status, { code, message: fault.detail });
}
