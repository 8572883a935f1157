import { z } from '@hono/zod-openapi';
import { targetOfStream } from '#contracts/call-target.ts';
import { CALL_SOURCES, toApiCall, type ApiCall, type LlmCall } from '#contracts/llm-call.ts';
import { LLM_ERROR_CLASSES } from '#contracts/llm.ts';
import { maySee, type Principal } from '#contracts/principal.ts';
import type { Stream } from '#contracts/stream.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import type { CallsAnswer } from '#server/llm/port.ts';
import type { CallsFilter } from '#server/store/port.ts';
import type { Bodies } from '#server/http/body.ts';
import { flagParameter, pageParameters, timeParameter } from '#server/http/parameters.ts';
import { idempotencyKeyOf } from './points-routes.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem, sendDocument } from '#server/http/problem.ts';
import { answer, type AnswerRoute, type RawRoute } from '#server/http/route.ts';
import { ingestAnswerSchema, listOf } from '#server/http/schemas.ts';
import type { Visible } from '#server/http/visible.ts';

/** Calls of language models: the ways in, and to read them. */
export function llmRoutes(ports: HttpPorts, bodies: Bodies, visible: Visible): (AnswerRoute | RawRoute)[] {
	return [callsRoute(ports, bodies), litellmRoute(ports, bodies), listRoute(ports, visible)];
}

const ANSWERS: RawRoute['answers'] = {
	202: {
		detail: 'Durable, with the points made of them. `refused` counts what could not be taken, `errors` says why',
		schema: ingestAnswerSchema,
	},
	400: { detail: 'Nothing could be taken' },
	413: { detail: 'Larger than the limit, as sent or unpacked' },
	429: { detail: 'More than the key may send: wait for Retry-After' },
	503: { detail: 'The journal cannot take more now: wait for Retry-After and send it again' },
};

function callsRoute({ ingest, llm }: HttpPorts, bodies: Bodies): RawRoute {
	return {
		kind: 'raw',
		method: 'POST',
		path: '/api/v1/llm/calls',
		access: 'write',
		tag: 'Language models',
		summary: 'Write calls of language models; answered once they are durable',
		input: {},
		accepts: {
			'application/json':
				'One call or an array: {"provider": "openai", "model": "gpt-4o", "startedAt": "…" or micros, "ttftMs": 320, "totalMs": 2100, "inputTokens": 812, "outputTokens": 164}; all but provider, model and startedAt may be left out',
			'application/x-ndjson': 'A call a line',
		},
		answers: ANSWERS,
		async handle({ principal, request, response }) {
			ingest.admit(principal);
			const key = idempotencyKeyOf(request.headers['idempotency-key']);
			const contentType = request.headers['content-type'] ?? '';
			const answer = await bodies.use({ request, response }, (body) =>
				llm.calls.documents({
					...{ principal, body, contentType },
					...(key === undefined ? {} : { idempotencyKey: key }),
				}),
			);
			send(response, answer);
		},
	};
}

function litellmRoute({ ingest, llm }: HttpPorts, bodies: Bodies): RawRoute {
	return {
		kind: 'raw',
		method: 'POST',
		path: '/api/v1/webhook/litellm',
		access: 'write',
		tag: 'Language models',
		summary: "LiteLLM's generic_api callback",
		input: {},
		accepts: { 'application/json': "LiteLLM's standard logging payload, one or an array" },
		answers: ANSWERS,
		async handle({ principal, request, response }) {
			ingest.admit(principal);
			const contentType = request.headers['content-type'] ?? '';
			const answer = await bodies.use({ request, response }, (body) =>
				llm.calls.litellm({ principal, body, contentType }),
			);
			send(response, answer);
		},
	};
}

function send(response: Parameters<typeof sendDocument>[0], body: CallsAnswer): void {
	sendDocument(response, { status: 202, type: 'application/json', body });
}

const listQuery = z.strictObject({
	...pageParameters,
	stream: z.string().max(40).optional().openapi({ description: 'Calls that this stream has points of' }),
	provider: z.string().max(100).optional(),
	model: z.string().max(200).optional(),
	source: z.enum(CALL_SOURCES).optional(),
	from: timeParameter.optional(),
	to: timeParameter.optional(),
	failed: flagParameter.optional(),
	errorClass: z.enum(LLM_ERROR_CLASSES).optional(),
	traceId: z.string().min(1).max(64).optional(),
	site: z.string().max(100).optional(),
});

const number = z.number().nullable();
const text = z.string().nullable();

export const callSchema = z
	.strictObject({
		id: z.string(),
		site: z.string(),
		source: z.enum(CALL_SOURCES),
		provider: z.string(),
		model: z.string(),
		startedAt: z.string(),
		endedAt: z.string().openapi({ description: 'The time of the points that this call has made' }),
		firstTokenAt: text.openapi({ description: 'The time of its point of ttft_ms' }),
		...{ promptClass: text, deployment: text, region: text, environment: text },
		...{ connectMs: number, ttfcMs: number, ttftMs: number, tpotMs: number, chunkGapP95Ms: number, totalMs: number },
		...{ serverMs: number, queueMs: number, loadMs: number },
		...{ inputTokens: number, outputTokens: number, cachedTokens: number, cacheWriteTokens: number },
		reasoningTokens: number,
		costUsd: number,
		priceVersion: text.openapi({
			description: 'Whose price it is: a version of the price list, `own <day>`, or `given`',
		}),
		errorClass: z.enum(LLM_ERROR_CLASSES).nullable(),
		...{ status: number, retries: number, finishReason: text, responseModel: text, fingerprint: text },
		passed: z.boolean().nullable(),
		...{ traceId: text, spanId: text },
	})
	.openapi('LlmCall') satisfies z.ZodType<ApiCall>;

const DAY_MICROS = 86_400 * MICROS_PER_SECOND;

function listRoute(ports: HttpPorts, visible: Visible): AnswerRoute {
	return answer({
		method: 'GET',
		path: '/api/v1/llm/calls',
		access: 'read',
		tag: 'Language models',
		summary: 'Calls of language models, newest first; with `stream`, those that its points are of',
		input: { query: listQuery },
		output: { schema: listOf(callSchema, 'LlmCallList') },
		async handle({ principal, query }) {
			const { limit } = query;
			const filter = await filterOf(ports, visible, principal, query);
			const calls = filter === undefined ? [] : await ports.store.calls({ ...filter, limit: limit + 1 });
			const page = calls.slice(0, limit);
			const last = calls.length > limit ? page.at(-1) : undefined;
			return { body: { items: page.map(toApiCall), cursor: last === undefined ? null : cursorOf(last) } };
		},
	});
}

/** @returns undefined where nothing may be seen */
async function filterOf(
	{ now }: HttpPorts,
	visible: Visible,
	principal: Principal,
	query: z.output<typeof listQuery>,
): Promise<Omit<CallsFilter, 'limit'> | undefined> {
	const toMicros = query.to ?? now();
	const range = { fromMicros: query.from ?? toMicros - DAY_MICROS, toMicros };
	const after = query.cursor === undefined ? {} : { after: afterOf(query.cursor) };
	const { provider, model, source, failed, errorClass, traceId } = query;
	const rest = {
		...(provider !== undefined && { provider }),
		...(model !== undefined && { model }),
		...(source !== undefined && { source }),
		...(failed !== undefined && { failed }),
		...(errorClass !== undefined && { errorClass }),
		...(traceId !== undefined && { traceId }),
	};
	if (query.stream !== undefined) {
		const { stream } = await visible.stream(principal, query.stream);
		const of = ofStream(stream);
		return of && { ...rest, ...range, ...after, ...of };
	}
	if (query.site === undefined) return { ...rest, ...range, ...after, sites: principal.sites };
	return maySee(principal, query.site) ? { ...rest, ...range, ...after, sites: [query.site] } : undefined;
}

/** When the value of a stream is known: its points stand at this time of their calls. */
const KNOWN_AT: Readonly<Record<string, CallsFilter['time']>> = { ttfc_ms: 'first-event', ttft_ms: 'first-token' };

/** @returns undefined for a stream that no call has points in */
function ofStream(stream: Stream): Omit<CallsFilter, 'limit' | 'fromMicros' | 'toMicros'> | undefined {
	const found = targetOfStream(stream);
	if (found === undefined) return undefined;
	const { site, name, provider, model, source, ...target } = found;
	return { sites: [site], time: KNOWN_AT[name] ?? 'ended', provider, model, source, target };
}

function cursorOf({ endedMicros, id }: LlmCall): string {
	return `${endedMicros}.${id}`;
}

/** @throws Problem 400: an empty page would look like the end of the list */
function afterOf(cursor: string): { readonly endedMicros: number; readonly id: string } {
	const [, micros, id] = /^(\d{1,16})\.([\w-]{1,100})$/.exec(cursor) ?? [];
	if (micros !== undefined && id !== undefined) return { endedMicros: Number(micros), id };
	const fault = { path: 'query.cursor', message: 'is none that this server gave' };
	throw new Problem(400, `${fault.path}: ${fault.message}`, { faults: [fault] });
}
