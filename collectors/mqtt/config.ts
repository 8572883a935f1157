import { z } from 'zod';
import { durationMs } from '#contracts/duration.ts';
import { burstSchema } from '../kit/burst.ts';
import { eventOption } from '../kit/tag-event.ts';
import { secretOption } from '../kit/secret.ts';
import { TIME_UNITS } from '../kit/time-reader.ts';
import { addressFault, isSecure } from './address.ts';
import { parseJsonPath } from './json-path.ts';
import { filterCovers, filterFault, filtersOverlap, templateFault } from './topic.ts';

const PATH = z
	.string()
	.refine((text) => parseJsonPath(text) !== undefined, 'write a path to one value: $.value, $.data[0].t or $["a b"]');
const topicFilter = z.string().superRefine((text, context) => {
	const message = filterFault(text);
	if (message !== undefined) context.addIssue({ code: 'custom', message });
});
const wholeSeconds = durationMs.transform((ms) => Math.max(1, Math.round(ms / 1000)));

export const subscriptionSchema = z
	.strictObject({
		topic: topicFilter.describe('Topic filter, with + for one level and # for all that follow.'),
		qos: z
			.union([z.literal(0), z.literal(1)], 'qos is 0 or 1: with 1 nothing is lost, and a redelivery is recognised')
			.default(1)
			.describe(
				'1: the broker keeps messages until they are on our disk. 0: as fast as it goes, lost when we are away.',
			),
		format: z
			.enum(['json', 'number', 'sparkplug', 'log'])
			.default('json')
			.describe('A JSON document (a bare number is one too), a number as text, Sparkplug B, or lines of a log.'),
		value: PATH.optional().describe('json: path of the value; the whole document unless said otherwise.'),
		values: z
			.record(z.string().min(1), PATH)
			.optional()
			.describe('json: several values of one message: the name of each, and its path.'),
		time: PATH.optional().describe('json: path of the time of measurement; without it the time of arrival counts.'),
		timeUnit: z
			.enum(TIME_UNITS)
			.default('rfc3339')
			.describe('How that time is written: as text of RFC 3339, or as a number since 1970.'),
		event: eventOption.optional(),
		events: z
			.record(z.string().min(1), eventOption)
			.optional()
			.describe(
				'sparkplug: metrics that say what is in force, by the name that is announced: `{ Lot: lot, Tool: tool }`. They are no streams but events, as with `event`.',
			),
		burst: burstSchema
			.optional()
			.describe(
				'json: what `value` finds is an array of samples, a burst of a vibration say: its features become streams `…/rms` and so on.',
			),
		quality: PATH.optional().describe(
			'json: path of the quality: good, uncertain, bad; true, false; 0 to 255 with good from 192.',
		),
		stream: z
			.string()
			.min(1)
			.optional()
			.describe(
				'Key of the stream; `{2}` is the second level of the topic, `{topic}` all of it, `{name}` the name of the value.',
			),
		source: z
			.string()
			.min(1)
			.optional()
			.describe('log: who says it, where the line does not; the topic unless said otherwise. The same braces.'),
		unit: z.string().max(40).default('').describe('Unit of the values.'),
		kind: z.enum(['machine', 'llm']).default('machine').describe('What kind of stream it is.'),
		labels: z
			.record(z.string(), z.string())
			.default({})
			.describe('Labels of the stream; their values may hold the same braces.'),
	})
	.superRefine((entry, context) => {
		const add = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
		const names = Object.keys(entry.values ?? {});
		for (const option of ['value', 'values', 'time', 'quality'] as const)
			if (entry.format !== 'json' && entry[option] !== undefined)
				add([option], `paths are for JSON, and this is format: ${entry.format}; leave it out`);
		if (entry.format === 'log' && (entry.stream !== undefined || entry.unit !== '' || hasNames(entry.labels)))
			add(
				['stream'],
				'lines of a log are no points: leave out "stream", "unit" and "labels"; "source" says who speaks',
			);
		if (entry.format !== 'log' && entry.source !== undefined)
			add(['source'], `it is of lines of a log (format: log), and this is format: ${entry.format}; leave it out`);
		if (entry.format === 'sparkplug') {
			if (!/^spBv1\.0\/(#|[^/]+\/(#|\+\/[^/]+\/#))$/.test(entry.topic))
				add(
					['topic'],
					'write spBv1.0/#, spBv1.0/GROUP/# or spBv1.0/GROUP/+/NODE/#: all messages of an edge node are needed',
				);
			if (/\{(topic|3)\}/.test(JSON.stringify([entry.stream, entry.labels])))
				add(['stream'], '{topic} and {3} differ from message to message of one metric; use {2}, {4}, {5} and {name}');
			if (entry.stream?.includes('{name}') === false)
				add(['stream'], 'an edge node has several values: "stream" needs {name}, or they would all be one');
		}
		if (entry.values && entry.value !== undefined) add(['value'], 'give "value" or "values", not both');
		if (entry.burst && (entry.format !== 'json' || entry.values))
			add(['burst'], 'it is for JSON with one "value" that is an array');
		if (entry.event && (entry.burst || entry.values || (entry.format !== 'json' && entry.format !== 'number')))
			add(
				['event'],
				entry.format === 'sparkplug'
					? 'name its metrics: events: { Lot: lot }'
					: 'it is of JSON or text with one value',
			);
		if (entry.events && entry.format !== 'sparkplug') add(['events'], 'it is of Sparkplug; elsewhere write "event"');
		const rpm = entry.burst?.bearing?.rpm;
		if (typeof rpm === 'string' && !parseJsonPath(rpm))
			add(['burst', 'bearing', 'rpm'], 'write a number, or a path: $.rpm');
		if (entry.values && names.length === 0) add(['values'], 'name at least one value');
		if (names.length > 1 && entry.stream !== undefined && !entry.stream.includes('{name}'))
			add(['stream'], 'several values need {name} in "stream", or they would all be one stream');
		const texts = [
			[['stream'], entry.stream ?? ''] as const,
			[['source'], entry.source ?? ''] as const,
			...Object.entries(entry.labels).map(([name, text]) => [['labels', name], text] as const),
		];
		for (const [path, text] of texts) {
			const fault = templateFault(text, entry.topic, entry.format === 'sparkplug' || entry.burst ? ['any'] : names);
			if (fault !== undefined) add([...path], fault);
		}
	});
function hasNames(labels: Readonly<Record<string, string>>): boolean {
	return Object.keys(labels).length > 0;
}

export type Subscription = z.output<typeof subscriptionSchema>;

export const tlsSchema = z.strictObject({
	ca: z
		.string()
		.min(1)
		.optional()
		.describe('File with the certificates to trust, PEM; those of the system without it.'),
	cert: z.string().min(1).optional().describe('File with our own certificate, PEM.'),
	key: z.string().min(1).optional().describe('File with its key, PEM.'),
	servername: z
		.string()
		.min(1)
		.optional()
		.describe('The name to look for in its certificate; that of `url` without it.'),
	verify: z
		.boolean()
		.default(true)
		.describe('`false` trusts whoever answers, and sends the password to them: never outside of a test.'),
});

export const mqttSchema = z
	.strictObject({
		url: z
			.string()
			.superRefine((text, context) => {
				const message = addressFault(text);
				if (message !== undefined) context.addIssue({ code: 'custom', message });
			})
			.describe(
				'Address of the broker: mqtt://host:1883 or over WebSocket ws://host:8083/mqtt; with TLS mqtts:// or wss://.',
			),
		protocol: z.enum(['5', '3.1.1']).default('5').describe('Version of MQTT.'),
		clientId: z
			.string()
			.min(1)
			.max(128)
			.optional()
			.describe('What the broker knows our session by; made once and kept unless given.'),
		auth: z
			.strictObject({ username: z.string(), password: secretOption.optional() })
			.optional()
			.describe('`username`, and `password` as text or as `file:/run/secrets/x`.'),
		tls: tlsSchema.optional().describe('For mqtts:// and wss://:'),
		sessionExpiry: wholeSeconds
			.prefault('1d')
			.describe('How long the broker keeps our session while we are away; with 3.1.1 the broker decides.'),
		keepAlive: wholeSeconds.prefault('30s').describe('Silence after which one side asks whether the other is there.'),
		maxInFlight: z
			.number()
			.int()
			.min(1)
			.max(20_000)
			.default(1000)
			.describe('How many messages of QoS 1 may wait for our disk at once; with 3.1.1 the broker decides.'),
		maxStreams: z
			.number()
			.int()
			.positive()
			.default(10_000)
			.describe('Streams that topics may open; beyond it they are faults.'),
		shard: z
			.strictObject({ index: z.number().int().min(0), count: z.number().int().min(2).max(64) })
			.refine(({ index, count }) => index < count, { path: ['index'], message: 'index goes from 0 to count - 1' })
			.optional()
			.describe(
				'`{ index: 0, count: 4 }`: the first of four collectors with the same `subscribe` that share the streams, each stream with one of them.',
			),
		subscribe: z.array(subscriptionSchema).min(1).describe('What to take:'),
	})
	.superRefine(({ url, tls, subscribe }, context) => {
		if (tls && addressFault(url) === undefined && !isSecure(url))
			context.addIssue({ code: 'custom', path: ['tls'], message: 'tls needs an address with mqtts:// or wss://' });
		if (tls && (tls.cert === undefined) !== (tls.key === undefined))
			context.addIssue({ code: 'custom', path: ['tls'], message: 'cert and key belong together' });
		const filters = subscribe.map(({ topic }) => topic.split('/'));
		filters.forEach((filter, i) => {
			filters.slice(0, i).forEach((earlier, k) => {
				if (!filtersOverlap(earlier, filter)) return;
				const fault = overlapFault([earlier, filter], [subscribe[k], subscribe[i]]);
				if (!fault) return;
				const [option, message] = fault;
				context.addIssue({ code: 'custom', path: ['subscribe', i, option], message: `${message} (subscribe[${k}])` });
			});
		});
	});
export type MqttConfig = z.output<typeof mqttSchema>;

type Pair<T> = readonly [T, T];

/** @returns option and text of why these two cannot both read the topics that match both */
function overlapFault(
	[a, b]: Pair<readonly string[]>,
	[one, other]: Pair<Subscription | undefined>,
): readonly ['topic' | 'stream', string] | undefined {
	if (!filterCovers(a, b) && !filterCovers(b, a))
		return [
			'topic',
			'a topic could match this and another one: some brokers would deliver it twice; let one cover the other',
		];
	if (one?.format === 'log' && other?.format === 'log')
		return ['topic', 'a message would be two lines of the log; leave one of them out'];
	if (one && other && isSameStream(one, other))
		return ['stream', 'a message would be two points of one stream; give one of them another "stream"'];
	return undefined;
}

function isSameStream(a: Subscription, b: Subscription): boolean {
	if (a.format === 'log' || b.format === 'log') return false;
	const names = (entry: Subscription) => Object.keys(entry.values ?? { '': '' });
	const template = (entry: Subscription) => entry.stream ?? (entry.values ? '{topic}/{name}' : '{topic}');
	return (
		template(a) === template(b) &&
		JSON.stringify(a.labels) === JSON.stringify(b.labels) &&
		names(a).some((name) => names(b).includes(name))
	);
}
