import { z } from '@hono/zod-openapi';
import { toApiViolation } from '#contracts/api.ts';
import { formatTime } from '#contracts/time.ts';
import type { ViolationChange } from '#server/metadata/port-violations.ts';
import { actorOf } from '#server/http/actor.ts';
import { checkCause, commentField, nameField, needed } from '#server/http/answers/act-fields.ts';
import { idParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { notFound } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { listOf, violationSchema } from '#server/http/schemas.ts';
import { streamOf } from './violation-routes.ts';
import type { Visible } from '#server/http/visible.ts';

const MOST_TRAIL = 200;

/** What people do about a violation, and what they have done. */
export function violationActRoutes(ports: HttpPorts, visible: Visible): AnswerRoute[] {
	const act = actRoutes(ports, visible);
	return [
		act(
			'acknowledge',
			'Somebody has seen it',
			z.strictObject({ comment: commentField.optional() }),
			({ comment: text }) => ({
				state: 'acknowledged',
				...(text !== undefined && { comment: text }),
			}),
		),
		act(
			'resolve',
			'It is dealt with, and why it was',
			z.strictObject({ cause: z.string().max(100).optional(), comment: commentField.optional() }),
			({ cause, comment: text }) => ({
				state: 'resolved',
				...(cause !== undefined && { cause }),
				...(text !== undefined && { comment: text }),
			}),
		),
		act('reopen', 'It was not dealt with after all', z.strictObject({ comment: commentField.optional() }), (body) => ({
			state: 'open',
			...(body.comment !== undefined && { comment: body.comment }),
		})),
		act(
			'comment',
			'Somebody says something about it',
			z.strictObject({ comment: commentField.optional() }),
			(body) => ({
				comment: needed('comment', body.comment),
			}),
		),
		act(
			'assign',
			'Who looks after it; null: nobody in particular',
			z.strictObject({ assignee: nameField.nullable().optional() }),
			(body) => ({ assignee: needed('assignee', body.assignee) }),
		),
		trailRoute(ports, visible),
	];
}

function actRoutes({ cases, metadata, auth }: HttpPorts, visible: Visible) {
	return <S extends z.ZodType>(
		name: string,
		summary: string,
		schema: S,
		toChange: (body: z.output<S>) => Omit<ViolationChange, 'by'>,
	): AnswerRoute =>
		answer({
			method: 'POST',
			path: `/api/v1/violations/{id}/${name}`,
			access: 'act',
			tag: 'Violations',
			summary,
			input: { params: idParameter, body: schema as z.ZodType },
			output: { schema: violationSchema },
			async handle({ principal, params, body, who, asking }) {
				const { of } = await visible.violation(principal, params.id);
				const change = toChange(body as z.output<S>);
				if (change.cause) await checkCause(metadata, change.cause);
				const violation = await cases.change(params.id, { ...change, by: actorOf(who, auth.from(asking)) });
				if (!violation) throw notFound('violation');
				return { body: toApiViolation(violation, streamOf(of.stream)) };
			},
		});
}

const trailSchema = z
	.strictObject({
		id: z.string(),
		at: z.string(),
		by: z.string(),
		act: z.string(),
		comment: z.string().nullable(),
		before: z.unknown(),
		after: z.unknown(),
	})
	.openapi('ViolationAct');

function trailRoute({ metadata }: HttpPorts, visible: Visible): AnswerRoute {
	return answer({
		method: 'GET',
		path: '/api/v1/violations/{id}/trail',
		access: 'read',
		tag: 'Violations',
		summary: 'What people did about it and said, the newest first',
		input: { params: idParameter },
		output: { schema: listOf(trailSchema, 'ViolationTrail') },
		async handle({ principal, params }) {
			const { of } = await visible.violation(principal, params.id);
			const sites = [of.stream.site];
			const page = await metadata.acts.list({ sites, subject: `violation:${params.id}`, limit: MOST_TRAIL });
			const items = page.items.map(({ id, atMicros, by, act, detail, before, after }) => ({
				id: String(id),
				at: formatTime(atMicros),
				by: by.name,
				act,
				comment: detail,
				before,
				after,
			}));
			return { body: { items, cursor: null } };
		},
	});
}
