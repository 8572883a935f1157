import { z } from 'zod';
import { durationMs } from '#contracts/duration.ts';
import { httpOptions } from '../kit/http-get.ts';

const BRACES = /\{([^{}]*)\}/g;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_.]*$/;

export const metricSchema = z.strictObject({
	metric: z
		.string()
		.min(1)
		.describe(
			'Name of the metric; `*` stands for any part of it. Of a histogram or summary its own name, without `_sum`.',
		),
	where: z
		.record(z.string().regex(LABEL_NAME), z.string())
		.default({})
		.describe('Labels that it has to have; `*` stands for any part of a value.'),
	take: z
		.enum(['auto', 'value', 'rate'])
		.default('auto')
		.describe(
			'`value`: as it stands. `rate`: its growth per second. `auto`: the rate of counters, the mean of what histograms and summaries have seen since the last time, the value of all others.',
		),
	stream: z
		.string()
		.min(1)
		.default('{metric}')
		.describe('Key of the stream; `{metric}` is the name, any other braces are a label.'),
	labels: z
		.array(z.string().regex(LABEL_NAME))
		.max(16)
		.optional()
		.describe('Labels of the stream; all that the metric has, and that are not in its key, unless given.'),
	unit: z.string().max(40).optional().describe('Unit of the values; that of the metric, where it says so, without it.'),
	scale: z.number().default(1).describe('What a raw value is multiplied by: 1000 for milliseconds of seconds.'),
});
export type MetricEntry = z.output<typeof metricSchema>;

export const prometheusSchema = z.strictObject({
	...httpOptions,
	every: durationMs
		.refine((ms) => ms >= 100, 'the shortest is 100ms')
		.prefault('15s')
		.describe('How often it is scraped.'),
	timeout: durationMs
		.refine((ms) => ms >= 10, 'the shortest is 10ms')
		.prefault('10s')
		.describe('How long an answer may take.'),
	maxStreams: z
		.number()
		.int()
		.positive()
		.default(1000)
		.describe('Streams that one answer may open; beyond it they are faults.'),
	metrics: z.array(metricSchema).min(1).describe('What to take; the first entry that fits a metric is its own:'),
});
export type PrometheusConfig = z.output<typeof prometheusSchema>;

/** @returns the labels that a template names */
export function labelsIn(template: string): string[] {
	return [...template.matchAll(BRACES)].flatMap(([, name = '']) => (name === 'metric' ? [] : [name]));
}

export function fillTemplate(template: string, metric: string, labels: ReadonlyMap<string, string>): string {
	return template.replace(BRACES, (_, name: string) => (name === 'metric' ? metric : (labels.get(name) ?? '')));
}
