import { z } from '@hono/zod-openapi';
import { toApiViolation, type ApiViolation } from '#contracts/api.ts';
import type { Principal } from '#contracts/principal.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Violation } from '#contracts/violation.ts';
import { contributionsOf } from '#server/http/answers/contributions.ts';
import { flagParameter, idParameter, pageParameters, streamIdOf, timeParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { listOf, violationSchema } from '#server/http/schemas.ts';
import type { Visible } from '#server/http/visible.ts';

const listQuery = z.strictObject({
	...pageParameters,
	from: timeParameter.optional(),
	to: timeParameter.optional(),
	stream: z.string().max(40).optional(),
	rule: z.string().max(100).optional(),
	state: z.enum(['open', 'acknowledged', 'resolved']).optional(),
	active: flagParameter.optional(),
	site: z.string().max(100).optional(),
});

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
				const { from, to, stream, site, ...rest } = query;
				const sites = sitesFor(principal, site);
				if (sites !== 'all' && sites.length === 0) return { body: { items: [], cursor: null } };
				const page = await metadata.violations.list({
					sites,
					limit: rest.limit,
					...(rest.cursor === undefined ? {} : { cursor: rest.cursor }),
					...(from === undefined ? {} : { fromMicros: from }),
					...(to === undefined ? {} : { toMicros: to }),
					...(stream === undefined ? {} : { streamId: streamIdOf(stream) }),
					...(rest.rule === undefined ? {} : { rule: rest.rule }),
					...(rest.state === undefined ? {} : { state: rest.state }),
					...(rest.active === undefined ? {} : { active: rest.active }),
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
				const metrics = await contributionsOf(ports, violation);
				return { body: { ...toApiViolation(violation, streamOf(of.stream)), metrics } };
			},
		}),
	];
}

/** A filter narrows what somebody may see and never widens it. */
function sitesFor(principal: Principal, site: string | undefined): readonly string[] | 'all' {
	if (site === undefined) return principal.sites;
	return principal.sites === 'all' || principal.sites.includes(site) ? [site] : [];
}

async function withStreams({ metadata }: HttpPorts, violations: readonly Violation[]): Promise<ApiViolation[]> {
	const ids = [...new Set(violations.map((violation) => violation.streamId))];
	const entries = await Promise.all(ids.map(async (id) => [id, await metadata.streams.get(id)] as const));
	const streams = new Map(entries);
	return violations.flatMap((violation) => {
		const of = streams.get(violation.streamId);
		return of ? [toApiViolation(violation, streamOf(of.stream))] : [];
	});
}

export function streamOf({ id, key, labels, site, unit }: Stream): ApiViolation['stream'] {
	return { id: String(id), key, labels, site, unit };
}
