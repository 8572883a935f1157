import { readFileSync } from 'node:fs';
import type { MqttClient } from 'mqtt';
import { z } from 'zod';
import { messageOf } from '#contracts/error.ts';
import { channelKind, DeliveryFault, type ChannelPorts, type Outgoing } from './kind.ts';
import { secretOption } from './options.ts';
import { webhookBody } from './webhook.ts';

const schema = z.strictObject({
	type: z.literal('mqtt'),
	url: z
		.string()
		.refine((text) => /^(mqtts?|wss?):$/.test(URL.parse(text)?.protocol ?? '') && URL.parse(text)?.password === '', {
			error: 'must be mqtt://host:port or mqtts://host:port; name and password go into auth',
		}),
	/** `{route}`, `{site}`, `{asset}` and `{severity}` are put in. */
	topic: z
		.string()
		.min(1)
		.max(500)
		.regex(/^[^#+]+$/, 'must have no # and no +: one publishes to one topic')
		.default('sigmascope/alerts/{site}/{asset}'),
	auth: z.strictObject({ username: z.string().min(1), password: secretOption }).optional(),
	tls: z.strictObject({ ca: z.string().min(1) }).optional(),
	retain: z.boolean().default(false),
});
type Options = z.output<typeof schema>;

const WITHIN_MS = 10_000;

/** What a webhook gets, published with quality of service 1 on a topic of the plant's own broker. */
export const mqtt = channelKind({
	schema,
	addressOf: ({ url, topic }) => `${url} ${topic}`,
	atOnce: 1,
	create(options, ports) {
		let connected: Promise<MqttClient> | undefined;
		const connection = () => (connected ??= connect(options, ports, () => (connected = undefined)));
		return {
			title: `mqtt ${options.url}`,
			async send(message, signal) {
				const topic = topicOf(options.topic, message);
				const body = JSON.stringify(webhookBody(message));
				const request = `PUBLISH ${options.url} ${topic}\n\n${body}`;
				try {
					const client = await within(connection(), signal);
					await within(client.publishAsync(topic, body, { qos: 1, retain: options.retain }), signal);
					return { exchange: { request, answer: 'PUBACK', status: null }, thread: null };
				} catch (error) {
					const stale = connected;
					connected = undefined;
					void stale?.then((client) => client.endAsync(true)).catch(() => undefined);
					const answer = messageOf(error);
					throw new DeliveryFault(answer, { exchange: { request, answer, status: null } });
				}
			},
			async close() {
				await connected?.then((client) => client.endAsync()).catch(() => undefined);
			},
		};
	},
});

async function connect({ url, auth, tls }: Options, ports: ChannelPorts, onClosed: () => void): Promise<MqttClient> {
	const { connectAsync } = await import('mqtt');
	const client = await connectAsync(
		url,
		{
			// Connecting again is the dispatcher's: it knows when.
			reconnectPeriod: 0,
			connectTimeout: WITHIN_MS,
			...(auth && { username: auth.username, password: ports.secretOf(auth.password).reveal() }),
			...(tls && { ca: readFileSync(tls.ca) }),
		},
		false,
	);
	client.on('close', onClosed);
	client.on('error', onClosed);
	return client;
}

async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	const timeout = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
	const late = Promise.withResolvers<never>();
	const onAbort = () => late.reject(new Error(signal.aborted ? 'given up' : `no answer within ${WITHIN_MS} ms`));
	timeout.addEventListener('abort', onAbort, { once: true });
	try {
		return await Promise.race([work, late.promise]);
	} finally {
		timeout.removeEventListener('abort', onAbort);
	}
}

/** Names come from outside: they make no levels and no wildcards. */
function topicOf(topic: string, { content }: Outgoing): string {
	const stream = content.items[0]?.stream;
	const values: Readonly<Record<string, string>> = {
		route: content.route,
		severity: content.severity,
		site: stream?.site ?? '',
		asset: content.count === 1 ? (stream?.asset ?? '') : 'several',
	};
	return topic.replace(/\{(\w+)\}/g, (whole, name: string) => {
		const value = values[name];
		return value === undefined ? whole : value.replace(/[#+/\p{Cc}]/gu, '-') || '-';
	});
}
