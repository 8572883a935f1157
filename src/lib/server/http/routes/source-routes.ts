import { z } from '@hono/zod-openapi';
import type { Discovered, SourceType, TrialReport, TrialStream } from '#contracts/trial.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { notFound } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';

const streamSchema = z
	.strictObject({
		key: z.string(),
		unit: z.string(),
		labels: z.record(z.string(), z.string()),
		points: z.number(),
		values: z.array(
			z.strictObject({
				tMicros: z.number(),
				v: z.number(),
				quality: z.union([z.literal(0), z.literal(64), z.literal(192)]),
			}),
		),
		noValue: z.string().nullable(),
	})
	.openapi('TriedStream') satisfies z.ZodType<TrialStream>;

const reportSchema = z
	.strictObject({
		reached: z.strictObject({ what: z.string(), afterMs: z.number() }).nullable(),
		entries: z.array(
			z.strictObject({
				place: z.string(),
				name: z.string(),
				stream: z.string().optional(),
				streams: z.array(streamSchema),
				faults: z.array(z.string()),
			}),
		),
		streams: z.array(streamSchema),
		faults: z.array(z.string()),
		error: z.string().nullable(),
		isOver: z.boolean(),
		ranMs: z.number(),
	})
	.openapi('Trial') satisfies z.ZodType<TrialReport>;

const typeSchema = z
	.strictObject({ type: z.string(), option: z.string(), narrows: z.string() })
	.openapi('SourceType') satisfies z.ZodType<SourceType>;

const discoveredSchema = z
	.strictObject({
		name: z.string(),
		value: z.union([z.number(), z.string()]),
		unit: z.string(),
		entry: z
			.record(z.string(), z.unknown())
			.openapi({ description: 'As it stands in the configuration; empty: it cannot be asked for' }),
	})
	.openapi('Discovered') satisfies z.ZodType<Discovered>;

const trialParameter = z.object({ trial: z.string().openapi({ description: 'As it was given' }) });
const config = z.looseObject({}).openapi({ description: 'An entry of `collectors:`, without files of the server' });
const LONGEST_SEARCH_MS = 20_000;

/** Sources are tried before they are written into the configuration; nothing of them is kept. */
export function sourceRoutes({ trials }: HttpPorts): AnswerRoute[] {
	const common = { access: 'admin', everySite: true, tag: 'Collectors' } as const;
	const problems = { 429: 'Too many are being tried' };
	return [
		answer({
			...common,
			method: 'GET',
			path: '/api/v1/sources/types',
			summary: 'Kinds of sources that can be tried here',
			output: { schema: z.strictObject({ items: z.array(typeSchema) }) },
			handle: () => ({ body: { items: [...trials.types()] } }),
		}),
		answer({
			...common,
			method: 'POST',
			path: '/api/v1/sources/discover',
			summary: 'What a source has to give, each as an entry for the configuration',
			input: {
				body: z.strictObject({
					config,
					argument: z.string().max(500).optional(),
					forMs: z.number().int().min(0).max(LONGEST_SEARCH_MS).default(5000),
				}),
			},
			output: { schema: z.strictObject({ items: z.array(discoveredSchema) }) },
			problems,
			handle: async ({ body }) => ({ body: { items: [...(await trials.discover(body.config, body))] } }),
		}),
		answer({
			...common,
			method: 'POST',
			path: '/api/v1/sources/trials',
			summary: 'Begin to read a source, of which nothing is kept',
			input: { body: z.strictObject({ config }) },
			output: { status: 201, schema: z.strictObject({ id: z.string() }) },
			problems,
			handle: ({ body }) => ({ body: { id: trials.begin(body.config) } }),
		}),
		answer({
			...common,
			method: 'GET',
			path: '/api/v1/sources/trials/{trial}',
			summary: 'What has been read so far',
			input: { params: trialParameter },
			output: { schema: reportSchema },
			handle({ params }) {
				const report = trials.report(params.trial);
				if (!report) throw notFound('trial');
				return { body: report };
			},
		}),
		answer({
			...common,
			method: 'DELETE',
			path: '/api/v1/sources/trials/{trial}',
			summary: 'End it',
			input: { params: trialParameter },
			output: { status: 204, schema: z.undefined() },
			async handle({ params }) {
				if (!trials.report(params.trial)) throw notFound('trial');
				await trials.end(params.trial);
				return { body: undefined };
			},
		}),
	];
}
