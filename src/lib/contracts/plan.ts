import { z } from 'zod';
import type { Rule } from './chart.ts';
import { durationMs } from './duration.ts';
import { faultsOfPlan, MAX_GROUP, MAX_SAMPLE, UNSAID } from './plan-faults.ts';
import { faultsOfRules, RULE_SETS } from './plan-rules.ts';
import { SEVERITIES, type Severity } from './violation.ts';

const ruleNumber = z.number().int().min(1).max(8);

const CHARTS = [
	'i-mr',
	'xbar-r',
	'xbar-s',
	'ewma',
	'cusum',
	'p',
	'np',
	'c',
	'u',
	'p-prime',
	'u-prime',
	'g',
	't',
	't2',
	'z-mr',
	'auto',
] as const;

/** Charts of an analysis that a stream of single values cannot have, and what can take their place. */
const NOT_LIVE: Readonly<Record<string, string>> = {
	capability: 'judges no stream; capability is shown beside any chart when spec is given',
};

const chart = z
	.enum(CHARTS, {
		error: ({ input }) => {
			const reason = typeof input === 'string' && Object.hasOwn(NOT_LIVE, input) ? NOT_LIVE[input] : undefined;
			return reason === undefined ? undefined : `${String(input)} ${reason}`;
		},
	})
	.default('i-mr');

const SUBGROUP_WORDS = `must be {size: 1 to ${MAX_GROUP}} or {window: 1m}`;

/** Charts of counts: the group is plotted as soon as it is sure to be beyond its limits. */
const curtailed = z.boolean().optional();

/** A group is plotted when it is full; a window when the first point after it comes, or when a tick finds it over. */
const subgroup = z
	.union(
		[
			z.strictObject({ size: z.number().int().min(1).max(MAX_SAMPLE), curtailed }),
			z.strictObject({
				window: durationMs.refine((ms) => ms >= 1000 && ms <= 86_400_000, 'must be from 1s to 1d'),
				/** Charts of counts: a window with fewer values goes on into the next one. */
				atLeast: z.number().int().min(2).max(MAX_SAMPLE).optional(),
				curtailed,
			}),
		],
		{
			error: ({ input }) =>
				typeof input === 'object' && input !== null && 'trigger' in input
					? `trigger is not possible: groups are made by count or by time; ${SUBGROUP_WORDS}`
					: undefined,
		},
	)
	.default({ size: 1 });

/** An automatic plan fits a distribution, and its tails take more points. */
const AUTO_POINTS = 300;
/** Short runs are judged in sigmas from the target of their part. */
const IN_SIGMAS = Object.freeze({ centre: 0, sigma: 1 });

const baseline = z
	.union(
		[
			z.strictObject({ points: z.number().int().min(20).max(10_000) }),
			z.strictObject({ centre: z.number(), sigma: z.number().positive().optional() }),
		],
		{
			error: ({ input }) =>
				typeof input === 'object' && input !== null && 'from' in input
					? 'from and to are not possible: a stream is judged as it comes; learn from {points} or give {centre, sigma}'
					: undefined,
		},
	)
	.default(() => UNSAID);

/** As it stands, without what one field says about another; `planSchema` has that too. */
const fields = {
	/** `auto`: the plan that the baseline recommends, learnt when it is complete. */
	chart,
	/** Of how many values each plotted point is made; xbar charts need two at least. */
	subgroup,
	/** Before judging; its parameters are learnt from the baseline. */
	transform: z.enum(['none', 'log', 'box-cox', 'percentile']).default('none'),
	/**
	 * What judges the leading chart: Nelson's rules by number, a set, or rules written as data. Ranges and deviations are judged
	 * by rule 1, EWMA, CUSUM and automatic plans by their own limits.
	 */
	rules: z
		.union([
			z
				.array(ruleNumber, `must be Nelson's rules 1 to 8, one of ${RULE_SETS.join(', ')}, or rules written as data`)
				.min(1)
				.max(8),
			z.enum(RULE_SETS),
			z.array(z.looseObject({ name: z.string() })).min(1),
		])
		.default([1, 2, 5, 6]),
	/** A gap, a bad or an absent value ends runs, windows and groups (default), or is as if it had never been. */
	missing: z.enum(['break', 'skip']).optional(),
	/** Rule 8 wants points on both sides (default), or takes eight on one side too. */
	rule8: z.enum(['both-sides', 'either-side']).optional(),
	/** Rules 5 and 6 signal as soon as 2 (4) points qualify (default), or once 3 (5) points are there. */
	startup: z.enum(['partial', 'full-window']).optional(),
	/** Charts of counts: how many inspected units each value tells of; default 1. */
	unitsPerPoint: z.number().positive().max(1e9).optional(),
	/** z-mr: key of the stream of the same site whose value says which part is made. */
	part: z.string().min(1).max(200).optional(),
	/** z-mr: what each part is meant to measure, by that value. */
	targets: z
		.record(
			z.string().refine((name) => String(Number(name)) === name, 'must be a number: the value of the stream in part'),
			z.strictObject({ centre: z.number(), sigma: z.number().positive() }),
		)
		.optional(),
	/** Half width of the limits in sigmas of what is plotted; default 3. */
	limitsSigma: z.number().min(1).max(10).optional(),
	/** EWMA: weight of the newest value; default 0.2. */
	lambda: z.number().gt(0).max(1).optional(),
	/** CUSUM: slack and limit in sigmas; default 0.5 and 5. */
	k: z.number().positive().max(10).optional(),
	h: z.number().positive().max(100).optional(),
	/** Plotted points (automatic plans: values) that limits are learnt from; default 100, automatic plans 300. */
	baseline,
	/** What the part may measure, in the stream's unit; nothing to do with limits. */
	spec: z
		.strictObject({ lsl: z.number().optional(), usl: z.number().optional(), target: z.number().optional() })
		.refine(({ lsl = -Infinity, usl = Infinity }) => lsl < usl, { path: ['usl'], message: 'must be above lsl' })
		.default({}),
	/** Expected interval between points; after three of them without one the stream has no data. */
	expect: durationMs.refine((ms) => ms > 0, 'must be more than 0').optional(),
	/**
	 * How long a point waits for older ones; verdicts come that much later. 0: points are judged as they arrive, and a late
	 * one is stored and never judged.
	 */
	reorder: durationMs.refine((ms) => ms <= 3_600_000, 'must be 1h at most').default(0),
	admit: z.enum(['good', 'uncertain']).default('good'),
	/** The budget of an automatic plan. */
	falseAlarmsPerDay: z.number().positive().default(1),
	severity: z.enum(SEVERITIES).default('warning'),
	/** Where rules differ in it: by rule (1 to 8, limit, no-data, or the name of one of the plan's own). */
	severities: z.record(z.string().min(1).max(100), z.enum(SEVERITIES)).optional(),
	alert: z.string().optional(),
	reaction: z.array(z.string()).default([]),
};

/** @returns how grave a violation of this rule is */
export function severityOf({ severity, severities = {} }: Pick<Plan, 'severity' | 'severities'>, rule: Rule): Severity {
	const own = Object.hasOwn(severities, String(rule)) ? severities[String(rule)] : undefined;
	return own ?? severity;
}

/** Points of these are made of what is learnt. */
const OF_LEARNT: ReadonlySet<string | undefined> = new Set(['ewma', 'cusum', 'auto', 't2']);

/** Nothing judges, so nothing is learnt: limits beside points of which nobody says whether they keep to them would mislead. */
export function learnsNothing({ rules, chart }: Pick<PlanInput, 'rules' | 'chart'>): boolean {
	return rules === 'none' && !OF_LEARNT.has(chart);
}

type Fields = z.ZodObject<typeof fields, z.core.$strict>;
export type PlanInput = z.input<Fields>;
/** Durations are milliseconds here. */
export type Plan = z.output<Fields>;

/** Adds to an object of the plan's fields what one of them says about another. */
export function withPlanChecks<T extends z.ZodType<Plan, PlanInput>>(schema: T): T {
	return schema
		.superRefine((plan, context) => {
			for (const [path, message] of faultsOfPlan(plan))
				context.addIssue({ code: 'custom', path: path.split('.'), message });
			for (const { path, message } of Array.isArray(plan.rules) ? faultsOfRules(plan.rules) : [])
				context.addIssue({ code: 'custom', path: ['rules', ...path], message });
		})
		.overwrite((plan) => (plan.baseline === UNSAID ? { ...plan, baseline: usualBaseline(plan) } : plan)) as T;
}

function usualBaseline({ chart }: Plan): Plan['baseline'] {
	if (chart === 'z-mr') return { ...IN_SIGMAS };
	return { points: chart === 'auto' ? AUTO_POINTS : UNSAID.points };
}

/** A control plan as it stands in the configuration file and in the API; what is left out takes the default. */
export const planSchema = withPlanChecks(z.strictObject(fields));

export const DEFAULT_PLAN: Plan = planSchema.parse({});
