import { z } from '@hono/zod-openapi';
import { covers } from '#contracts/principal.ts';
import { formatTime } from '#contracts/time.ts';
import {
	GROUPINGS,
	type ChangedViolation,
	type Durations,
	type HandlingTimes,
} from '#server/metadata/port-violations.ts';
import { actorOf } from '#server/http/actor.ts';
import { checkCause, commentField, nameField } from '#server/http/answers/act-fields.ts';
import { matchOf, matchQuery } from '#server/http/answers/violation-match.ts';
import { countParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { listOf } from '#server/http/schemas.ts';

/** Of one request: more are done with the next. */
const MOST_AT_ONCE = 1000;

const groupSchema = z
	.strictObject({
		key: z.string().nullable(),
		title: z.string().nullable(),
		count: z.number().int(),
		unresolved: z.number().int(),
		active: z.number().int(),
		critical: z.number().int(),
		newestAt: z.string(),
	})
	.openapi('ViolationGroup');
const durationsSchema = z
	.strictObject({ count: z.number().int(), medianMs: z.number().nullable(), p90Ms: z.number().nullable() })
	.openapi('Durations');
const handling = { opened: z.number().int(), acknowledged: durationsSchema, resolved: durationsSchema };
const summarySchema = z
	.strictObject({
		total: z.strictObject(handling),
		weeks: z.array(z.strictObject({ from: z.string(), ...handling })),
		isCut: z.boolean(),
	})
	.openapi('ViolationSummary');
const standingSchema = z.strictObject({
	state: z.enum(['open', 'acknowledged', 'resolved']),
	assignee: z.string().max(254).nullable(),
	cause: z.string().max(100).nullable(),
});
const changedSchema = z.strictObject({ id: z.string().max(100), before: standingSchema, after: standingSchema });
const resultSchema = z
	.strictObject({
		changed: z.array(changedSchema).openapi({ description: 'What POST …/acts/undo takes' }),
		unchanged: z.number().int(),
		refused: z.array(z.string()).openapi({ description: 'Ids that are none, or not yours to act on' }),
		more: z.boolean().openapi({ description: 'More match: the same request again takes the next ones' }),
	})
	.openapi('ViolationActs');
const actsBody = z
	.strictObject({
		act: z.enum(['acknowledge', 'assign', 'resolve', 'reopen']),
		ids: z.array(z.string().max(100)).min(1).max(MOST_AT_ONCE).optional(),
		filter: z.strictObject(matchQuery).optional(),
		cause: z.string().max(100).optional(),
		assignee: nameField.nullable().optional(),
		comment: commentField.optional(),
	})
	.refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), {
		path: ['ids'],
		message: 'say which: either ids or filter',
	})
	.refine(({ act, assignee }) => (act === 'assign') === (assignee !== undefined), {
		path: ['assignee'],
		message: 'goes with assign, and assign with it',
	})
	.refine(({ act, cause }) => cause === undefined || act === 'resolve', {
		path: ['cause'],
		message: 'goes with resolve only',
	});

/** Violations by the dozen: counted by what they share, and acted on together. */
export function violationTriageRoutes(ports: HttpPorts): AnswerRoute[] {
	return [groupsRoute(ports), summaryRoute(ports), actsRoute(ports), undoRoute(ports)];
}

function groupsRoute({ metadata }: HttpPorts): AnswerRoute {
	return answer({
		method: 'GET',
		path: '/api/v1/violations/groups',
		access: 'read',
		tag: 'Violations',
		summary:
			'How many violations there are by asset, stream, rule, cause, severity or assignee, the largest group first',
		input: {
			query: z.strictObject({ by: z.enum(GROUPINGS), limit: countParameter(500).default(100), ...matchQuery }),
		},
		output: { schema: listOf(groupSchema, 'ViolationGroupList') },
		async handle({ principal, query: { by, limit, ...match } }) {
			const groups = await metadata.violations.groups({ ...matchOf(principal, match), by, limit });
			const items = groups.map(({ newestMicros, ...group }) => ({ ...group, newestAt: formatTime(newestMicros) }));
			return { body: { items, cursor: null } };
		},
	});
}

function summaryRoute({ metadata }: HttpPorts): AnswerRoute {
	return answer({
		method: 'GET',
		path: '/api/v1/violations/summary',
		access: 'read',
		tag: 'Violations',
		summary: 'How long it took to acknowledge and to resolve, in all and by week',
		input: { query: z.strictObject(matchQuery) },
		output: { schema: summarySchema },
		async handle({ principal, query }) {
			const { total, weeks, isCut } = await metadata.violations.summary(matchOf(principal, query));
			const body = {
				total: toApiHandling(total),
				weeks: weeks.map((week) => ({ from: formatTime(week.fromMicros), ...toApiHandling(week) })),
				isCut,
			};
			return { body };
		},
	});
}

function toApiHandling({ opened, acknowledged, resolved }: HandlingTimes) {
	const of = ({ count, medianMs, p90Ms }: Durations) => ({ count, medianMs, p90Ms });
	return { opened, acknowledged: of(acknowledged), resolved: of(resolved) };
}

const STATES = { acknowledge: 'acknowledged', resolve: 'resolved', reopen: 'open' } as const;

function actsRoute({ cases, metadata, auth }: HttpPorts): AnswerRoute {
	return answer({
		method: 'POST',
		path: '/api/v1/violations/acts',
		access: 'act',
		tag: 'Violations',
		summary: `Acknowledge, assign, resolve or reopen up to ${MOST_AT_ONCE} violations`,
		input: { body: actsBody },
		output: { schema: resultSchema },
		async handle({ principal, body, who, asking }) {
			const { act, ids, filter, cause, assignee, comment } = body;
			if (cause) await checkCause(metadata, cause);
			const found = ids
				? { ...(await actable(metadata, principal.sites, ids)), more: false }
				: { ...(await matched(metadata, left(act, matchOf(principal, filter ?? {})))), refused: [] };
			const change = {
				by: actorOf(who, auth.from(asking)),
				...(act !== 'assign' && { state: STATES[act] }),
				...(assignee !== undefined && { assignee }),
				...(cause && { cause }),
				...(comment !== undefined && { comment }),
			};
			const done = await cases.changeAll(found.ids.map((id) => ({ id, change })));
			const changed = done.filter(isChanged).map(toApiChanged);
			return {
				body: { changed, unchanged: found.ids.length - changed.length, refused: found.refused, more: found.more },
			};
		},
	});
}

function undoRoute({ cases, metadata, auth }: HttpPorts): AnswerRoute {
	return answer({
		method: 'POST',
		path: '/api/v1/violations/acts/undo',
		access: 'act',
		tag: 'Violations',
		summary: 'Take back what was done together; what somebody has changed since stays',
		input: { body: z.strictObject({ changed: z.array(changedSchema).min(1).max(MOST_AT_ONCE) }) },
		output: { schema: resultSchema },
		async handle({ principal, body, who, asking }) {
			const { ids, refused } = await actable(
				metadata,
				principal.sites,
				body.changed.map(({ id }) => id),
			);
			const known = new Set((await metadata.causes.list()).map(({ name }) => name));
			const by = actorOf(who, auth.from(asking));
			const wanted = body.changed
				.filter(({ id, before: { cause } }) => ids.includes(id) && (cause === null || known.has(cause)))
				.map(({ id, before, after }) => {
					return { id, change: { by, ...before, comment: 'undone', isReturn: true as const }, ifNow: after };
				});
			const done = await cases.changeAll(wanted);
			const changed = done.filter(isChanged).map(toApiChanged);
			return { body: { changed, unchanged: ids.length - changed.length, refused, more: false } };
		},
	});
}

/** What is not done yet, so that the same request again takes the next ones. */
function left(act: keyof typeof STATES | 'assign', match: ReturnType<typeof matchOf>): ReturnType<typeof matchOf> {
	if (match.state !== undefined || act === 'assign') return match;
	const states = { acknowledge: 'open', resolve: 'unresolved', reopen: 'resolved' } as const;
	return { ...match, state: states[act] };
}

interface Actable {
	readonly ids: readonly string[];
	readonly refused: readonly string[];
}

/** Of those that are named: what is of a site where one may not act is as if it were not there. */
async function actable(
	{ violations, streams }: HttpPorts['metadata'],
	sites: readonly string[] | 'all',
	named: readonly string[],
): Promise<Actable> {
	const found = await violations.some([...new Set(named)]);
	const of = await streams.some([...new Set(found.map(({ streamId }) => streamId))]);
	const mine = new Set(of.filter(({ stream }) => covers(sites, stream.site)).map(({ stream }) => stream.id));
	const ids = found.filter(({ streamId }) => mine.has(streamId)).map(({ id }) => id);
	const known = new Set(ids);
	return { ids: [...new Set(named)].filter((id) => known.has(id)), refused: named.filter((id) => !known.has(id)) };
}

async function matched(
	{ violations }: HttpPorts['metadata'],
	match: ReturnType<typeof matchOf>,
): Promise<{ readonly ids: readonly string[]; readonly more: boolean }> {
	const { items, cursor } = await violations.list({ ...match, limit: MOST_AT_ONCE });
	return { ids: items.map(({ id }) => id), more: cursor !== null };
}

function isChanged({ before, after }: ChangedViolation): boolean {
	return before.state !== after.state || before.assignee !== after.assignee || before.cause !== after.cause;
}

function toApiChanged({ before, after }: ChangedViolation): z.output<typeof changedSchema> {
	const of = ({ state, assignee, cause }: ChangedViolation['before']) => ({ state, assignee, cause });
	return { id: after.id, before: of(before), after: of(after) };
}
