import { z } from 'zod';
import { alertsSchema } from './alert-config.ts';
import { derivedSchema } from './derived.ts';
import { durationMs } from './duration.ts';
import { planSchema } from './plan.ts';
import { SITE_NAME } from './site.ts';
import { parseTime } from './time.ts';

const siteName = z.string().regex(SITE_NAME, 'a site is letters, digits, dots, dashes and underscores');

/** A collector's own options are checked by its own schema (collectors/NAME/config.ts); these are what all have. */
export const collectorSchema = z.looseObject({
	name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'a collector name is lower-case letters, digits and dashes'),
	type: z.string(),
	site: siteName.optional(),
	/** A process of its own. */
	isolate: z.boolean().default(false),
});
export type CollectorConfig = z.output<typeof collectorSchema>;

const streamRuleSchema = z.strictObject({
	match: z.strictObject({ key: z.string().default('*'), labels: z.record(z.string(), z.string()).default({}) }),
	plan: planSchema,
});
export type StreamRule = z.output<typeof streamRuleSchema>;

const perMTok = z.number().min(0);

/** A price of one's own for a model, in place of the price list's, for calls from a day on. */
export const priceSchema = z.strictObject({
	provider: z.string().min(1),
	model: z.string().min(1),
	from: z
		.string()
		.default('1970-01-01')
		.transform((text, context) => {
			const micros = parseTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
			if (micros !== undefined) return micros;
			context.addIssue({ code: 'custom', message: 'write a day like 2026-01-31' });
			return z.NEVER;
		}),
	/** USD per million tokens. */
	inputPerMTok: perMTok,
	outputPerMTok: perMTok,
	cachedPerMTok: perMTok.optional(),
	cacheWritePerMTok: perMTok.optional(),
});
export type PriceConfig = z.output<typeof priceSchema>;

/** A provider that calls may be sent on to, by its name in the path. */
export const proxyTargetSchema = z.strictObject({
	url: z.url({ protocol: /^https?$/, error: 'must be an address: http://… or https://…' }).refine((text) => {
		const { username, password, search, hash } = new URL(text);
		return username === '' && password === '' && search === '' && hash === '';
	}, 'must be an address without user, password, query and fragment'),
	/** First segment of the streams; the target's own name unless given. */
	provider: z
		.string()
		.regex(/^[^/\s]{1,60}$/, 'must not have slashes or spaces')
		.optional(),
	/** Sent in place of what the client brings: the key itself or `file:` and a path. */
	key: z.string().min(1).optional(),
	/** Where it goes: that of the provider unless given. */
	keyHeader: z
		.string()
		.regex(/^[a-z][a-z0-9-]*$/i, 'must be the name of a header')
		.optional(),
	deployment: z.string().min(1).max(100).optional(),
	region: z.string().min(1).max(100).optional(),
	environment: z.string().min(1).max(100).optional(),
});
export type ProxyTargetConfig = z.output<typeof proxyTargetSchema>;

const lives = {
	points: durationMs.optional(),
	rollups: durationMs.optional(),
	calls: durationMs.optional(),
	logs: durationMs.optional(),
};
const retentionSchema = z.strictObject({
	...lives,
	/** What sites keep for another time; what they do not name is as above. */
	sites: z.record(siteName, z.strictObject(lives)).optional(),
});

/** What turns texts into vectors, for search by meaning. */
export const embeddingsSchema = z.strictObject({
	provider: z.enum(['ollama', 'openai']),
	model: z.string().min(1).max(120),
	/** The provider's own unless given; any server that speaks OpenAI's API will do. */
	baseUrl: z.url({ protocol: /^https?$/, error: 'must be an address: http://… or https://…' }).optional(),
	/** The key itself or `file:` and a path. */
	key: z.string().min(1).optional(),
	/** Shorter vectors, of models that can. */
	dimensions: z.number().int().min(8).max(8192).optional(),
});
export type EmbeddingsConfig = z.output<typeof embeddingsSchema>;

const knowledgeSchema = z.strictObject({ embeddings: embeddingsSchema.optional() });
export type KnowledgeConfig = z.output<typeof knowledgeSchema>;

/** A language model that puts analyses into words; asked in the order in which they stand. */
export const narrationProviderSchema = z.strictObject({
	provider: z.enum(['ollama', 'openai', 'anthropic']),
	model: z.string().min(1).max(200),
	/** The key itself or `file:` and a path. */
	key: z.string().min(1).optional(),
	/** Where it is, when not at the provider's own address. */
	baseUrl: z.url({ protocol: /^https?$/, error: 'must be an address: http://… or https://…' }).optional(),
});
export type NarrationProviderConfig = z.output<typeof narrationProviderSchema>;

const rcaSchema = z.strictObject({
	llm: z
		.strictObject({
			providers: z.array(narrationProviderSchema).min(1).max(8),
			/** Of all providers that cost something together, per day in UTC. */
			dailyBudgetUsd: z.number().min(0).max(10_000).default(5),
		})
		.optional(),
});
export type RcaConfig = z.output<typeof rcaSchema>;

const otlpSchema = z.strictObject({
	/** Whether what was asked and answered is kept, as lines of the log. */
	content: z.boolean().default(false),
});
export type OtlpConfig = z.output<typeof otlpSchema>;

export const configSchema = z.strictObject({
	site: siteName.default('default'),
	/** The address at which people reach this server, for links. */
	url: z.url({ protocol: /^https?$/, error: 'must be an address: http://… or https://…' }).optional(),
	collectors: z.array(collectorSchema).default([]),
	streams: z.array(streamRuleSchema).default([]),
	/** Streams that are computed from others of their asset. */
	derived: derivedSchema.default([]),
	/** Whether the product's own lags and latencies are streams, in site `sigmascope`. */
	ownStreams: z.boolean().default(true),
	/** Of calls of language models. */
	prices: z.array(priceSchema).default([]),
	proxy: z
		.strictObject({
			targets: z.record(
				z.string().regex(/^[a-z0-9][a-z0-9._-]{0,40}$/, 'must be lower-case letters, digits, dots and dashes'),
				proxyTargetSchema,
			),
		})
		.default({ targets: {} }),
	/** Of spans that come by OTLP. */
	otlp: otlpSchema.default({ content: false }),
	/** How documents are searched. */
	knowledge: knowledgeSchema.default({}),
	/** Who is told of violations. */
	alerts: alertsSchema.default({ routes: {}, maintenance: [] }),
	/** What may have caused violations. */
	rca: rcaSchema.default({}),
	/** How long each is kept, in milliseconds once parsed. */
	retention: retentionSchema.default({}),
	limits: z
		.strictObject({
			streamsPerKey: z.number().int().positive().default(10_000),
			pointsPerSecondPerKey: z.number().int().positive().default(2_000_000),
		})
		.default({ streamsPerKey: 10_000, pointsPerSecondPerKey: 2_000_000 }),
});
export type Config = z.output<typeof configSchema>;

/** What differs per machine, read from the environment in server/config and nowhere else. */
export interface Settings {
	readonly port: number;
	readonly host: string;
	readonly publicUrl: string | undefined;
	readonly dataFolder: string;
	readonly configFile: string | undefined;
	readonly demo: boolean;
	readonly clickhouseUrl: string | undefined;
	readonly bootstrapKey: string | undefined;
	/** The first account, made at the start when there is none. */
	readonly owner: { readonly email: string; readonly password: string } | undefined;
	/** Addresses and networks of proxies whose word about who asks counts. */
	readonly trustedProxies: readonly string[];
	/** `host:port` or networks that addresses entered through page or API may point to besides public ones. */
	readonly allowAddresses: readonly string[];
	/** `SIGMASCOPE_LOG_LEVEL`: trace, debug, info, warn, error, fatal or silent. */
	readonly logLevel: string;
}
