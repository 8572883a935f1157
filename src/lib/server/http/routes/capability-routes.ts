import { z } from '@hono/zod-openapi';
import { analyze } from '#rules';
import type { ApiCapability } from '#contracts/api.ts';
import type { Plan } from '#contracts/plan.ts';
import { formatTime } from '#contracts/time.ts';
import { groupsOf } from '#server/http/answers/advise.ts';
import { judgedPoints } from '#server/http/answers/judged-points.ts';
import { countParameter, idParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { capabilitySchema } from '#server/http/schemas.ts';
import type { Visible } from '#server/http/visible.ts';

const MOST_POINTS = 10_000;
const USUAL_POINTS = '1000';
/** Fewer say nothing of a spread. */
const LEAST_POINTS = 2;

/** How what a stream measures lies in the specification of its plan. */
export function capabilityRoutes(ports: HttpPorts, visible: Visible): AnswerRoute[] {
	return [
		answer({
			method: 'GET',
			path: '/api/v1/streams/{id}/capability',
			access: 'read',
			tag: 'Streams',
			summary: 'Capability indices with confidence intervals, of its newest points in the specification of its plan',
			input: {
				params: idParameter,
				query: z.strictObject({
					points: countParameter(MOST_POINTS).prefault(USUAL_POINTS),
					distribution: z.enum(['normal', 'percentile']).default('normal'),
				}),
			},
			output: { schema: capabilitySchema },
			problems: { 503: 'The store does not answer and the newest points in memory do not reach back far enough' },
			async handle({ principal, params, query }) {
				const found = await visible.stream(principal, params.id);
				const { tMicros, v } = await judgedPoints(ports, found, query.points);
				const { spec } = found.plan;
				const judged = [...v].filter((value) => !Number.isNaN(value));
				const isSpecified = spec.lsl !== undefined || spec.usl !== undefined;
				const answered =
					isSpecified && judged.length >= LEAST_POINTS
						? analyze(documentOf(found.plan, v, query.distribution))
						: undefined;
				const [first, last] = [tMicros[0], tMicros.at(-1)];
				const body: ApiCapability = {
					spec,
					capability: answered?.capability ?? null,
					advice: answered?.advice ?? [],
					basedOn: {
						points: judged.length,
						from: first === undefined ? null : formatTime(first),
						to: last === undefined ? null : formatTime(last),
					},
				};
				return { body };
			},
		}),
	];
}

/** Within groups where the plan makes groups of a size, else between neighbours. */
function documentOf({ chart, subgroup, spec }: Plan, v: Float64Array, distribution: string): object {
	const options = { ...spec, distribution };
	const isGrouped = (chart === 'xbar-r' || chart === 'xbar-s') && 'size' in subgroup;
	const subgroups = isGrouped ? groupsOf(v, subgroup.size).subgroups : [];
	if (subgroups.length > 1) return { chart: 'capability', subgroups, options };
	return { chart: 'capability', values: [...v].map((value) => (Number.isNaN(value) ? null : value)), options };
}
