import { z } from '@hono/zod-openapi';
import type { ApiCompare } from '#contracts/llm-compare.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import { tableOfCompare } from '#server/http/answers/compare-table.ts';
import { timeParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import type { Visible } from '#server/http/visible.ts';

const MOST_STREAMS = 80;
const DAY_MICROS = 86_400 * MICROS_PER_SECOND;

const query = z.strictObject({
	streams: z
		.string()
		.max(2000)
		.transform((text) => [...new Set(text.split(',').filter((id) => id !== ''))])
		.openapi({ type: 'string', description: `Ids with commas between, ${MOST_STREAMS} at most`, example: '12,57' }),
	from: timeParameter.optional(),
	to: timeParameter.optional(),
	event: z
		.string()
		.max(100)
		.optional()
		.openapi({ description: 'Id of an event: what changed since, or while it lasted' }),
	format: z.enum(['json', 'csv']).default('json').openapi({ description: 'csv: a measure a line' }),
});

const CSV = {
	'content-type': 'text/csv; charset=utf-8',
	'content-disposition': 'attachment; filename="comparison.csv"',
};

const number = z.number();
const numberOrNull = z.number().nullable();
const difference = {
	...{ median: number, low: number, high: number, confidence: number, n: z.number().int(), sentence: z.string() },
};

const comparedSchema = z.strictObject({
	stream: z.strictObject({
		id: z.string(),
		key: z.string(),
		labels: z.record(z.string(), z.string()),
		site: z.string(),
	}),
	n: z.number().int(),
	censored: z.number().int().openapi({ description: 'Calls that ran into a deadline: larger than every other' }),
	...{ mean: numberOrNull, min: numberOrNull, max: numberOrNull },
	percentiles: z.record(z.string(), numberOrNull),
	box: z
		.strictObject({ low: number, q1: number, median: number, q3: number, high: number, beyond: z.number().int() })
		.nullable(),
	ecdf: z.strictObject({ v: z.array(number), share: z.array(number) }),
	histogram: z.array(z.number().int()),
	inControl: numberOrNull.openapi({ description: 'Share of the time without a violation' }),
	violations: z.number().int(),
	violationsPerDay: number,
	outcomes: z
		.record(z.string(), z.number().int())
		.openapi({ description: 'Calls by class of error, `good` for those without; empty where calls are not kept' }),
	versions: z.array(z.strictObject({ at: z.string(), name: z.string(), calls: z.number().int() })),
	change: z.strictObject({ ...difference, at: z.string() }).nullable(),
});

const compareSchema = z
	.strictObject({
		from: z.string(),
		to: z.string(),
		groups: z.array(
			z.strictObject({
				name: z.string(),
				unit: z.string(),
				bins: z.array(number),
				streams: z.array(comparedSchema),
				pairs: z.array(z.strictObject({ ...difference, a: z.string(), b: z.string() })),
				slotMs: number,
			}),
		),
	})
	.openapi('Compare') satisfies z.ZodType<ApiCompare>;

/** Streams side by side. */
export function compareRoutes({ llm, now }: HttpPorts, visible: Visible): AnswerRoute[] {
	return [
		answer({
			method: 'GET',
			path: '/api/v1/compare',
			access: 'read',
			tag: 'Language models',
			summary: 'Streams side by side: distributions, same-slot differences with their confidence, stability',
			input: { query },
			output: { schema: compareSchema },
			problems: { 404: 'One of the streams, or the event, does not exist' },
			async handle({ principal, query: { streams: ids, from, to, event: about, format } }) {
				if (ids.length === 0 || ids.length > MOST_STREAMS) throw notSoMany(ids.length);
				const streams = await Promise.all(ids.map(async (id) => (await visible.stream(principal, id)).stream));
				const toMicros = to ?? now();
				const fromMicros = from ?? toMicros - DAY_MICROS;
				if (fromMicros >= toMicros) throw fault('query.from', 'must be before to');
				const event = about === undefined ? undefined : await visible.event(principal, about);
				const body = await llm.compare({ streams, fromMicros, toMicros, event });
				return format === 'json' ? { body } : { body: tableOfCompare(body), headers: CSV };
			},
		}),
	];
}

function notSoMany(count: number): Problem {
	return fault('query.streams', `has ${count} ids; 1 to ${MOST_STREAMS} can be compared`);
}

function fault(path: string, message: string): Problem {
	return new Problem(400, `${path}: ${message}`, { faults: [{ path, message }] });
}
