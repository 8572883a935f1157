import { z } from '@hono/zod-openapi';
import { formatTime } from '#contracts/time.ts';
import type { Act } from '#server/metadata/port-acts.ts';
import { pageParameters, timeParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { listOf } from '#server/http/schemas.ts';
import { known } from './sign-in-routes.ts';

const actSchema = z
	.strictObject({
		id: z.string(),
		at: z.string(),
		by: z.strictObject({ name: z.string(), id: z.string().nullable(), address: z.string().nullable() }),
		act: z.string(),
		subject: z.string().openapi({ description: '`violation:…`, `stream:…`, `key:…`, `person:…` or `server`' }),
		site: z.string().nullable().openapi({ description: 'Null: about the whole server, or several sites' }),
		detail: z.string().nullable(),
		before: z.unknown(),
		after: z.unknown(),
	})
	.openapi('Act');

/** Who did what. There is no route that changes or removes any of it. */
export function auditRoutes({ identity }: HttpPorts): AnswerRoute[] {
	const common = { access: 'admin', tag: 'People' } as const;
	return [
		answer({
			...common,
			method: 'GET',
			path: '/api/v1/audit',
			summary: 'Who did what on your sites, the newest first',
			input: {
				query: z.strictObject({
					...pageParameters,
					act: z.string().max(100).optional(),
					subject: z.string().max(100).optional(),
					actor: z.string().max(254).optional(),
					from: timeParameter.optional(),
					to: timeParameter.optional(),
				}),
			},
			output: { schema: listOf(actSchema, 'ActList') },
			async handle({ who, query }) {
				const { limit, cursor, act, subject, actor, from, to } = query;
				const page = await identity.audit(known(who), {
					limit,
					...(cursor !== undefined && { beforeId: idOf(cursor) }),
					...(act !== undefined && { act }),
					...(subject !== undefined && { subject }),
					...(actor !== undefined && { actor }),
					...(from !== undefined && { fromMicros: from }),
					...(to !== undefined && { toMicros: to }),
				});
				return { body: { items: page.items.map(toApiAct), cursor: page.cursor } };
			},
		}),
		answer({
			...common,
			method: 'GET',
			path: '/api/v1/audit/check',
			everySite: true,
			summary: 'Whether a row was changed or taken out behind our back',
			output: {
				schema: z.strictObject({
					checked: z.number().int(),
					brokenAt: z
						.string()
						.nullable()
						.openapi({ description: 'The first row that does not follow from the one before' }),
				}),
			},
			async handle() {
				const { checked, brokenAt } = await identity.verifyAudit();
				return { body: { checked, brokenAt: brokenAt === null ? null : String(brokenAt) } };
			},
		}),
	];
}

/** @throws Problem 400 when it is no cursor: an empty page would look like the end of the list */
function idOf(cursor: string): number {
	if (/^[1-9]\d{0,14}$/.test(cursor)) return Number(cursor);
	const fault = { path: 'query.cursor', message: 'is none that this server gave' };
	throw new Problem(400, `${fault.path}: ${fault.message}`, { faults: [fault] });
}

function toApiAct({ id, atMicros, ...act }: Act) {
	return { ...act, id: String(id), at: formatTime(atMicros) };
}
