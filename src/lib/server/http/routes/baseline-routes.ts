import { z } from '@hono/zod-openapi';
import { toApiAnnotation } from '#contracts/annotation.ts';
import { toApiLimits } from '#contracts/api.ts';
import type { BaselineAct } from '#contracts/command.ts';
import { createExclusive } from '#contracts/exclusive.ts';
import type { StreamWithPlan } from '#server/metadata/port.ts';
import type { BaselineChange } from '#server/metadata/port-annotations.ts';
import { actorOf } from '#server/http/actor.ts';
import { bodyFault } from '#server/http/body-fault.ts';
import { exclusionsOf, LEAST_POINTS, learnCommand, learnWithout, spansOf } from '#server/http/answers/baseline.ts';
import { givenOf } from '#server/http/answers/given.ts';
import { idParameter, timeField } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { limitsSchema } from '#server/http/schemas.ts';
import type { Visible } from '#server/http/visible.ts';
import { annotationIn, annotationSchema, momentField, remark } from './annotation-routes.ts';
import { etagOf, refuseOfFile, refuseOther } from './plan-routes.ts';

const MOST_AT_ONCE = 1000;
/** The engine reads what it is told within milliseconds, unless it is catching up. */
const PATIENCE_MS = 2000;

/** Nothing is needed by the shape: of a foreign stream not even that is said. */
const baselineAct = z
	.strictObject({
		action: z.enum(['learn', 'freeze', 'phase', 'exclude', 'include']),
		from: momentField,
		to: momentField,
		points: z
			.array(timeField)
			.min(1)
			.max(MOST_AT_ONCE)
			.openapi({ description: 'exclude: their times, instead of from and to' }),
		annotation: z.string().openapi({ description: 'include: id of the exclusion; phase: of the phase taken back' }),
		reason: remark,
	})
	.partial();
type Body = z.output<typeof baselineAct>;

type Change = Pick<BaselineChange, 'commands' | 'act'> & Partial<Pick<BaselineChange, 'add' | 'remove'>>;

/** What people do about what a stream's limits are learnt from. */
export function baselineRoutes(ports: HttpPorts, visible: Visible): AnswerRoute[] {
	const inTurn = createExclusive();
	return [
		answer({
			method: 'POST',
			path: '/api/v1/streams/{id}/baseline',
			access: 'plan',
			tag: 'Streams',
			summary:
				'Learn limits from a stretch, freeze them, start a phase, take points out of the baseline with a reason or put them back',
			input: { params: idParameter, body: baselineAct },
			output: {
				schema: z
					.strictObject({
						state: z.string(),
						applied: z.boolean().openapi({ description: 'false: the engine is behind and will act later' }),
						limits: z.array(limitsSchema),
						annotations: z.array(annotationSchema),
					})
					.openapi('BaselineAnswer'),
			},
			problems: {
				409: 'It cannot be done with this plan, or with these points; the detail says why',
				412: 'The plan is not the one that If-Match names',
				503: 'The store does not answer and the points in memory do not reach back far enough',
			},
			handle: ({ principal, params, body, headers, who, asking }) =>
				inTurn(async () => {
					const found = await visible.stream(principal, params.id);
					refuseOther(found, headers['if-match']);
					const by = actorOf(who, ports.auth.from(asking));
					const { id } = found.stream;
					const before = ports.engine.limits(id)[0]?.id;
					const change = await changeOf(ports, found, body);
					if (change.plan) await ports.metadata.streams.setPlan(id, change.plan, null, by);
					const { act, commands, add = [], remove = [] } = change;
					const about = { streamId: id, act, commands, add, remove, reason: body.reason ?? '', by };
					const annotations = await ports.metadata.annotations.actOnBaseline(about);
					const applied = await advanced(ports, id, async () => ports.relayPlans(), isDone(commands, before));
					const after = (await visible.stream(principal, params.id)) ?? found;
					return {
						headers: { etag: etagOf(after) },
						body: {
							state: ports.engine.status(id)?.state ?? 'no-data',
							applied,
							limits: ports.engine.limits(id).map(toApiLimits),
							annotations: annotations.map(toApiAnnotation),
						},
					};
				}),
		}),
	];
}

/** @throws Problem 400, 404, 409 */
function changeOf(
	ports: HttpPorts,
	found: StreamWithPlan,
	body: Body,
): Promise<Change & { plan?: StreamWithPlan['plan'] }> {
	switch (body.action) {
		case 'learn':
			return learn(ports, found, body);
		case 'freeze':
			return freeze(ports, found);
		case 'phase':
			return phase(ports, found, body);
		case 'exclude':
			return exclude(ports, found, body);
		case 'include':
			return include(ports, found, body);
		case undefined:
			throw bodyFault('action', 'is missing: learn, freeze, phase, exclude or include');
	}
}

async function learn(ports: HttpPorts, found: StreamWithPlan, body: Body): Promise<Change> {
	const [span] = spansOf(body);
	const command = await learnCommand(ports, found, span!);
	const known = body.annotation === undefined ? [] : await ports.metadata.annotations.of(found.stream.id);
	const undone = body.annotation === undefined ? [] : [annotationIn(known, body.annotation)];
	if (undone.some(({ kind }) => kind !== 'phase')) throw bodyFault('annotation', 'is no phase');
	return { act: 'learn', commands: [command], remove: undone.map(({ id }) => id) };
}

/** What is being learnt is learnt now; what is in force is written into the plan, so that no other baseline there moves it. */
async function freeze(
	{ engine }: HttpPorts,
	found: StreamWithPlan,
): Promise<Change & { plan?: StreamWithPlan['plan'] }> {
	const { learning } = engine.status(found.stream.id) ?? {};
	if (learning) {
		if (found.plan.chart === 't2') throw new Problem(409, 'A T² of several streams needs its whole baseline.');
		if (learning.points < LEAST_POINTS)
			throw new Problem(
				409,
				`The baseline has ${learning.points} points so far; limits need ${LEAST_POINTS} at least.`,
			);
		return { act: 'freeze', commands: [{ kind: 'settle' }] };
	}
	refuseOfFile(found);
	const baseline = givenOf(found.plan, engine.limits(found.stream.id));
	if (typeof baseline === 'string') throw new Problem(409, baseline);
	return { act: 'freeze', commands: [], plan: { ...found.plan, baseline } };
}

async function phase({ engine }: HttpPorts, { stream }: StreamWithPlan, { reason = '' }: Body): Promise<Change> {
	const newest = engine.lastMicros(stream.id);
	if (newest === undefined) throw new Problem(409, 'The stream has no point yet: its first phase is still to begin.');
	const at = newest + 1;
	const note = { streamId: stream.id, kind: 'phase' as const, fromMicros: at, toMicros: at, text: reason };
	return { act: 'phase', commands: [{ kind: 'phase' }], add: [note] };
}

async function exclude(ports: HttpPorts, found: StreamWithPlan, body: Body): Promise<Change> {
	const { reason = '' } = body;
	if (reason === '') throw bodyFault('reason', 'is missing: why do these points not belong to the baseline?');
	const spans = spansOf(body);
	const known = await exclusionsOf(ports, found);
	const streamId = found.stream.id;
	return {
		act: 'exclude',
		commands: [
			...spans.map((span): BaselineAct => ({ kind: 'exclude', ...span })),
			...(await learnWithout(ports, found, { touched: spans, exclusions: [...known, ...spans] })),
		],
		add: spans.map((span) => ({ streamId, kind: 'exclusion', ...span, text: reason })),
	};
}

async function include(ports: HttpPorts, found: StreamWithPlan, { annotation }: Body): Promise<Change> {
	if (annotation === undefined) throw bodyFault('annotation', 'is missing: the id of the exclusion');
	const known = await ports.metadata.annotations.of(found.stream.id);
	const exclusion = annotationIn(known, annotation);
	if (exclusion.kind !== 'exclusion') throw bodyFault('annotation', 'is no exclusion');
	const { fromMicros, toMicros, id } = exclusion;
	// What another exclusion takes out stays out.
	const still = known.filter((one) => one.kind === 'exclusion' && one.id !== id);
	return {
		act: 'include',
		commands: [
			{ kind: 'include', fromMicros, toMicros },
			...still.map((one): BaselineAct => ({ kind: 'exclude', fromMicros: one.fromMicros, toMicros: one.toMicros })),
			...(await learnWithout(ports, found, { touched: [exclusion], exclusions: still })),
		],
		remove: [id],
	};
}

function isDone(commands: readonly BaselineAct[], before: string | undefined) {
	const kinds = new Set(commands.map(({ kind }) => kind));
	const isNew = kinds.has('learn') || kinds.has('settle');
	return (now: string | undefined) =>
		isNew ? now !== undefined && now !== before : !kinds.has('phase') || now !== before;
}

/** @returns whether the engine has got there; it will in any case */
async function advanced(
	{ engine }: HttpPorts,
	streamId: number,
	work: () => Promise<void>,
	isThere: (limitsId: string | undefined) => boolean,
): Promise<boolean> {
	const there = () => isThere(engine.limits(streamId)[0]?.id);
	const { promise, resolve } = Promise.withResolvers<boolean>();
	const stop = engine.onAdvance(() => there() && resolve(true));
	const timer = setTimeout(() => resolve(false), PATIENCE_MS);
	try {
		await work();
		return there() || (await promise);
	} finally {
		clearTimeout(timer);
		stop();
	}
}
