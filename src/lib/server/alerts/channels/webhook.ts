import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { formatTime, MICROS_PER_SECOND } from '#contracts/time.ts';
import { post } from './http.ts';
import { channelKind, DeliveryFault, type Outgoing } from './kind.ts';
import { addressOption, dialedBy, secretOption, shownAddress } from './options.ts';

const PREFIX = 'whsec_';
const SHORTEST_KEY = 24;
const SECRET_WORDS = `must be ${PREFIX} and the base64 of at least ${SHORTEST_KEY} bytes, or file: and a path`;

const schema = z.strictObject({
	type: z.literal('webhook'),
	url: addressOption,
	/** Signs what is sent (Standard Webhooks). */
	secret: secretOption
		.refine((text) => /^(file|secret):/.test(text) || keyOf(text) !== undefined, { error: SECRET_WORDS })
		.optional(),
	/** Sent besides. */
	headers: z.record(z.string().regex(/^[\w-]+$/), secretOption).default({}),
});

/** Any program that takes a POST: body and headers as the Standard Webhooks specification has them. */
export const webhook = channelKind({
	schema,
	addressOf: ({ url }) => url,
	atOnce: 4,
	create(options, ports) {
		const url = ports.secretOf(options.url);
		const secret = options.secret === undefined ? undefined : ports.secretOf(options.secret);
		const extra = Object.entries(options.headers).map(([name, value]) => [name, ports.secretOf(value)] as const);
		const shown = shownAddress(options.url);
		return {
			title: `webhook ${shown}`,
			async send(message, signal) {
				const body = JSON.stringify(webhookBody(message));
				const own = Object.fromEntries(extra.map(([name, value]) => [name.toLowerCase(), value.reveal()]));
				const timestamp = Math.floor(ports.now() / MICROS_PER_SECOND);
				const headers = {
					'content-type': 'application/json',
					'user-agent': 'Sigmascope',
					...own,
					'webhook-id': message.key,
					'webhook-timestamp': String(timestamp),
					...(secret && { 'webhook-signature': signatureOf(secret.reveal(), message.key, timestamp, body) }),
				};
				const { exchange } = await post(ports, {
					url: url.reveal(),
					by: dialedBy(options.url),
					shownUrl: shown,
					headers,
					hidden: Object.keys(own),
					secrets: [url.reveal(), ...Object.values(own), ...(secret ? [secret.reveal()] : [])],
					body,
					signal,
				});
				return { exchange, thread: null };
			},
			close: async () => undefined,
		};
	},
});

/** @returns the key's bytes; undefined when it is none */
function keyOf(secret: string): Buffer | undefined {
	const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
	const key = Buffer.from(text, 'base64');
	const isBase64 = /^[A-Za-z0-9+/]+=*$/.test(text);
	return isBase64 && key.length >= SHORTEST_KEY ? key : undefined;
}

/** `v1,` and the HMAC-SHA256 over `id.timestamp.body` (standardwebhooks.com). @throws DeliveryFault when the key is none */
function signatureOf(secret: string, id: string, timestamp: number, body: string): string {
	const key = keyOf(secret);
	if (!key) {
		const message = `cannot sign: the secret ${SECRET_WORDS}`;
		throw new DeliveryFault(message, { exchange: { request: '', answer: message, status: null } });
	}
	return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** What a program gets: the first violation in full, and when a message tells of several, the others beside it. */
export function webhookBody({ key, createdMicros, content, links, noLinks, isTest }: Outgoing) {
	const [first, ...others] = content.items.map((item, i) => ({
		type: `violation.${item.change}`,
		violation: item.violation,
		stream: item.stream,
		links: links[i],
	}));
	const { type, ...data } = first ?? { type: 'test' };
	return {
		id: key,
		type: isTest ? 'test' : type,
		createdAt: formatTime(createdMicros),
		data: {
			...data,
			route: content.route,
			severity: content.severity,
			count: content.count,
			...(noLinks !== null && { noLinks }),
			...(content.count > 1 && { counts: content.counts, others }),
		},
	};
}
