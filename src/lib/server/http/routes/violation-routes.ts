import { z } from '@hono/zod-openapi';
import { toApiViolation, type ApiViolation } from '#contracts/api.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Violation } from '#contracts/violation.ts';
import { metricsOf } from '#server/http/answers/around.ts';
import { matchOf, matchQuery } from '#server/http/answers/violation-match.ts';
import { idParameter, pageParameters } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { listOf, violationSchema } from '#server/http/schemas.ts';
import type { Visible } from '#server/http/visible.ts';

const listQuery = z.strictObject({ ...pageParameters, ...matchQuery });

export function violationRoutes(ports: HttpPorts, visible: Visible): AnswerRoute[] {
	const { metadata } = ports;
	return [
		answer({
			method: 'GET',
			path: '/api/v1/violations',
			access: 'look',
			tag: 'Violations',
			summary: 'Violations, newest first',
			input: { query: listQuery },
			output: { schema: listOf(violationSchema, 'ViolationList') },
			async handle({ principal, query }) {
				const { limit, cursor, ...match } = query;
				const page = await metadata.violations.list({
					...matchOf(principal, match),
					limit,
					...(cursor !== undefined && { cursor }),
				});
				return { body: { items: await withStreams(ports, page.items), cursor: page.cursor } };
			},
		}),
		answer({
			method: 'GET',
			path: '/api/v1/violations/{id}',
			access: 'look',
			tag: 'Violations',
			summary: 'One violation with its context',
			input: { params: idParameter },
			output: { schema: violationSchema },
			async handle({ principal, params }) {
				const { violation, of } = await visible.violation(principal, params.id);
				const metrics = await metricsOf(ports, violation, of.stream);
				return { body: { ...toApiViolation(violation, streamOf(of.stream)), metrics } };
			},
		}),
	];
}

/** In their public shape, without metrics. */
export async function withStreams(
	{ metadata }: Pick<HttpPorts, 'metadata'>,
	violations: readonly Violation[],
): Promise<ApiViolation[]> {
	const found = await metadata.streams.some([...new Set(violations.map(({ streamId }) => streamId))]);
	const streams = new Map(found.map((one) => [one.stream.id, one]));
	return violations.flatMap((violation) => {
		const of = streams.get(violation.streamId);
		return of ? [toApiViolation(violation, streamOf(of.stream))] : [];
	});
}

export function streamOf({ id, key, labels, site, unit }: Stream): ApiViolation['stream'] {
	return { id: String(id), key, labels, site, unit };
}
