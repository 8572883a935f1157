import { ConfigError } from '#contracts/error.ts';
import { quote } from '#contracts/stream.ts';
import type { Discovered } from '#contracts/trial.ts';
import type { DiscoverContext } from '../kit/collector.ts';
import { jsonLeaves, type JsonLeaf } from '../kit/json-leaves.ts';
import { jsonNumber, textNumber } from '../kit/json-number.ts';
import { keyFrom } from '../kit/key-from.ts';
import type { MqttConfig } from './config.ts';
import { runConnection } from './connection.ts';
import type { Message } from './intake.ts';
import { decodePayload, isNumeric } from './sparkplug-payload.ts';
import { parseSparkplugTopic } from './sparkplug-nodes.ts';
import { filterFault } from './topic.ts';

const MOST_TOPICS = 2000;
const MAX_DOCUMENT_BYTES = 64 * 1024;
/** Names by which devices give the time of a measurement; never a measurement itself. */
const TIME_NAMES = /^(t|ts|time|timestamp|date|datetime)$/i;
const [SECONDS_SINCE, SECONDS_UNTIL] = [1e9, 4e9];

interface Heard {
	readonly payload: Buffer;
	readonly messages: number;
}

/** Listens for a while, as nobody that the broker will remember, and says what came by. */
export async function discoverTopics(config: MqttConfig, context: DiscoverContext): Promise<Discovered[]> {
	const topics = context.argument === undefined ? config.subscribe.map(({ topic }) => topic) : [context.argument];
	const fault = topics.map(filterFault).find((one) => one !== undefined);
	if (fault !== undefined) throw new ConfigError(`cannot browse ${quote(context.argument ?? '')}: ${fault}`);
	const heard = new Map<string, Heard>();
	let isOpen = false;
	const faults: string[] = [];
	const over = AbortSignal.any([context.signal, AbortSignal.timeout(context.forMs)]);
	const reason = await runConnection({
		config: { ...config, sessionExpiry: 0 },
		subscriptions: topics.map((topic, i) => ({ topic, qos: 0, entries: [i] })),
		clientId: `sigmascope-browse-${Math.floor(context.clock.nowMicros() % 1e12).toString(36)}`,
		staleFilters: [],
		onSession: () => (isOpen = true),
		onMessage: (message) => hear(heard, message),
		onHeard() {},
		onSubscribed() {},
		onFault: (text) => void faults.push(text),
		signal: over,
	});
	if (!isOpen) throw new ConfigError(`broker ${new URL(config.url).host}: ${over.aborted ? 'no answer' : reason}`);
	const found = [...heard].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([topic, one]) => proposalsOf(topic, one));
	const nodes = nodesOf(heard);
	if (found.length + nodes.length === 0)
		throw new ConfigError(faults.join('; ') || `connected, and nothing came in ${Math.round(context.forMs / 1000)} s`);
	return [...nodes, ...found];
}

function hear(heard: Map<string, Heard>, { topic, payload }: Message): void {
	const messages = heard.get(topic)?.messages ?? 0;
	if (messages === 0 && heard.size >= MOST_TOPICS) return;
	heard.set(topic, { payload, messages: messages + 1 });
}

function proposalsOf(topic: string, { payload, messages }: Heard): Discovered[] {
	if (parseSparkplugTopic(topic) || topic.startsWith('spBv1.0/')) return [];
	const stream = keyFrom(topic);
	const text = payload.length > MAX_DOCUMENT_BYTES ? '' : payload.toString();
	const plain = textNumber(text);
	if (typeof plain === 'number' && !isNaN(plain))
		return [{ name: topic, value: plain, unit: '', entry: { topic, format: 'number', stream } }];
	const document = parse(text);
	const leaves = jsonLeaves(document).filter(({ name }) => !TIME_NAMES.test(name));
	if (leaves.length === 0) return [nothing(topic, messages)];
	const time = timeOf(document);
	return leaves.map(({ path, name, value }) => ({
		...{ name: `${topic} ${path}`, value, unit: unitOf(document, leaves) },
		entry: { topic, value: path, ...time, stream: leaves.length === 1 ? stream : keyFrom(topic, name) },
	}));
}

const nothing = (topic: string, messages: number): Discovered => ({
	...{ name: topic, value: `${messages} messages without a number`, unit: '', entry: {} },
});

function parse(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

/** @returns the options for the time of measurement, where the document has one that can be read */
function timeOf(document: unknown): Record<string, string> {
	if (typeof document !== 'object' || document === null) return {};
	for (const [name, found] of Object.entries(document)) {
		if (!TIME_NAMES.test(name)) continue;
		if (typeof found === 'string' && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(found)) return { time: `$.${name}` };
		const number = jsonNumber(found);
		if (typeof number !== 'number') continue;
		const units = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };
		for (const [timeUnit, per] of Object.entries(units))
			if (number / per > SECONDS_SINCE && number / per < SECONDS_UNTIL) return { time: `$.${name}`, timeUnit };
	}
	return {};
}

/** Of a document of one value, what it calls its unit. */
function unitOf(document: unknown, leaves: readonly JsonLeaf[]): string {
	if (leaves.length !== 1 || typeof document !== 'object' || document === null || !('unit' in document)) return '';
	return typeof document.unit === 'string' ? document.unit.slice(0, 40) : '';
}

/** Sparkplug names its streams itself: one proposal for each edge node. */
function nodesOf(heard: ReadonlyMap<string, Heard>): Discovered[] {
	const nodes = new Map<string, number>();
	for (const [topic, { payload }] of heard) {
		const place = parseSparkplugTopic(topic);
		if (!place) continue;
		const decoded = decodePayload(payload);
		const name = `${place.group}/+/${place.node}`;
		const metrics = typeof decoded === 'string' ? [] : decoded.metrics;
		const numeric = metrics.filter(({ datatype, raw }) => isNumeric(datatype) || raw !== undefined);
		nodes.set(name, (nodes.get(name) ?? 0) + numeric.length);
	}
	return [...nodes].map(([name, count]) => ({
		name: `Sparkplug B, edge node ${name.replace('/+/', '/')}`,
		value: `${count} numbers in what came by`,
		unit: '',
		entry: { topic: `spBv1.0/${name}/#`, format: 'sparkplug' },
	}));
}
