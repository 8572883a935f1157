import { z } from '@hono/zod-openapi';
import type { ApiEvent } from '#contracts/api.ts';
import { EVENT_KINDS, isLasting, type NewEvent, type SiteEvent } from '#contracts/event.ts';
import { maySee, type Principal } from '#contracts/principal.ts';
import { keyFault, quote } from '#contracts/stream.ts';
import { formatTime, OLDEST_MICROS } from '#contracts/time.ts';
import type { EventFilter } from '#server/metadata/port-events.ts';
import { actorOf } from '#server/http/actor.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { idParameter, pageParameters, timeField, timeParameter } from '#server/http/parameters.ts';
import { Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { listOf } from '#server/http/schemas.ts';
import type { Visible } from '#server/http/visible.ts';

const MOST_STREAMS = 100;
const MOST_ATTRIBUTES = 50;
/** What nobody sees has no business in a line that a screen shows. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const text = (max: number) =>
	z
		.string()
		.trim()
		.min(1, 'is empty')
		.max(max)
		.refine((value) => !INVISIBLE.test(value), 'has a character that nobody sees');
const title = text(200);
const attributes = z
	.record(text(100), z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]))
	.refine((all) => Object.keys(all).length <= MOST_ATTRIBUTES, `has more than ${MOST_ATTRIBUTES} entries`);
const time = timeField.refine((micros) => micros >= OLDEST_MICROS, 'is before 1971: is the clock set?');
const streamName = z.string().superRefine((key, context) => {
	const message = keyFault(key);
	if (message) context.addIssue({ code: 'custom', message });
});

const newEvent = z
	.strictObject({
		kind: z
			.enum(EVENT_KINDS)
			.openapi({ description: `One of ${EVENT_KINDS.filter(isLasting).join(', ')} lasts until the next of its kind` }),
		from: time,
		to: time.nullable().default(null),
		title,
		streams: z.array(streamName).max(MOST_STREAMS).default([]).openapi({ description: 'Keys, or ids' }),
		asset: text(200).nullable().default(null),
		attributes: attributes.default({}),
	})
	.refine(({ streams, asset }) => asset === null || streams.length === 0, {
		path: ['asset'],
		message: 'stands beside `streams`: an event is about streams, or about an asset, or (with neither) about the site',
	})
	.refine(({ from, to }) => to === null || to >= from, { path: ['to'], message: 'is before `from`' });

const change = z.strictObject({ to: time.nullable(), title, attributes }).partial();

const eventSchema = z
	.strictObject({
		id: z.string(),
		site: z.string(),
		kind: z.enum(EVENT_KINDS),
		from: z.string(),
		to: z.string().nullable().openapi({ description: 'null: a moment, or (of lasting kinds) not over' }),
		title: z.string(),
		asset: z.string().nullable(),
		streams: z.array(z.string()),
		attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
	})
	.openapi('Event') satisfies z.ZodType<ApiEvent>;

const listQuery = z.strictObject({
	...pageParameters,
	from: timeParameter.optional(),
	to: timeParameter.optional(),
	stream: z.string().optional().openapi({ description: 'Id of a stream: events of it, of its asset and of its site' }),
	asset: z.string().max(200).optional(),
	kind: z.enum(EVENT_KINDS).optional(),
	site: z.string().optional(),
});

const common = { tag: 'Events' } as const;

/** What happened beside the measurements: deploys, tools, lots, shifts. Charts show it, root causes are looked for in it. */
export function eventRoutes(ports: HttpPorts, visible: Visible): AnswerRoute[] {
	return [tellRoute(ports), listRoute(ports, visible), ...oneRoutes(ports, visible)];
}

function tellRoute({ metadata }: HttpPorts): AnswerRoute {
	return answer({
		...common,
		method: 'POST',
		path: '/api/v1/events',
		access: 'note',
		summary: 'Tell what happened; the same told twice is one event',
		input: {
			query: z.strictObject({ site: z.string().optional().openapi({ description: 'Of somebody with several' }) }),
			body: newEvent,
		},
		output: { status: 201, schema: eventSchema },
		async handle({ principal, query, body }) {
			const site = siteOf(principal, query.site);
			const { from, to, kind, asset } = body;
			const streams = await keysOf(metadata, site, body.streams);
			const event: NewEvent = {
				...{ site, kind, asset, streams, fromMicros: from, toMicros: to },
				...{ title: body.title, attributes: body.attributes },
			};
			return { body: toApiEvent(await metadata.events.add(event)) };
		},
	});
}

function listRoute({ metadata }: HttpPorts, visible: Visible): AnswerRoute {
	return answer({
		...common,
		method: 'GET',
		path: '/api/v1/events',
		access: 'look',
		summary: 'What happened, what began last first',
		input: { query: listQuery },
		output: { schema: listOf(eventSchema, 'EventList') },
		async handle({ principal, query }) {
			const { stream, asset, site, from, to, kind, limit, cursor } = query;
			const sites = site === undefined ? principal.sites : maySee(principal, site) ? [site] : [];
			const of = stream === undefined ? undefined : (await visible.stream(principal, stream)).stream;
			const filter: EventFilter = {
				...{ sites: of ? [of.site] : sites, limit },
				...(of ? { of } : asset === undefined ? {} : { of: { asset } }),
				...(from === undefined ? {} : { fromMicros: from }),
				...(to === undefined ? {} : { toMicros: to }),
				...(kind === undefined ? {} : { kind }),
				...(cursor === undefined ? {} : { cursor }),
			};
			const page = await metadata.events.list(filter);
			return { body: { items: page.items.map(toApiEvent), cursor: page.cursor } };
		},
	});
}

function oneRoutes({ metadata, auth }: HttpPorts, visible: Visible): AnswerRoute[] {
	const facts = { ...common, path: '/api/v1/events/{id}', access: 'note' } as const;
	return [
		answer({
			...facts,
			method: 'PATCH',
			summary: 'Say when it ended, mend its title or attributes',
			input: { params: idParameter, body: change },
			output: { schema: eventSchema },
			async handle({ principal, params, body, who, asking }) {
				const event = await visible.event(principal, params.id);
				const { to, ...rest } = body;
				// Not said by the shape: of a foreign event nothing is said, not even this.
				if (Object.keys(body).length === 0) throw fault('$', 'names nothing to change: `to`, `title` or `attributes`');
				if (typeof to === 'number' && to < event.fromMicros) throw fault('$.to', 'is before the event began');
				const by = actorOf(who, auth.from(asking));
				const next = { ...rest, ...(to === undefined ? {} : { toMicros: to }) };
				return { body: toApiEvent((await metadata.events.change(event.id, next, by)) ?? event) };
			},
		}),
		answer({
			...facts,
			method: 'DELETE',
			summary: 'Take back what was told in error',
			input: { params: idParameter },
			output: { status: 204, schema: z.undefined() },
			async handle({ principal, params, who, asking }) {
				const event = await visible.event(principal, params.id);
				await metadata.events.remove(event.id, actorOf(who, auth.from(asking)));
				return { body: undefined };
			},
		}),
	];
}

/** @throws Problem 403 for a site on which who asks may not tell of anything */
function siteOf(principal: Principal, asked: string | undefined): string {
	const site = asked ?? principal.writeSite;
	if (!maySee(principal, site))
		throw new Problem(403, `${principal.name} may not tell of events on site ${quote(site)}.`);
	return site;
}

/** An id becomes the key that it stands for; a key may be that of a stream that comes later. */
async function keysOf({ streams }: HttpPorts['metadata'], site: string, names: readonly string[]): Promise<string[]> {
	const keys = names.map(async (name) => {
		const found = /^[1-9]\d{0,9}$/.test(name) ? await streams.get(Number(name)) : undefined;
		return found?.stream.site === site ? found.stream.key : name;
	});
	return [...new Set(await Promise.all(keys))];
}

function fault(path: string, message: string): Problem {
	return new Problem(400, `${path} ${message}`, { faults: [{ path, message }] });
}

function toApiEvent({ fromMicros, toMicros, ...event }: SiteEvent): ApiEvent {
	return { ...event, from: formatTime(fromMicros), to: toMicros === null ? null : formatTime(toMicros) };
}
