import { z } from 'zod';
import { ALERT_CHANGES } from './alert.ts';
import { durationMs } from './duration.ts';
import { LANGUAGES } from './language.ts';
import { parseTime } from './time.ts';
import { zoneName } from './zone.ts';

const severity = z.enum(['info', 'warning', 'critical']);
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** One, or a list of them. */
function some<T extends z.ZodType>(one: T, words: string) {
	return z.union([one.transform((value) => [value]), z.array(one).min(1)], { error: words });
}

const globs = some(z.string().min(1).max(200), 'must be a name, or a list of names; * is anything');

/** What is left out is not asked about; of a list one has to fit. */
const matchSchema = z.strictObject({
	site: globs.optional(),
	asset: globs.optional(),
	/** The stream's key. */
	stream: globs.optional(),
	/** 1 to 8, limit, no-data, out-of-spec, or the name of an own rule. */
	rule: some(
		z.union([z.number().int().min(1).max(8), z.string().min(1).max(100)]),
		'must be 1 to 8, limit, no-data, out-of-spec or the name of a rule, or a list of these',
	).optional(),
	severity: some(severity, 'must be info, warning or critical, or a list of these').optional(),
});
export type AlertMatch = z.output<typeof matchSchema>;

const zone = zoneName.default('UTC');

const clock = z.string().regex(CLOCK, 'must be a time of day like 06:30');

/** Hours of a week. When `to` is not after `from` it goes on past midnight; the days are those on which it begins. */
const hours = {
	days: z.array(z.enum(DAYS)).min(1).optional(),
	from: clock,
	to: clock,
	zone,
};
const windowSchema = z.strictObject(hours);
export type WeeklyWindow = z.output<typeof windowSchema>;

const quietSchema = z.strictObject({
	...hours,
	/** What is at least this grave is sent all the same. */
	urgent: z.enum(['info', 'warning', 'critical', 'none']).default('critical'),
});
export type QuietHours = z.output<typeof quietSchema>;

const maintenanceSchema = z
	.strictObject({
		match: matchSchema.default({}),
		days: hours.days,
		from: z.string(),
		to: z.string(),
		zone: zoneName.optional(),
		reason: z.string().max(200).default(''),
	})
	.superRefine(({ from, to, days, zone: named }, context) => {
		const isWeekly = CLOCK.test(from) && CLOCK.test(to);
		const [begin, end] = [from, to].map((text) => (CLOCK.test(text) ? undefined : parseTime(text)));
		const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
		if (isWeekly) return;
		if (begin === undefined)
			return fault('from', 'must be a moment like 2026-01-31T06:00:00Z, or with to a time of day');
		if (end === undefined) return fault('to', 'must be a moment like 2026-01-31T06:00:00Z, or with from a time of day');
		if (end <= begin) return fault('to', 'must be after from');
		if (days ?? named) fault(days ? 'days' : 'zone', 'goes with times of day only');
	});
export type MaintenanceWindow = z.output<typeof maintenanceSchema>;

/** A channel's own options are checked by its own schema (server/alerts/channels/NAME.ts). */
const channelSchema = z.looseObject({ type: z.string() });
export type ChannelConfig = z.output<typeof channelSchema>;

const LONGEST_GROUP_MS = 24 * 3_600_000;

export const routeSchema = z.strictObject({
	/** `none`: plans that name the route, and nothing else. */
	match: z.union([z.literal('none'), matchSchema]).default({}),
	minSeverity: severity.default('info'),
	/** When it is told of a violation: outside of these hours what opens is not for this route. */
	during: z.array(windowSchema).default([]),
	on: z.array(z.enum(ALERT_CHANGES)).min(1).default(['opened', 'resolved', 'acknowledged', 'ended']),
	/** What shares a group is told together. Severities never do. */
	groupBy: z.enum(['site', 'asset', 'stream']).default('site'),
	/** After a message the group gathers for so long what comes next. */
	groupFor: durationMs.refine((ms) => ms <= LONGEST_GROUP_MS, 'must be 1d at most').default(30_000),
	/** Of what people read in its messages. */
	language: z.enum(LANGUAGES).default('en'),
	/** What comes meanwhile is held until they are over. */
	quiet: z.array(quietSchema).default([]),
	channels: z.array(channelSchema).min(1),
});
export type RouteConfig = z.output<typeof routeSchema>;

export const alertsSchema = z.strictObject({
	routes: z
		.record(
			z.string().regex(/^[a-z0-9][a-z0-9._-]{0,40}$/, 'must be lower-case letters, digits, dots and dashes'),
			routeSchema,
		)
		.default({}),
	/** What opens meanwhile and matches is kept and shown, and nobody is told. */
	maintenance: z.array(maintenanceSchema).default([]),
});
export type AlertsConfig = z.output<typeof alertsSchema>;
