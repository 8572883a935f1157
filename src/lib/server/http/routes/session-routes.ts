import { z } from '@hono/zod-openapi';
import type { Principal } from '#contracts/principal.ts';
import { maySee } from '#contracts/principal.ts';
import type { ApiSession, InForce, Recording } from '#contracts/recording.ts';
import { formatTime, OLDEST_MICROS } from '#contracts/time.ts';
import type { Metadata, StreamWithPlan } from '#server/metadata/port.ts';
import { actorOf } from '#server/http/actor.ts';
import { limitsIn } from '#server/http/answers/points-read.ts';
import { countParameter, idParameter, timeField } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { notFound, Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { listOf } from '#server/http/schemas.ts';
import type { Visible } from '#server/http/visible.ts';
import { REPORT_POLICY } from '#server/http/headers.ts';
import { streamsOf, timeZoneParameter } from './export-routes.ts';
import { allLimits } from './streams-routes.ts';

const MOST_STREAMS = 500;
const name = z.string().trim().min(1, 'is empty').max(200);
const notes = z.string().max(20_000);

const sessionSchema = z
	.strictObject({
		id: z.string(),
		site: z.string(),
		name: z.string(),
		notes: z.string(),
		streams: z.array(z.strictObject({ id: z.string(), key: z.string(), unit: z.string() })),
		from: z.string(),
		to: z.string().nullable().openapi({ description: 'null while it is being recorded' }),
		createdAt: z.string(),
		by: z.string(),
		inForce: z.array(
			z.strictObject({ stream: z.string(), planRevision: z.number().int(), limits: z.array(z.string()) }),
		),
	})
	.openapi('Session') satisfies z.ZodType<ApiSession>;

const newSession = z.strictObject({
	name,
	notes: notes.default(''),
	streams: z.array(z.string()).min(1, 'names no stream').max(MOST_STREAMS).openapi({ description: 'Ids, of one site' }),
	from: timeField
		.refine((micros) => micros >= OLDEST_MICROS, 'is before 1971: is the clock set?')
		.optional()
		.openapi({ description: 'Default now' }),
	to: timeField.nullable().default(null).openapi({ description: 'null: recorded until somebody ends it' }),
});

const change = z.strictObject({ name, notes, to: timeField }).partial();

const listQuery = z.strictObject({
	limit: countParameter(1000).prefault('100'),
	cursor: z.string().max(20).optional(),
	site: z.string().optional(),
	stream: z.string().max(20).optional().openapi({ description: 'Id of a stream that is in it' }),
	q: z.string().max(200).optional().openapi({ description: 'Words of name or notes' }),
});

const facts = { tag: 'Keep', path: '/api/v1/sessions' } as const;
const one = { tag: 'Keep', path: '/api/v1/sessions/{id}' } as const;

/** Named stretches of time over chosen streams, recorded as they happen or cut from history. */
export function sessionRoutes(ports: HttpPorts, visible: Visible): AnswerRoute[] {
	return [listRoute(ports), ...writeRoutes(ports, visible), ...oneRoutes(ports, visible)];
}

function listRoute({ metadata }: HttpPorts): AnswerRoute {
	return answer({
		...facts,
		method: 'GET',
		access: 'read',
		summary: 'Sessions, the newest first',
		input: { query: listQuery },
		output: { schema: listOf(sessionSchema, 'SessionList') },
		async handle({ principal, query: { limit, cursor, site, stream, q } }) {
			if (cursor !== undefined && !/^[1-9]\d*$/.test(cursor)) throw new Problem(400, 'query.cursor: is none of ours');
			const all = principal.sites;
			const sites = site === undefined ? all : maySee(principal, site) ? [site] : [];
			const found = await metadata.recordings.list({
				sites,
				...(stream !== undefined && { streamId: Number(stream) }),
				...(q !== undefined && { text: q }),
				...(cursor !== undefined && { beforeId: Number(cursor) }),
				limit: limit + 1,
			});
			const page = found.slice(0, limit);
			const items = await toApiSessions(metadata, page);
			return { body: { items, cursor: found.length > limit ? (page.at(-1)?.id ?? null) : null } };
		},
	});
}

function writeRoutes(ports: HttpPorts, visible: Visible): AnswerRoute[] {
	const { metadata, auth, now } = ports;
	return [
		answer({
			...facts,
			method: 'POST',
			access: 'act',
			summary: 'Record from now on, or cut a stretch from history',
			input: { body: newSession },
			output: { status: 201, schema: sessionSchema },
			problems: { 404: 'No such stream' },
			async handle({ principal, body, who, asking }) {
				const by = actorOf(who, auth.from(asking));
				const streams = await streamsOf(visible, principal, [...new Set(body.streams)]);
				const site = onlySite(streams);
				const fromMicros = body.from ?? now();
				refuseBackwards(fromMicros, body.to);
				const inForce = await inForceOf(ports, streams, { fromMicros, toMicros: body.to ?? now() });
				const recording = await metadata.recordings.add(
					{
						...{ site, name: body.name, notes: body.notes, streamIds: streams.map(({ stream }) => stream.id) },
						...{ fromMicros, toMicros: body.to, by: by.name, inForce },
					},
					by,
				);
				return { status: 201, body: await toApiSession(metadata, recording) };
			},
		}),
	];
}

function oneRoutes(ports: HttpPorts, visible: Visible): AnswerRoute[] {
	const { metadata, auth, now } = ports;
	return [
		answer({
			...one,
			method: 'GET',
			access: 'read',
			summary: 'One session',
			input: { params: idParameter },
			output: { schema: sessionSchema },
			async handle({ principal, params }) {
				return { body: await toApiSession(metadata, await seenSession(metadata, principal, params.id)) };
			},
		}),
		answer({
			...one,
			method: 'PATCH',
			access: 'act',
			summary: 'Rename it, write notes, end a recording',
			input: { params: idParameter, body: change },
			output: { schema: sessionSchema },
			async handle({ principal, params, body, who, asking }) {
				const session = await seenSession(metadata, principal, params.id);
				const by = actorOf(who, auth.from(asking));
				const { to, ...said } = body;
				if (to !== undefined) refuseBackwards(session.fromMicros, to);
				const ended =
					to === undefined ? {} : await endedAt(ports, session, Math.min(to, Math.max(now(), session.fromMicros)));
				const changed = await metadata.recordings.change(session.id, { ...defined(said), ...ended }, by);
				if (!changed) throw notFound('session');
				return { body: await toApiSession(metadata, changed) };
			},
		}),
		answer({
			...one,
			method: 'DELETE',
			access: 'act',
			summary: 'Forget the session; its points stay',
			input: { params: idParameter },
			output: { status: 204, schema: z.undefined() },
			async handle({ principal, params, who, asking }) {
				const session = await seenSession(metadata, principal, params.id);
				await metadata.recordings.remove(session.id, actorOf(who, auth.from(asking)));
				return { body: undefined };
			},
		}),
		answer({
			...one,
			path: '/api/v1/sessions/{id}/report',
			method: 'GET',
			access: 'read',
			summary: 'Its statistical summary as a page; /api/v1/export?session=…&format=pdf has it on paper',
			input: {
				params: idParameter,
				query: z.strictObject({ timeZone: timeZoneParameter }),
			},
			output: { type: 'text/html; charset=utf-8', schema: z.string() },
			problems: { 503: 'The store is away' },
			async handle({ principal, params, query: { timeZone } }) {
				const session = await seenSession(metadata, principal, params.id);
				const streams = await streamsOf(visible, principal, session.streamIds.map(String));
				const body = await ports.exports.report({
					...{ session, streams, fromMicros: session.fromMicros, toMicros: session.toMicros ?? undefined },
					asOfMicros: undefined,
					picture: { timeZone, theme: 'print', width: 1600 },
				});
				return { body, headers: { 'content-security-policy': REPORT_POLICY } };
			},
		}),
	];
}

/** @throws Problem 404 for one of a foreign site, which does not exist for who asks */
export async function seenSession(
	metadata: Pick<Metadata, 'recordings'>,
	principal: Principal,
	id: string,
): Promise<Recording> {
	const found = await metadata.recordings.get(id);
	const isSeen = found && (maySee(principal, found.site) || maySee({ sites: principal.sees ?? [] }, found.site));
	if (!found || !isSeen) throw notFound('session');
	if (!maySee(principal, found.site))
		throw new Problem(403, `On site "${found.site}" ${principal.name} may not do this.`);
	return found;
}

function onlySite(streams: readonly StreamWithPlan[]): string {
	const sites = [...new Set(streams.map(({ stream }) => stream.site))];
	const [site = ''] = sites;
	if (sites.length === 1) return site;
	const message = `are of several sites (${sites.join(', ')}): a session is of one`;
	throw new Problem(400, `$.streams: ${message}`, { faults: [{ path: '$.streams', message }] });
}

function refuseBackwards(fromMicros: number, toMicros: number | null): void {
	if (toMicros === null || toMicros >= fromMicros) return;
	throw new Problem(400, '$.to: is before from', { faults: [{ path: '$.to', message: 'is before from' }] });
}

function defined<T extends object>(all: T): { [K in keyof T]: Exclude<T[K], undefined> } {
	return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as never;
}

async function endedAt(ports: HttpPorts, session: Recording, toMicros: number) {
	const streams = await ports.metadata.streams.some(session.streamIds);
	return { toMicros, inForce: await inForceOf(ports, streams, { fromMicros: session.fromMicros, toMicros }) };
}

async function inForceOf(
	ports: HttpPorts,
	streams: readonly StreamWithPlan[],
	{ fromMicros, toMicros }: { readonly fromMicros: number; readonly toMicros: number },
): Promise<readonly InForce[]> {
	return Promise.all(
		streams.map(async ({ stream, planRevision }) => {
			const limits = limitsIn(await allLimits(ports, stream.id), fromMicros, toMicros);
			return { streamId: stream.id, planRevision, limitsIds: limits.map(({ id }) => id) };
		}),
	);
}

async function toApiSession(metadata: Pick<Metadata, 'streams'>, recording: Recording): Promise<ApiSession> {
	const [only] = await toApiSessions(metadata, [recording]);
	if (!only) throw notFound('session');
	return only;
}

async function toApiSessions(
	metadata: Pick<Metadata, 'streams'>,
	recordings: readonly Recording[],
): Promise<readonly ApiSession[]> {
	const ids = [...new Set(recordings.flatMap(({ streamIds }) => streamIds))];
	const streams = new Map((await metadata.streams.some(ids)).map(({ stream }) => [stream.id, stream]));
	return recordings.map(({ streamIds, fromMicros, toMicros, createdMicros, inForce, ...said }) => ({
		...said,
		streams: streamIds.flatMap((id) => {
			const stream = streams.get(id);
			return stream ? [{ id: String(id), key: stream.key, unit: stream.unit }] : [];
		}),
		from: formatTime(fromMicros),
		to: toMicros === null ? null : formatTime(toMicros),
		createdAt: formatTime(createdMicros),
		inForce: inForce.map(({ streamId, planRevision, limitsIds }) => ({
			stream: String(streamId),
			planRevision,
			limits: [...limitsIds],
		})),
	}));
}
