import { z } from 'zod';
import { durationMs } from './duration.ts';

const ruleNumber = z.number().int().min(1).max(8);

/** A control plan as it stands in the configuration file and in the API; what is left out takes the default. */
export const planSchema = z.strictObject({
	chart: z.enum(['i-mr']).default('i-mr'),
	/** Individuals: every point is plotted. */
	subgroup: z.strictObject({ size: z.literal(1) }).default({ size: 1 }),
	transform: z.enum(['none']).default('none'),
	/** Which of Nelson's rules judge the individuals chart; the moving-range chart is judged by rule 1. */
	rules: z.array(ruleNumber).min(1).max(8).default([1, 2, 5, 6]),
	baseline: z
		.union([
			z.strictObject({ points: z.number().int().min(20).max(10_000) }),
			z.strictObject({ centre: z.number(), sigma: z.number().positive() }),
		])
		.default({ points: 100 }),
	/** What the part may measure, in the stream's unit; nothing to do with limits. */
	spec: z
		.strictObject({ lsl: z.number().optional(), usl: z.number().optional(), target: z.number().optional() })
		.refine(({ lsl = -Infinity, usl = Infinity }) => lsl < usl, { path: ['usl'], message: 'must be above lsl' })
		.default({}),
	/** Expected interval between points; after three of them without one the stream has no data. */
	expect: durationMs.refine((ms) => ms > 0, 'must be more than 0').optional(),
	/** Points are judged as they arrive: a late one is stored and never judged. */
	reorder: z.literal('0s').default('0s'),
	admit: z.enum(['good', 'uncertain']).default('good'),
	falseAlarmsPerDay: z.number().positive().default(1),
	severity: z.enum(['info', 'warning', 'critical']).default('warning'),
	alert: z.string().optional(),
	reaction: z.array(z.string()).default([]),
});

export type PlanInput = z.input<typeof planSchema>;
/** Durations are milliseconds here. */
export type Plan = z.output<typeof planSchema>;

export const DEFAULT_PLAN: Plan = planSchema.parse({});
