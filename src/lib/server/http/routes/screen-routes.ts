import { z } from '@hono/zod-openapi';
import type { ApiScreen, ScreenReport } from '#contracts/screen.ts';
import { formatTime } from '#contracts/time.ts';
import type { Screen, Screens } from '#server/boards/port.ts';
import { idParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { notFound, Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { known } from './sign-in-routes.ts';

const path = z
	.string()
	.max(500)
	.regex(/^\/wall\/[a-z0-9-]+(\?[^#\s]*)?$/, 'is no wall: write /wall/NAME, which shows dashboards too');
const count = z.number().int().min(0).max(1e9);
const said = {
	path,
	page: z.string().max(100),
	version: z.string().max(60),
	width: count,
	height: count,
	upSeconds: count,
	fresh: count,
	tiles: count,
	sound: z.enum(['off', 'armed', 'not-armed']),
	isAwake: z.boolean(),
	lost: count,
	faults: count,
	heapMb: z.number().min(0).max(1e6).nullable(),
};
const reportSchema = z
	.strictObject({
		screen: z.string().regex(/^[\w-]{8,64}$/, 'is no id of a screen'),
		...said,
		done: z.string().max(60).nullable(),
	})
	.openapi('ScreenReport') satisfies z.ZodType<ScreenReport>;
const orderSchema = z.union([
	z.strictObject({ id: z.string(), path: z.string() }),
	z.strictObject({ id: z.string(), reload: z.literal(true) }),
]);
const screenSchema = z
	.strictObject({
		id: z.string().nullable().openapi({ description: 'Null: nothing heard of it since the server was started' }),
		name: z.string(),
		sites: z.array(z.string()).nullable().openapi({ description: 'Null: it shows every site' }),
		seenAt: z.string().nullable(),
		ordered: z.string().nullable().openapi({ description: 'What it has not carried out yet' }),
		report: z.strictObject(said).nullable(),
	})
	.openapi('Screen') satisfies z.ZodType<ApiScreen>;

/** Screens on walls report home, and are sent another page from there. */
export function screenRoutes(ports: HttpPorts): AnswerRoute[] {
	return [reportRoute(ports), listRoute(ports), orderRoute(ports)];
}

function reportRoute({ screens }: HttpPorts): AnswerRoute {
	return answer({
		method: 'POST',
		path: '/api/v1/screens/report',
		access: 'look',
		tag: 'Boards',
		summary: 'A screen says how it is; the answer has what it is to do',
		input: { body: reportSchema },
		output: { schema: z.strictObject({ order: orderSchema.nullable() }) },
		handle({ who, principal, body }) {
			const { id, name } = known(who);
			return { body: { order: screens.take({ by: id, name, sites: principal.sites }, body) } };
		},
	});
}

function listRoute({ screens, metadata }: HttpPorts): AnswerRoute {
	return answer({
		method: 'GET',
		path: '/api/v1/screens',
		access: 'admin',
		tag: 'Boards',
		summary: 'Screens that show your sites, and how each is',
		output: { schema: z.strictObject({ items: z.array(screenSchema) }) },
		async handle({ principal }) {
			const heard = screens.list(principal.sites);
			const by = new Set(heard.map((screen) => screen.by));
			const keys = await metadata.keys.list(principal.sites);
			const silent = keys
				.filter(({ id, scopes }) => scopes.includes('display') && !by.has(`key:${id}`))
				.map(({ name, site, usedMicros }) => neverHeard({ name, site, usedMicros }));
			return { body: { items: [...heard.map(toApi), ...silent].sort(byName) } };
		},
	});
}

function orderRoute({ screens }: HttpPorts): AnswerRoute {
	return answer({
		method: 'POST',
		path: '/api/v1/screens/{id}/order',
		access: 'admin',
		tag: 'Boards',
		summary: 'Send a screen another page, or have it load its page anew',
		input: {
			params: idParameter,
			body: z.strictObject({ path: path.optional(), reload: z.literal(true).optional() }),
		},
		output: { status: 204, schema: z.undefined() },
		problems: { 404: 'There is no such screen' },
		handle({ principal, params, body }) {
			if (!screens.list(principal.sites).some(({ id }) => id === params.id)) throw notFound('screen');
			screens.order(params.id, principal.sites, whatOf(body));
			return { body: undefined };
		},
	});
}

/** @throws Problem 400 */
function whatOf(body: { path?: string | undefined; reload?: true | undefined }): Parameters<Screens['order']>[2] {
	if (body.path !== undefined && body.reload === undefined) return { path: body.path };
	if (body.reload !== undefined && body.path === undefined) return { reload: body.reload };
	const message = 'say either path, or reload: true';
	throw new Problem(400, message, { faults: [{ path: '$', message }] });
}

function toApi({ id, name, sites, seenMicros, report, order }: Screen): ApiScreen {
	const { screen: _screen, done: _done, ...about } = report;
	const ordered = order === undefined ? null : 'path' in order ? order.path : 'reload';
	return { id, name, sites: sites === 'all' ? null : sites, seenAt: formatTime(seenMicros), ordered, report: about };
}

function neverHeard(key: { name: string; site: string; usedMicros: number | null | undefined }): ApiScreen {
	const seenAt = key.usedMicros == null ? null : formatTime(key.usedMicros);
	return { id: null, name: key.name, sites: [key.site], seenAt, ordered: null, report: null };
}

function byName(a: ApiScreen, b: ApiScreen): number {
	return a.name.localeCompare(b.name);
}
