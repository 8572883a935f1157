import { z } from 'zod';
import parse from 'jsonpath-rfc9535/parser';
import { durationMs } from '#contracts/duration.ts';
import { burstSchema } from '../kit/burst.ts';
import { eventOption } from '../kit/tag-event.ts';
import { httpOptions } from '../kit/http-get.ts';
import { TIME_UNITS } from '../kit/time-reader.ts';

const PATH = z
	.string()
	.refine(isPath, "write a path of RFC 9535: $.value, $.sensors[0].t, $['a b'], $.sensors[?@.id=='x'].value");
const BRACES = /\{([^{}]*)\}/g;

export const valueSchema = z
	.strictObject({
		path: PATH.describe(
			"Path of RFC 9535 to a value, or to several things that have one each: `$.temperature`, `$.sensors[*]`, `$.sensors[?@.id=='x']`.",
		),
		value: PATH.default('$').describe('Path from there to the value.'),
		name: PATH.optional().describe('Path from there to the name, for `{name}`.'),
		time: PATH.optional().describe('Path from there to the time of measurement, where each has its own.'),
		stream: z
			.string()
			.min(1)
			.describe('Key of the stream; `{name}` is what `name` finds, `{index}` the place among several, from 0.'),
		unit: z.string().max(40).default('').describe('Unit of the values.'),
		labels: z
			.record(z.string(), z.string())
			.default({})
			.describe('Labels of the stream; their values may hold the same braces.'),
		scale: z.number().default(1).describe('What a raw value is multiplied by.'),
		offset: z.number().default(0).describe('And what is added then.'),
		event: eventOption.optional(),
		burst: burstSchema
			.optional()
			.describe(
				'The value is an array of samples, a burst of a vibration say: its features become streams `…/rms` and so on.',
			),
	})
	.superRefine((entry, context) => {
		const rpm = entry.burst?.bearing?.rpm;
		if (typeof rpm === 'string' && !isPath(rpm))
			context.addIssue({
				code: 'custom',
				path: ['burst', 'bearing', 'rpm'],
				message: 'write a number, or a path: $.rpm',
			});
		if (entry.burst && entry.offset !== 0)
			context.addIssue({ code: 'custom', path: ['offset'], message: 'has no meaning for a burst' });
		for (const [place, text] of [['stream', entry.stream] as const, ...Object.entries(entry.labels)])
			for (const [braces, name] of text.matchAll(BRACES)) {
				const path = place === 'stream' ? ['stream'] : ['labels', place];
				if (name !== 'name' && name !== 'index')
					context.addIssue({ code: 'custom', path, message: `${braces} is not known; there are {name} and {index}` });
				else if (name === 'name' && entry.name === undefined)
					context.addIssue({ code: 'custom', path, message: '{name} needs "name", the path to it' });
			}
	});
export type ValueEntry = z.output<typeof valueSchema>;

export const httpPollSchema = z.strictObject({
	...httpOptions,
	every: durationMs
		.refine((ms) => ms >= 100, 'the shortest is 100ms')
		.prefault('10s')
		.describe('How often it is asked.'),
	timeout: durationMs
		.refine((ms) => ms >= 10, 'the shortest is 10ms')
		.prefault('5s')
		.describe('How long an answer may take.'),
	time: PATH.optional().describe(
		'Path to the time of measurement of all of it; without any time that of the answer counts.',
	),
	timeUnit: z
		.enum(TIME_UNITS)
		.default('rfc3339')
		.describe('How times are written: as text of RFC 3339, or as a number since 1970.'),
	maxStreams: z
		.number()
		.int()
		.positive()
		.default(1000)
		.describe('Streams that one answer may open; beyond it they are faults.'),
	values: z.array(valueSchema).min(1).describe('What to take of the answer:'),
});
export type HttpPollConfig = z.output<typeof httpPollSchema>;

function isPath(text: string): boolean {
	try {
		parse(text);
		return true;
	} catch {
		return false;
	}
}
