import { z } from '@hono/zod-openapi';
import { ANNOTATION_KINDS, toApiAnnotation, type Annotation, type ApiAnnotation } from '#contracts/annotation.ts';
import { OLDEST_MICROS } from '#contracts/time.ts';
import { actorOf } from '#server/http/actor.ts';
import { bodyFault } from '#server/http/body-fault.ts';
import { idParameter, timeField, timeParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { notFound, Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { listOf } from '#server/http/schemas.ts';
import type { Visible } from '#server/http/visible.ts';

/** More than anybody reads; a program that leaves them by the thousand wants events. */
const MOST_PER_STREAM = 2000;
/** What nobody sees has no business in a line that a screen shows. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

export const remark = z
	.string()
	.trim()
	.max(1000)
	.refine((value) => !INVISIBLE.test(value), 'has a character that nobody sees');
export const momentField = timeField.refine((micros) => micros >= OLDEST_MICROS, 'is before 1971: is the clock set?');

export const annotationSchema = z
	.strictObject({
		id: z.string(),
		kind: z.enum(ANNOTATION_KINDS),
		from: z.string(),
		to: z.string().openapi({ description: 'The same as from: of one point' }),
		text: z.string(),
		by: z.string(),
		at: z.string(),
	})
	.openapi('Annotation') satisfies z.ZodType<ApiAnnotation>;

/** Nothing is needed by the shape: of a foreign stream not even that is said. */
const newAnnotation = z
	.strictObject({
		kind: z.enum(['comment', 'pin']),
		from: momentField,
		to: momentField.openapi({ description: 'Left out: one point' }),
		text: remark,
	})
	.partial();

/** What people leave on a stream beside its points. Exclusions and phases are made and taken back by `/baseline`. */
export function annotationRoutes(ports: HttpPorts, visible: Visible): AnswerRoute[] {
	const { metadata, auth } = ports;
	const facts = { path: '/api/v1/streams/{id}/annotations', tag: 'Streams' } as const;
	return [
		answer({
			...facts,
			method: 'GET',
			access: 'read',
			summary: 'Comments, pinned readouts, points taken out of the baseline and phases, oldest first',
			input: {
				params: idParameter,
				query: z.strictObject({ from: timeParameter.optional(), to: timeParameter.optional() }),
			},
			output: { schema: listOf(annotationSchema, 'AnnotationList') },
			async handle({ principal, params, query: { from, to } }) {
				const { stream } = await visible.stream(principal, params.id);
				const range = { ...(from !== undefined && { fromMicros: from }), ...(to !== undefined && { toMicros: to }) };
				const items = await metadata.annotations.of(stream.id, range);
				return { body: { items: items.map(toApiAnnotation), cursor: null } };
			},
		}),
		answer({
			...facts,
			method: 'POST',
			access: 'act',
			summary: 'Leave a comment on a point or a stretch, or pin the readout of a point',
			input: { params: idParameter, body: newAnnotation },
			output: { status: 201, schema: annotationSchema },
			problems: { 409: `The stream has ${MOST_PER_STREAM} already` },
			async handle({ principal, params, body, who, asking }) {
				const { stream } = await visible.stream(principal, params.id);
				const wanted = wantedOf(body);
				const known = await metadata.annotations.of(stream.id);
				if (known.length >= MOST_PER_STREAM)
					throw new Problem(409, `This stream has ${known.length} annotations already: take some away first.`);
				const by = actorOf(who, auth.from(asking));
				const added = await metadata.annotations.add({ streamId: stream.id, ...wanted }, by);
				return { status: 201, body: toApiAnnotation(added) };
			},
		}),
		answer({
			...facts,
			path: `${facts.path}/{annotation}`,
			method: 'DELETE',
			access: 'act',
			summary: 'Take a comment or a pin away; the audit keeps it',
			input: { params: idParameter.extend({ annotation: z.string() }) },
			output: { schema: annotationSchema },
			problems: { 409: 'It is an exclusion or a phase: those are undone by POST …/baseline' },
			async handle({ principal, params, who, asking }) {
				const { stream } = await visible.stream(principal, params.id);
				const known = await metadata.annotations.of(stream.id);
				const found = annotationIn(known, params.annotation);
				if (found.kind !== 'comment' && found.kind !== 'pin')
					throw new Problem(
						409,
						`What it did to the baseline is undone by POST /api/v1/streams/${params.id}/baseline.`,
					);
				await metadata.annotations.remove(stream.id, found.id, actorOf(who, auth.from(asking)));
				return { body: toApiAnnotation(found) };
			},
		}),
	];
}

/** @throws Problem 404 */
export function annotationIn(known: readonly Annotation[], id: string): Annotation {
	const found = known.find((one) => String(one.id) === id);
	if (!found) throw notFound('annotation');
	return found;
}

/** @throws Problem 400 */
function wantedOf({ kind, from, to = from, text = '' }: z.output<typeof newAnnotation>) {
	if (kind === undefined) throw bodyFault('kind', 'is missing: comment or pin');
	if (from === undefined || to === undefined) throw bodyFault('from', 'is missing');
	if (to < from) throw bodyFault('to', 'is before `from`');
	if (kind === 'comment' && text === '') throw bodyFault('text', 'is empty');
	return { kind, fromMicros: from, toMicros: to, text };
}
