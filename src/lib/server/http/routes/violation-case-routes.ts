import { z } from '@hono/zod-openapi';
import { formatTime } from '#contracts/time.ts';
import { actorOf } from '#server/http/actor.ts';
import { needed } from '#server/http/answers/act-fields.ts';
import { aroundOf } from '#server/http/answers/around.ts';
import { idParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { notFound } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { listOf, violationSchema } from '#server/http/schemas.ts';
import type { Visible } from '#server/http/visible.ts';
import { withStreams } from './violation-routes.ts';

const MOST_SIMILAR = 200;
const SHOWN_SIMILAR = 12;

const stepSchema = z.strictObject({
	step: z.string(),
	done: z.strictObject({ at: z.string(), by: z.string() }).nullable(),
	isPlanned: z.boolean().openapi({ description: 'False: it was done, and the plan does not have it any more' }),
});
const caseSchema = z
	.strictObject({
		openedAt: z.string().nullable().openapi({ description: 'When this server found it' }),
		acknowledgedAt: z.string().nullable(),
		resolvedAt: z.string().nullable(),
		steps: z.array(stepSchema),
	})
	.openapi('ViolationCase');
const neighbourSchema = z
	.strictObject({
		stream: z.strictObject({ id: z.string(), key: z.string(), unit: z.string() }),
		t: z.string(),
		v: z.number(),
		sigmas: z.number().nullable(),
	})
	.openapi('Neighbour');
const similarSchema = z.strictObject({
	items: z.array(violationSchema),
	causes: z.array(z.strictObject({ cause: z.string().nullable(), count: z.number().int() })),
	count: z.number().int(),
	cursor: z.null(),
});

/** What is known of one violation besides itself, and the steps of its reaction plan. */
export function violationCaseRoutes(ports: HttpPorts, visible: Visible): AnswerRoute[] {
	return [
		caseRoute(ports, visible),
		stepRoute(ports, visible),
		similarRoute(ports, visible),
		aroundRoute(ports, visible),
	];
}

function caseRoute({ metadata }: HttpPorts, visible: Visible): AnswerRoute {
	return answer({
		method: 'GET',
		path: '/api/v1/violations/{id}/case',
		access: 'read',
		tag: 'Violations',
		summary: 'When it was found, acknowledged and resolved, and the steps of the reaction plan with who did them',
		input: { params: idParameter },
		output: { schema: caseSchema },
		async handle({ principal, params }) {
			await visible.violation(principal, params.id);
			return { body: await caseOf(metadata, params.id) };
		},
	});
}

function stepRoute({ metadata, auth }: HttpPorts, visible: Visible): AnswerRoute {
	return answer({
		method: 'PUT',
		path: '/api/v1/violations/{id}/steps',
		access: 'act',
		tag: 'Violations',
		summary: 'Tick a step of the reaction plan, or take the tick back',
		input: {
			params: idParameter,
			body: z.strictObject({ step: z.string().max(4000).optional(), isDone: z.boolean().default(true) }),
		},
		output: { schema: caseSchema },
		async handle({ principal, params, body: { step, isDone }, who, asking }) {
			await visible.violation(principal, params.id);
			const by = actorOf(who, auth.from(asking));
			const tick = { step: needed('step', step), isDone, by };
			if (!(await metadata.violations.tick(params.id, tick))) throw notFound('step in the reaction plan');
			return { body: await caseOf(metadata, params.id) };
		},
	});
}

async function caseOf({ violations }: HttpPorts['metadata'], id: string): Promise<z.output<typeof caseSchema>> {
	const [times, steps] = await Promise.all([violations.times(id), violations.steps(id)]);
	const timeOf = (micros: number | null | undefined) =>
		micros === null || micros === undefined ? null : formatTime(micros);
	return {
		openedAt: timeOf(times?.openedMicros),
		acknowledgedAt: timeOf(times?.acknowledgedMicros),
		resolvedAt: timeOf(times?.resolvedMicros),
		steps: steps.map(({ step, done, isPlanned }) => {
			return { step, done: done && { at: formatTime(done.atMicros), by: done.by }, isPlanned };
		}),
	};
}

function similarRoute(ports: HttpPorts, visible: Visible): AnswerRoute {
	const { violations } = ports.metadata;
	return answer({
		method: 'GET',
		path: '/api/v1/violations/{id}/similar',
		access: 'read',
		tag: 'Violations',
		summary: 'Earlier ones of the same stream, chart and rule, and what they were put down to',
		input: { params: idParameter },
		output: { schema: similarSchema },
		async handle({ principal, params }) {
			const { violation, of } = await visible.violation(principal, params.id);
			const { chart, rule, streamId, firstMicros } = violation;
			const filter = { sites: [of.stream.site], streamId, chart, rule: String(rule) };
			const page = await violations.list({ ...filter, toMicros: firstMicros, limit: MOST_SIMILAR });
			const earlier = page.items.filter(({ id }) => id !== params.id);
			const causes = [...Map.groupBy(earlier, ({ cause }) => cause)]
				.map(([cause, some]) => ({ cause, count: some.length }))
				.sort((a, b) => b.count - a.count);
			const items = await withStreams(ports, earlier.slice(0, SHOWN_SIMILAR));
			return { body: { items, causes, count: earlier.length, cursor: null } };
		},
	});
}

function aroundRoute(ports: HttpPorts, visible: Visible): AnswerRoute {
	return answer({
		method: 'GET',
		path: '/api/v1/violations/{id}/around',
		access: 'read',
		tag: 'Violations',
		summary: 'How the other streams of its asset stood when it began, the one furthest from its centre first',
		input: { params: idParameter },
		output: { schema: listOf(neighbourSchema, 'NeighbourList') },
		async handle({ principal, params }) {
			const { violation, of } = await visible.violation(principal, params.id);
			const around = await aroundOf(ports, violation, of.stream);
			const items = (around ?? []).map(({ stream, tMicros, v, sigmas }) => {
				return { stream: { ...stream, id: String(stream.id) }, t: formatTime(tMicros), v, sigmas };
			});
			return { body: { items, cursor: null } };
		},
	});
}
