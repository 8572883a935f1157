import { readFileSync } from 'node:fs';
import { connect, ReasonCodes, type IClientOptions, type IPublishPacket, type MqttClient, type Packet } from 'mqtt';
import { RetriableError, messageOf } from '#contracts/error.ts';
import { quote } from '#contracts/stream.ts';
import { isWebSocket } from './address.ts';
import type { MqttConfig } from './config.ts';
import type { Link, Message } from './intake.ts';
import { remedy } from './remedy.ts';
import type { BrokerSubscription } from './subscriptions.ts';

export interface ConnectionOptions {
	readonly config: MqttConfig;
	readonly subscriptions: readonly BrokerSubscription[];
	readonly clientId: string;
	/** Topic filters of an earlier configuration: the session may still hold them. */
	readonly staleFilters: readonly string[];
	/** The broker has taken us; `isResumed`: with the session of before. Comes before its first message. */
	readonly onSession: (isResumed: boolean) => void;
	readonly onMessage: (message: Message, link: Link) => void;
	/** It has said something else: all messages that it sent before have come. */
	readonly onHeard: () => void;
	/** Everything that was asked for has been answered: the QoS of each subscription, undefined where it was refused. */
	readonly onSubscribed: (granted: readonly (number | undefined)[]) => void;
	/** Something for a person to know that does not end the connection. */
	readonly onFault: (message: string) => void;
	readonly signal: AbortSignal;
}

const CONNECT_WITHIN_MS = 10_000;
/** A broker that is gone answers no DISCONNECT. */
const END_WITHIN_MS = 200;
/** Larger ones the broker keeps to itself (MQTT 5); what is beyond payload.ts's bound is a fault before that. */
const MAX_PACKET_BYTES = 16 * 1024 * 1024;
const REFUSED = 0x80;
/** A frame may hold several packets. What is small gains nothing by compression, and hostile frames grow with it. */
const WEB_SOCKET = { perMessageDeflate: false, maxPayload: 2 * MAX_PACKET_BYTES, handshakeTimeout: CONNECT_WITHIN_MS };

/**
 * One connection to the broker, until it ends.
 *
 * mqtt.js hands over one message at a time and sends PUBACK when its callback is called: with a disk that commits every
 * 50 ms that would be twenty messages a second. So the callback is called at once, with an error, on which mqtt.js
 * goes on without PUBACK; and the PUBACKs of all that a commit has brought to disk go out together, as bytes.
 *
 * @returns why it ended
 * @throws RetriableError when a file that the configuration names cannot be read
 */
export async function runConnection(options: ConnectionOptions): Promise<string> {
	const { config, signal } = options;
	const client = connect(config.url, clientOptions(options));
	const ended = Promise.withResolvers<string>();
	let reason: string | undefined;
	const because = (text: string) => (reason ??= text);

	// Assigned before the first byte can have come.
	client.handleMessage = handler(client, options);
	// The client keeps those without a code to itself: a WebSocket that is refused.
	client.stream.on('error', (error) => because(remedy(error, config)));
	let isOpen = false;
	client.on('packetreceive', (packet) => {
		if (packet.cmd === 'publish') return;
		if (packet.cmd === 'connack' && (packet.reasonCode ?? packet.returnCode ?? 0) === 0) {
			isOpen = true;
			options.onSession(packet.sessionPresent);
		}
		if (isOpen) options.onHeard();
	});
	client.on('connect', () => {
		subscribe(client, options).catch((error: unknown) => {
			because(messageOf(error));
			client.end(true);
		});
	});
	client.on('disconnect', (packet) => because(reasonOf(packet)));
	client.on('error', (error) => because(remedy(error, config)));
	client.on('close', () => ended.resolve(reason ?? 'the broker closed the connection'));

	const stop = () => {
		client.end(false);
		setTimeout(() => client.end(true), END_WITHIN_MS).unref();
	};
	if (signal.aborted) stop();
	else signal.addEventListener('abort', stop, { once: true });
	try {
		return await ended.promise;
	} finally {
		signal.removeEventListener('abort', stop);
		client.end(true);
		// What it still has to say is said to nobody, but must not be uncaught.
		client.removeAllListeners().on('error', () => {});
	}
}

function clientOptions({ config, clientId }: ConnectionOptions): IClientOptions {
	const { auth, tls } = config;
	const secure = tls && {
		ca: readPem(tls.ca),
		cert: readPem(tls.cert),
		key: readPem(tls.key),
		servername: tls.servername,
		rejectUnauthorized: tls.verify,
	};
	const is5 = config.protocol === '5';
	return {
		protocolVersion: is5 ? 5 : 4,
		clientId,
		// A session that outlives the connection: the broker keeps for us what comes meanwhile.
		clean: config.sessionExpiry === 0,
		...(auth && { username: auth.username, password: auth.password?.reveal() }),
		...secure,
		...(isWebSocket(config.url) && { wsOptions: { ...secure, ...WEB_SOCKET } }),
		keepalive: config.keepAlive,
		// Called several times for each message; its own does nothing either, but takes its time.
		log: () => {},
		connectTimeout: CONNECT_WITHIN_MS,
		reconnectPeriod: 0,
		resubscribe: false,
		...(is5 && {
			properties: {
				sessionExpiryInterval: config.sessionExpiry,
				receiveMaximum: config.maxInFlight,
				maximumPacketSize: MAX_PACKET_BYTES,
			},
		}),
	};
}

/** Read at each connection: certificates are renewed. */
function readPem(file: string | undefined): Buffer | undefined {
	if (file === undefined) return undefined;
	try {
		return readFileSync(file);
	} catch (cause) {
		throw new RetriableError(`cannot read ${quote(file)}: ${messageOf(cause)}`, { cause });
	}
}

const GO_ON = new Error('acknowledged once it is on disk');

function handler(client: MqttClient, { onMessage }: ConnectionOptions): MqttClient['handleMessage'] {
	const link: Link = {
		acknowledge(ids) {
			if (client.connected) client.stream.write(pubacks(ids));
		},
		publish(topic, payload) {
			if (client.connected) client.publish(topic, Buffer.from(payload));
		},
	};
	return (packet: IPublishPacket, done) => {
		const { payload, messageId = 0 } = packet;
		onMessage(
			{
				topic: packet.topic,
				payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
				qos: packet.qos,
				id: messageId,
				dup: packet.dup,
				retain: packet.retain,
			},
			link,
		);
		done(GO_ON);
	};
}

/** PUBACK without a reason code, which is the same four bytes in MQTT 3.1.1 and, for success, in MQTT 5 (3.4.2.1). */
function pubacks(ids: readonly number[]): Buffer {
	const bytes = Buffer.alloc(ids.length * 4);
	ids.forEach((id, i) => {
		bytes.writeUInt16BE(0x4002, i * 4);
		bytes.writeUInt16BE(id, i * 4 + 2);
	});
	return bytes;
}

async function subscribe(client: MqttClient, options: ConnectionOptions): Promise<void> {
	const { subscriptions, staleFilters } = options;
	if (staleFilters.length > 0) await client.unsubscribeAsync([...staleFilters]);
	const granted = await Promise.all(subscriptions.map((one) => subscribeOne(client, one, options)));
	options.onSubscribed(granted);
	if (granted.every((qos) => qos === undefined)) throw new Error('the broker refuses all subscriptions');
}

/** @returns the QoS that the broker will deliver with; undefined when it refuses */
async function subscribeOne(
	client: MqttClient,
	{ topic, qos }: BrokerSubscription,
	{ onFault, config }: ConnectionOptions,
): Promise<number | undefined> {
	// rh 1: retained messages at the first subscription only, not at every reconnect.
	const how = config.protocol === '5' ? { qos, rh: 1 } : { qos };
	const answer = await new Promise<{ readonly error: unknown; readonly code: number }>((resolve) => {
		client.subscribe(topic, how, (error, grants) => {
			const code = grants?.[0]?.qos ?? REFUSED;
			resolve({ error, code: error ? REFUSED : code });
		});
	});
	if (answer.code < REFUSED) return answer.code;
	if (client.connected)
		onFault(
			`the broker refuses the subscription to ${quote(topic)}: ${messageOf(answer.error ?? 'refused')}; see its access rules`,
		);
	return undefined;
}

function reasonOf(packet: Packet): string {
	const code = 'reasonCode' in packet ? (packet.reasonCode ?? 0) : 0;
	const text = ReasonCodes[code as keyof typeof ReasonCodes] || `code ${code}`;
	if (code === 0x8e) return 'another client has come with the same client id; give one of them another "clientId"';
	return `the broker closed the connection: ${text}`;
}
