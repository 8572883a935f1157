import { z } from '@hono/zod-openapi';
import type {
	ApiAdvice,
	ApiCapability,
	ApiLimits,
	ApiList,
	ApiPoints,
	ApiProblem,
	ApiStream,
	ApiViolation,
} from '#contracts/api.ts';
import { CHARTS } from '#contracts/chart.ts';
import type { LimitsPlan } from '#contracts/limits.ts';
import { planSchema, withPlanChecks } from '#contracts/plan.ts';
import { RIGHTS, ROLES, SCOPES } from '#contracts/rights.ts';
import { STREAM_STATES } from '#contracts/stream.ts';
import { MEAN_TIMES, POINT_RATES, type ApiSystem } from '#contracts/system.ts';

/** The shapes of contracts/api.ts as schemas, for the description of the API and for its tests. */
const time = z.string().openapi({ format: 'date-time' });
const micros = z.number().int();
const chart = z.enum(CHARTS);
const side = z.enum(['above', 'below', 'both', 'none']);
const rule = z.union([z.literal([1, 2, 3, 4, 5, 6, 7, 8]), z.string()]);
const labels = z.record(z.string(), z.string());

export const problemSchema = z
	.strictObject({
		type: z.string(),
		title: z.string(),
		status: z.number().int(),
		detail: z.string(),
		errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
	})
	.openapi('Problem') satisfies z.ZodType<ApiProblem>;

export const streamSchema = z
	.strictObject({
		id: z.string(),
		key: z.string(),
		labels,
		site: z.string(),
		asset: z.string(),
		kind: z.enum(['machine', 'llm']),
		unit: z.string(),
		state: z.enum(STREAM_STATES),
		last: z.strictObject({ t: time, v: z.number(), quality: z.number() }).nullable(),
		openViolations: z.number().int(),
		derivedFrom: z
			.strictObject({
				formula: z.string(),
				streams: z.array(z.strictObject({ key: z.string(), id: z.string().nullable() })),
			})
			.optional()
			.openapi({ description: 'Only where its points are computed from those of other streams' }),
		clock: z
			.strictObject({ source: z.string(), offsetSeconds: z.number() })
			.optional()
			.openapi({ description: 'Only while the clock of its source is off: how far ahead of the hub' }),
	})
	.openapi('Stream') satisfies z.ZodType<ApiStream>;

export const limitsSchema = z
	.strictObject({
		limitsId: z.string(),
		chart,
		from: time,
		centre: z.number(),
		sigma: z.number(),
		lcl: z.number(),
		ucl: z.number(),
		rules: z.array(z.number().int()),
		named: z.array(z.string()).optional(),
		own: z.boolean().optional(),
		scale: z.enum(['score', 'transformed', 'share', 'rate']).optional(),
		zones: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
		sized: z.strictObject({ centre: z.number(), spread: z.number(), limitsSigma: z.number() }).optional().openapi({
			description: 'Where limits follow the size of each point, which chart `size` has: what they follow from',
		}),
		/** As an analysis answers it. */
		plan: z.custom<LimitsPlan>().openapi({ type: 'object' }).optional(),
		method: z.string(),
		baseline: z.strictObject({ points: z.number().int(), excluded: z.number().int(), from: time, to: time }).nullable(),
		notes: z.array(z.string()),
		lag1: z.number().nullable(),
	})
	.openapi('Limits') satisfies z.ZodType<ApiLimits>;

const numbers = z.array(z.number());

export const pointsSchema = z
	.strictObject({
		t: z.array(micros),
		v: numbers,
		quality: numbers,
		flags: numbers,
		gaps: z.array(z.tuple([micros, micros, z.string()])),
		signals: z.array(z.strictObject({ t: micros, chart, rule, side })),
		limits: z.array(
			z.strictObject({
				from: micros,
				chart,
				centre: z.number(),
				sigma: z.number(),
				lcl: z.number(),
				ucl: z.number(),
				limitsId: z.string(),
			}),
		),
		thinned: z.strictObject({ bucketMicros: micros, min: numbers, max: numbers, count: numbers }).nullable(),
	})
	.openapi('Points') satisfies z.ZodType<ApiPoints>;

const contextPoints = z.array(z.strictObject({ t: time, v: z.number() }));

export const violationSchema = z
	.strictObject({
		id: z.string(),
		stream: z.strictObject({ id: z.string(), key: z.string(), labels, site: z.string(), unit: z.string() }),
		chart,
		rule,
		side,
		firstAt: time,
		lastAt: time,
		endedAt: time.nullable(),
		spanFrom: time,
		active: z.boolean(),
		state: z.enum(['open', 'acknowledged', 'resolved']),
		severity: z.enum(['info', 'warning', 'critical']),
		points: z.number().int(),
		value: z.number(),
		centre: z.number(),
		sigma: z.number(),
		limitsId: z.string(),
		revision: z.number().int(),
		context: z.strictObject({
			before: contextPoints,
			at: contextPoints,
			after: contextPoints,
			complete: z.boolean(),
		}),
		metrics: z.record(z.string(), z.number()),
		cause: z.string().nullable(),
		assignee: z.string().nullable(),
	})
	.openapi('Violation') satisfies z.ZodType<ApiViolation>;

const alarms = z.strictObject({ at: z.array(micros), alarms: z.number().int() });

export const adviceSchema = z
	.strictObject({
		plan: z.strictObject({
			chart: z.string(),
			transform: z.string(),
			subgroup: z.number().int(),
			residual: z.string(),
			season: z.unknown(),
			rules: z.array(z.number().int()),
			limitsSigma: z.number(),
			predictedArl: z.number().nullable(),
			predictedFalsePerDay: z.number(),
			reasons: z.array(z.string()),
		}),
		advice: z.array(z.strictObject({ code: z.string(), detail: z.string(), suggestion: z.string() })),
		basedOn: z.strictObject({
			points: z.number().int(),
			from: time.nullable(),
			to: time.nullable(),
			intervalMs: z.number(),
		}),
		current: z.strictObject({
			predictedArl: z.number().nullable(),
			predictedFalsePerDay: z.number().nullable(),
		}),
		preview: z.strictObject({ current: alarms.nullable(), recommended: alarms }),
		apply: z.record(z.string(), z.unknown()).nullable(),
	})
	.openapi('Advice') satisfies z.ZodType<ApiAdvice>;

export const capabilitySchema = z
	.strictObject({
		spec: z.strictObject({ lsl: z.number().optional(), usl: z.number().optional(), target: z.number().optional() }),
		/** As an analysis answers it. */
		capability: z
			.custom<ApiCapability['capability']>()
			.openapi({ type: 'object', description: 'null without a specification' }),
		advice: z.array(z.strictObject({ code: z.string(), detail: z.string(), suggestion: z.string() })),
		basedOn: z.strictObject({ points: z.number().int(), from: time.nullable(), to: time.nullable() }),
	})
	.openapi('Capability') satisfies z.ZodType<ApiCapability>;

export function listOf<T>(item: z.ZodType<T>, name: string) {
	return z.strictObject({ items: z.array(item), cursor: z.string().nullable() }).openapi(name) satisfies z.ZodType<
		ApiList<T>
	>;
}

/** The same object once more: one that was made before the description was loaded cannot be given a name in it. */
export const planDocument = withPlanChecks(z.strictObject(planSchema.shape)).openapi('Plan');

export const ingestAnswerSchema = z
	.strictObject({
		accepted: z.number().int(),
		duplicates: z.number().int(),
		refused: z.number().int(),
		errors: z.array(z.strictObject({ path: z.string(), message: z.string() })),
	})
	.openapi('IngestAnswer');

export const grantSchema = z.strictObject({
	site: z.string().openapi({ description: '`*` is every site' }),
	role: z.enum(ROLES),
});

export const principalSchema = z
	.strictObject({
		id: z.string().openapi({ description: 'For the audit' }),
		kind: z.enum(['owner', 'person', 'key', 'display']),
		name: z.string(),
		sites: z.union([z.literal('all'), z.array(z.string())]),
		scopes: z.array(z.enum(SCOPES)),
		writeSite: z.string(),
		rights: z
			.partialRecord(z.enum(RIGHTS), z.union([z.literal('all'), z.array(z.string())]))
			.openapi({ description: 'The sites on which each right is held' }),
		grants: z.array(grantSchema),
	})
	.openapi('Principal');

const parts = z.record(z.string(), z.string());

export const healthSchema = z.strictObject({ status: z.enum(['ready', 'degraded', 'down']), parts }).openapi('Health');

export const statusSchema = z
	.strictObject({
		status: z.enum(['ready', 'degraded', 'down']),
		startedAt: z.string(),
		parts: z.array(z.strictObject({ name: z.string(), state: z.string(), since: z.string() })),
		incidents: z.array(z.strictObject({ part: z.string(), from: z.string(), to: z.string().nullable() })),
	})
	.openapi('Status');

const counts = z.record(z.string(), z.number());

export const systemSchema = z
	.strictObject({
		versions: parts,
		startedAt: z.string(),
		status: z.enum(['ready', 'degraded', 'down']),
		journal: z.strictObject({
			bytes: z.number(),
			capBytes: z.number(),
			firstSeq: z.number(),
			lastSeq: z.number(),
			refusing: z.string().nullable(),
		}),
		lags: counts.openapi({ description: 'Journal records that each reader is behind' }),
		lagSeconds: counts.openapi({ description: 'How long the oldest of them has waited' }),
		parts,
		restarts: counts,
		disk: z.strictObject({ freeBytes: z.number(), totalBytes: z.number() }).nullable(),
		store: z.strictObject({ rows: z.number(), bytes: z.number(), parts: z.number() }).nullable(),
		processes: z.array(
			z.strictObject({ name: z.string(), memoryBytes: z.number(), corePercent: z.number().nullable() }),
		),
		rates: z.record(z.enum(POINT_RATES), z.number()).openapi({ description: 'Points a second over ten seconds' }),
		meanMs: z.record(z.enum(MEAN_TIMES), z.number().nullable()),
		collectors: z.array(
			z.strictObject({
				name: z.string(),
				type: z.string(),
				state: z.string(),
				connected: z.boolean(),
				points: z.number(),
				faults: z.number(),
				restarts: z.number(),
				depth: z.number(),
				bytes: z.number(),
				capBytes: z.number(),
				oldestMs: z.number(),
				dropped: z.number(),
				refused: z.number(),
				lastReadAt: z.string().nullable(),
				newest: z
					.strictObject({ stream: z.string(), unit: z.string(), v: z.number(), at: z.string() })
					.nullable()
					.openapi({ description: 'What it measured last, by the time of the measurement' }),
				lastError: z
					.strictObject({ source: z.enum(['collector', 'hub']), message: z.string(), at: z.string() })
					.nullable(),
			}),
		),
		troubles: z.array(
			z.strictObject({
				at: z.string(),
				level: z.enum(['warn', 'error', 'fatal']),
				message: z.string(),
				part: z.string().nullable(),
				count: z.number(),
			}),
		),
		backup: z
			.strictObject({ state: z.string(), startedAt: z.string(), bytes: z.number(), error: z.string().nullable() })
			.nullable(),
	})
	.openapi('System') satisfies z.ZodType<ApiSystem>;
