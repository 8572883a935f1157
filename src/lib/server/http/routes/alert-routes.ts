import { z } from '@hono/zod-openapi';
import { routeSchema } from '#contracts/alert-config.ts';
import { formatDuration } from '#contracts/duration.ts';
import { formatTime } from '#contracts/time.ts';
import type { AlertAttempt, AlertMessage } from '#contracts/alert.ts';
import type { ChannelState, Preview, RouteState } from '#server/alerts/port.ts';
import { actorOf } from '#server/http/actor.ts';
import { pageParameters, timeField } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { notFound, Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { listOf } from '#server/http/schemas.ts';

const channelSchema = z
	.strictObject({
		id: z.string(),
		route: z.string(),
		type: z.string(),
		title: z.string(),
		state: z.enum(['on', 'held', 'off']),
		reason: z.string().nullable(),
		heldUntil: z.string().nullable(),
		waiting: z.number().int(),
		dead: z.number().int(),
		sent: z.number().int(),
	})
	.openapi('AlertChannel');
const overviewSchema = z.strictObject({
	routes: z.array(z.strictObject({ name: z.string(), config: z.looseObject({}), channels: z.array(channelSchema) })),
	maintenance: z.array(z.looseObject({})),
	noLinks: z.string().nullable().openapi({ description: 'Why alerts carry no links' }),
});
const messageSchema = z
	.strictObject({
		id: z.string(),
		key: z.string().openapi({ description: 'Sent with every attempt (`webhook-id`)' }),
		route: z.string(),
		channel: z.string(),
		createdAt: z.string(),
		dueAt: z.string(),
		attempts: z.number().int(),
		state: z.enum(['waiting', 'sent', 'dead']),
		detail: z.string().nullable(),
		count: z.number().int(),
		violations: z.array(z.strictObject({ id: z.string(), key: z.string(), change: z.string() })),
	})
	.openapi('AlertMessage');
const attemptSchema = z
	.strictObject({
		id: z.string(),
		message: z.string(),
		channel: z.string(),
		at: z.string(),
		attempt: z.number().int(),
		tookMs: z.number().int(),
		outcome: z.enum(['sent', 'failed', 'gave-up']),
		status: z.number().int().nullable(),
		detail: z.string(),
	})
	.openapi('AlertAttempt');
const testSchema = z.strictObject({
	ok: z.boolean(),
	tookMs: z.number().int(),
	fault: z.string().nullable(),
	request: z.string(),
	answer: z.string(),
	status: z.number().int().nullable(),
});
const previewSchema = z.strictObject({
	looked: z.number().int(),
	told: z.number().int(),
	suppressed: z.number().int(),
	messages: z.number().int(),
	isCut: z.boolean(),
	items: z.array(
		z.strictObject({
			at: z.string(),
			group: z.string(),
			count: z.number().int(),
			counts: z.record(z.string(), z.number().int()),
			violations: z.array(z.strictObject({ id: z.string(), key: z.string(), rule: z.string(), change: z.string() })),
		}),
	),
});

const CHANNEL = z.object({ channel: z.string().max(200) });
const listQuery = z.strictObject({ ...pageParameters, channel: z.string().max(200).optional() });

/** Routes and channels are of the whole server: they say who works where. */
export function alertRoutes({ alerts, metadata, auth }: HttpPorts): AnswerRoute[] {
	const looking = { access: 'read', everySite: true, tag: 'Alerts' } as const;
	const acting = { access: 'plan', everySite: true, tag: 'Alerts' } as const;
	const noted = (act: string, subject: string, by: ReturnType<typeof actorOf>) =>
		metadata.acts.add({ by, act, subject, site: null });
	return [
		answer({
			...looking,
			method: 'GET',
			path: '/api/v1/alerts',
			summary: 'Routes and their channels, and how these are',
			output: { schema: overviewSchema },
			async handle() {
				const { routes, ...rest } = await alerts.overview();
				return { body: { routes: routes.map(toApiRoute), ...rest } };
			},
		}),
		answer({
			...looking,
			method: 'GET',
			path: '/api/v1/alerts/messages',
			summary: 'Messages, the newest first; state=dead: those that were given up',
			input: { query: listQuery.extend({ state: z.enum(['waiting', 'sent', 'dead']).optional() }) },
			output: { schema: listOf(messageSchema, 'AlertMessageList') },
			async handle({ query: { cursor, limit, channel, state } }) {
				const filter = { limit, ...before(cursor), ...(channel !== undefined && { channel }), ...(state && { state }) };
				const page = await metadata.alerts.list(filter);
				return { body: { items: page.items.map(toApiMessage), cursor: page.cursor } };
			},
		}),
		answer({
			...looking,
			method: 'GET',
			path: '/api/v1/alerts/log',
			summary: 'Every attempt to send a message, the newest first',
			input: { query: listQuery },
			output: { schema: listOf(attemptSchema, 'AlertLog') },
			async handle({ query: { cursor, limit, channel } }) {
				const page = await metadata.alerts.log({ limit, ...before(cursor), ...(channel !== undefined && { channel }) });
				return { body: { items: page.items.map(toApiAttempt), cursor: page.cursor } };
			},
		}),
		answer({
			...acting,
			method: 'POST',
			path: '/api/v1/alerts/messages/{message}/resend',
			summary: 'Send a message again that was given up',
			input: { params: z.object({ message: z.string().regex(/^[1-9]\d{0,14}$/, 'is no message') }) },
			output: { status: 202, schema: z.strictObject({}) },
			async handle({ params, who, asking }) {
				if (!(await alerts.resend(Number(params.message)))) throw notFound('message that was given up');
				await noted('alert.resend', `alert:${params.message}`, actorOf(who, auth.from(asking)));
				return { status: 202, body: {} };
			},
		}),
		answer({
			...acting,
			method: 'POST',
			path: '/api/v1/alerts/channels/{channel}/test',
			summary: 'Send a test, and see what was sent and answered',
			input: { params: CHANNEL },
			output: { schema: testSchema },
			async handle({ params, who, asking }) {
				const by = actorOf(who, auth.from(asking));
				const result = await alerts.test(params.channel, by.name);
				if (!result) throw notFound('channel');
				await noted('alert.test', `channel:${params.channel}`, by);
				return { body: result };
			},
		}),
		answer({
			...acting,
			method: 'POST',
			path: '/api/v1/alerts/channels/{channel}/enable',
			summary: 'Turn a channel on again that answered 410, or did not answer',
			input: { params: CHANNEL },
			output: { status: 202, schema: z.strictObject({}) },
			async handle({ params, who, asking }) {
				if (!(await alerts.turnOn(params.channel))) throw notFound('channel');
				await noted('alert.enable', `channel:${params.channel}`, actorOf(who, auth.from(asking)));
				return { status: 202, body: {} };
			},
		}),
		previewRoute(alerts),
		draftRoute(alerts),
	];
}

function previewRoute(alerts: HttpPorts['alerts']): AnswerRoute {
	const route = routeSchema.omit({ channels: true }).optional();
	return answer({
		method: 'POST',
		path: '/api/v1/alerts/preview',
		access: 'read',
		everySite: true,
		tag: 'Alerts',
		summary: 'What a route would have sent over the stored history; name one, or bring one that is not saved',
		input: {
			body: z.strictObject({ name: z.string().max(60), route, from: timeField, to: timeField }),
		},
		output: { schema: previewSchema },
		async handle({ principal, body }) {
			const saved = (await alerts.overview()).routes.find(({ name }) => name === body.name)?.config;
			const config = body.route ? { ...body.route, channels: [] } : saved;
			if (!config) throw notFound('route');
			if (body.to <= body.from) {
				const fault = { path: '$.to', message: 'must be after from' };
				throw new Problem(400, `${fault.path} ${fault.message}`, { faults: [fault] });
			}
			const { name, from: fromMicros, to: toMicros } = body;
			const preview = await alerts.preview({ name, route: config, fromMicros, toMicros, sites: principal.sites });
			return { body: toApiPreview(preview) };
		},
	});
}

function draftRoute(alerts: HttpPorts['alerts']): AnswerRoute {
	const fault = z.strictObject({
		line: z.number().int(),
		column: z.number().int(),
		path: z.string(),
		message: z.string(),
	});
	return answer({
		method: 'POST',
		path: '/api/v1/alerts/draft',
		access: 'read',
		everySite: true,
		tag: 'Alerts',
		summary: 'What is wrong with routes that are not saved (YAML), or what they would have sent',
		input: { body: z.strictObject({ yaml: z.string().max(100_000), from: timeField, to: timeField }) },
		output: {
			schema: z.strictObject({
				faults: z.array(fault),
				routes: z.array(z.strictObject({ name: z.string(), preview: previewSchema })),
			}),
		},
		async handle({ principal, body: { yaml, from: fromMicros, to: toMicros } }) {
			const { faults, routes } = await alerts.previewDraft(yaml, { fromMicros, toMicros, sites: principal.sites });
			return {
				body: { faults, routes: routes.map(({ name, preview }) => ({ name, preview: toApiPreview(preview) })) },
			};
		},
	});
}

function toApiPreview(preview: Preview) {
	return { ...preview, items: preview.items.map(({ atMicros, ...item }) => ({ at: formatTime(atMicros), ...item })) };
}

/** Without what channels are made of: options hold secrets. */
function toApiRoute({ name, config, channels }: RouteState) {
	const { channels: _, groupFor, ...shown } = config;
	return { name, config: { ...shown, groupFor: formatDuration(groupFor) }, channels: channels.map(toApiChannel) };
}

function toApiChannel({ heldUntilMicros, ...channel }: ChannelState) {
	return { ...channel, heldUntil: heldUntilMicros === null ? null : formatTime(heldUntilMicros) };
}

function toApiMessage({ id, key, route, channel, content, attempts, state, detail, ...message }: AlertMessage) {
	return {
		...{ id: String(id), key, route, channel, attempts, state, detail },
		createdAt: formatTime(message.createdMicros),
		dueAt: formatTime(message.dueMicros),
		count: content.count,
		violations: content.items.map(({ violation, stream, change }) => ({ id: violation.id, key: stream.key, change })),
	};
}

function toApiAttempt({ id, messageId, atMicros, ...attempt }: AlertAttempt) {
	return { id: String(id), message: String(messageId), at: formatTime(atMicros), ...attempt };
}

/** @throws Problem 400 when it is no cursor */
function before(cursor: string | undefined): { readonly beforeId?: number } {
	if (cursor === undefined) return {};
	if (/^[1-9]\d{0,14}$/.test(cursor)) return { beforeId: Number(cursor) };
	const fault = { path: 'query.cursor', message: 'is none that this server gave' };
	throw new Problem(400, `${fault.path}: ${fault.message}`, { faults: [fault] });
}
