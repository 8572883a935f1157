import { MICROS_PER_MS, MICROS_PER_SECOND } from '#contracts/time.ts';
import { quote } from '#contracts/stream.ts';
import type { KnownStream } from './routes.ts';
import {
	isNumeric,
	isText,
	numberOf,
	typeName,
	type SparkplugMetric,
	type SparkplugPayload,
} from './sparkplug-payload.ts';

/** A number that an edge node, or a device of it, has announced; the same object for all its values. */
export interface Announced {
	/** Empty: of the edge node itself. */
	readonly device: string;
	readonly name: string;
	readonly unit: string;
	/** It says what is in force, and is no stream. */
	readonly isTag: boolean;
	datatype: number | undefined;
	/** Of the intake; undefined until its first value. */
	stream: KnownStream | undefined;
}

export interface Observation {
	readonly metric: Announced;
	/** undefined: that of arrival. */
	readonly tMicros: number | undefined;
	/** NaN: the edge node says that it has no value. */
	readonly v: number;
	readonly quality: number | undefined;
	readonly isHistorical: boolean;
}

/** What a metric says to be in force. */
export interface Told extends Pick<Observation, 'metric' | 'tMicros' | 'quality'> {
	readonly value: string | number;
}

/** Values of these may have been lost in this time. */
export interface LostStretch {
	readonly metrics: readonly Announced[];
	readonly fromMicros: number;
	readonly toMicros: number;
	readonly reason: string;
}

/** What one message came to. */
export interface Heard {
	/** Comes before the observations. */
	readonly lost: readonly LostStretch[];
	readonly observations: readonly Observation[];
	readonly told: readonly Told[];
	readonly faults: readonly string[];
	/** Ask this edge node for its birth certificates. */
	readonly isRebirthNeeded: boolean;
}

export interface SparkplugTopic {
	readonly group: string;
	readonly type: string;
	readonly node: string;
	readonly device: string;
}

/** What is known of the edge nodes behind one subscription (Sparkplug 3.0, chapters 5 and 6.4). */
export interface EdgeNodes {
	take(topic: SparkplugTopic, payload: SparkplugPayload, nowMicros: number): Heard;
}

interface EdgeNode {
	readonly name: string;
	readonly metrics: Map<string, Announced>;
	/** Of the whole edge node. Emptied when it cannot be known whether they are still the same. */
	readonly aliases: Map<number, Announced>;
	/** Those with a birth certificate; the node itself is the empty one. */
	readonly born: Set<string>;
	/** Since when a device, or all, were without one. */
	readonly awaySince: Map<string, number>;
	seq: number | undefined;
	bdSeq: number | undefined;
	heardMicros: number;
	askedMicros: number;
	asked: number;
	/** What was no number in the last birth certificate of each device. */
	readonly refused: Map<string, string>;
}

const ASK_EVERY_MICROS = 10 * MICROS_PER_SECOND;
const ASKED_IN_VAIN = 3;
const SEQ_RANGE = 256;
const SHOWN = 5;

/** @returns undefined: not a message of an edge node (a command, the state of a host) */
export function parseSparkplugTopic(topic: string): SparkplugTopic | undefined {
	const [space, group = '', type = '', node = '', device = '', ...more] = topic.split('/');
	if (space !== 'spBv1.0' || more.length > 0 || group === '' || node === '') return undefined;
	return /^(N|D)(BIRTH|DATA|DEATH)$/.test(type) ? { group, type, node, device } : undefined;
}

/**
 * @param maxMetrics how many may be announced in all; births beyond it are faults
 * @param tags names of metrics that say what is in force
 */
export function createEdgeNodes(maxMetrics: number, tags: ReadonlySet<string> = new Set()): EdgeNodes {
	const nodes = new Map<string, EdgeNode>();
	let announced = 0;

	function nodeOf({ group, node }: SparkplugTopic): EdgeNode {
		const name = `${group}/${node}`;
		const known = nodes.get(name);
		if (known) return known;
		// Their names come from outside without end; one that is forgotten is asked for a new birth.
		if (nodes.size >= maxMetrics) {
			nodes.clear();
			announced = 0;
		}
		const fresh = createNode(name);
		nodes.set(name, fresh);
		return fresh;
	}

	/** Defines what a birth certificate announces. @returns what is wrong with it */
	function announce(node: EdgeNode, device: string, metrics: readonly SparkplugMetric[]): string[] {
		const refused: string[] = [];
		for (const metric of metrics) {
			const { name, alias, datatype, unit = '' } = metric;
			if (name === undefined || isControl(name)) continue;
			const isTag = tags.has(name);
			if (!isNumeric(datatype) && !(isTag && isText(datatype))) refused.push(`${quote(name)} (${typeName(datatype)})`);
			const key = keyOf(device, name);
			let known = node.metrics.get(key);
			if (!known) {
				if (announced >= maxMetrics) return [`${node.name}: more than ${maxMetrics} metrics are announced`];
				known = { device, name, unit: unit.slice(0, 40), isTag, datatype, stream: undefined };
				node.metrics.set(key, known);
				announced++;
			}
			known.datatype = datatype;
			if (alias !== undefined) node.aliases.set(alias, known);
		}
		const text =
			refused.slice(0, SHOWN).join(', ') + (refused.length > SHOWN ? ` and ${refused.length - SHOWN} more` : '');
		if (text === (node.refused.get(device) ?? '')) return [];
		node.refused.set(device, text);
		return text === '' ? [] : [`${node.name}: no numbers, passed over: ${text}`];
	}

	function birth(node: EdgeNode, topic: SparkplugTopic, at: Moment): Heard {
		const { payload, nowMicros } = at;
		if (topic.type === 'NBIRTH') {
			node.aliases.clear();
			for (const device of node.born) if (device !== '') away(node, device, nowMicros);
			node.born.clear();
			node.asked = 0;
			node.bdSeq = bdSeqOf(payload);
		}
		node.born.add(topic.device);
		const faults = announce(node, topic.device, payload.metrics);
		const since = node.awaySince.get(topic.device);
		node.awaySince.delete(topic.device);
		const reason = `the ${topic.device === '' ? 'edge node' : 'device'} was away, or had no birth certificate`;
		const lost =
			since === undefined ? [] : [lostOf(node, topic.device, { fromMicros: since, toMicros: nowMicros, reason })];
		return { lost, ...observe(node, topic.device, payload), faults, isRebirthNeeded: false };
	}

	function death(node: EdgeNode, topic: SparkplugTopic, { payload, nowMicros }: Moment): Heard {
		const bdSeq = bdSeqOf(payload);
		const isOld = topic.type === 'NDEATH' && bdSeq !== undefined && node.bdSeq !== undefined && bdSeq !== node.bdSeq;
		// The will of a connection that a newer one of the same edge node has replaced.
		if (isOld || !node.born.has(topic.device)) return NOTHING;
		const isNode = topic.device === '';
		const gone = isNode ? [...node.born] : [topic.device];
		const reason = isNode ? 'the edge node has died' : 'the device has died';
		const lost = gone.map((device) => lostOf(node, device, { fromMicros: nowMicros, toMicros: nowMicros, reason }));
		for (const device of gone) away(node, device, nowMicros);
		if (isNode) node.aliases.clear();
		return { ...NOTHING, lost };
	}

	function take(topic: SparkplugTopic, payload: SparkplugPayload, nowMicros: number): Heard {
		const node = nodeOf(topic);
		const at = { payload, nowMicros };
		const missed = topic.type === 'NBIRTH' || topic.type === 'NDEATH' ? undefined : missing(node, payload);
		if (payload.seq !== undefined) node.seq = payload.seq;
		const lost: LostStretch[] = [];
		if (missed !== undefined && node.born.size > 0) {
			// A birth certificate may be among them: what the aliases stand for is not known any more.
			node.aliases.clear();
			const stretch = { fromMicros: node.heardMicros, toMicros: nowMicros, reason: missed };
			lost.push(...[...node.born].map((device) => lostOf(node, device, stretch)));
		}
		node.heardMicros = nowMicros;
		const heard = topic.type.endsWith('BIRTH')
			? birth(node, topic, at)
			: topic.type.endsWith('DEATH')
				? death(node, topic, at)
				: data(node, topic, at);
		const isNeeded = heard.isRebirthNeeded || missed !== undefined || (topic.type === 'DBIRTH' && !node.born.has(''));
		return { ...heard, lost: [...lost, ...heard.lost], ...ask(node, isNeeded, heard.faults, nowMicros) };
	}

	return { take };
}

interface Moment {
	readonly payload: SparkplugPayload;
	readonly nowMicros: number;
}

const NOTHING: Heard = { lost: [], observations: [], told: [], faults: [], isRebirthNeeded: false };

function createNode(name: string): EdgeNode {
	return {
		name,
		metrics: new Map(),
		aliases: new Map(),
		born: new Set(),
		awaySince: new Map(),
		seq: undefined,
		bdSeq: undefined,
		heardMicros: 0,
		askedMicros: -Infinity,
		asked: 0,
		refused: new Map(),
	};
}

function data(node: EdgeNode, { device }: SparkplugTopic, { payload, nowMicros }: Moment): Heard {
	if (!node.born.has(device)) return { ...NOTHING, isRebirthNeeded: true };
	const isRebirthNeeded = !isUnderstood(node, device, payload);
	// What is dropped until then.
	if (isRebirthNeeded && !node.awaySince.has(device)) node.awaySince.set(device, nowMicros);
	return { ...NOTHING, ...observe(node, device, payload), isRebirthNeeded };
}

function observe(node: EdgeNode, device: string, payload: SparkplugPayload): Pick<Heard, 'observations' | 'told'> {
	const observations: Observation[] = [];
	const told: Told[] = [];
	for (const metric of payload.metrics) {
		const known = find(node, device, metric);
		if (known?.isTag) told.push(...toldBy(known, metric, payload.tMs));
		if (!known || known.isTag || !isNumeric(known.datatype)) continue;
		const { raw, isNull, quality, isHistorical, tMs = payload.tMs } = metric;
		const v = isNull || raw === undefined ? NaN : numberOf(raw, known.datatype);
		observations.push({ metric: known, tMicros: tMs && tMs * MICROS_PER_MS, v, quality, isHistorical });
	}
	return { observations, told };
}

/** A value of another type than was announced says nothing. */
function toldBy(
	metric: Announced,
	{ raw, text, isNull, quality, tMs }: SparkplugMetric,
	sentMs: number | undefined,
): Told[] {
	const number = raw === undefined || !isNumeric(metric.datatype) ? undefined : numberOf(raw, metric.datatype);
	const value = isNull ? undefined : isText(metric.datatype) ? text : number;
	const at = tMs ?? sentMs;
	return value === undefined ? [] : [{ metric, tMicros: at && at * MICROS_PER_MS, quality, value }];
}

function find(node: EdgeNode, device: string, { name, alias }: SparkplugMetric): Announced | undefined {
	if (name !== undefined && name !== '') return node.metrics.get(keyOf(device, name));
	return alias === undefined ? undefined : node.aliases.get(alias);
}

function isUnderstood(node: EdgeNode, device: string, { metrics }: SparkplugPayload): boolean {
	return metrics.every((metric) => find(node, device, metric) ?? (metric.name !== undefined && isControl(metric.name)));
}

/** @returns what is missing before this message; the numbers go from 0 to 255 and round */
function missing(node: EdgeNode, { seq }: SparkplugPayload): string | undefined {
	if (seq === undefined || node.seq === undefined || seq === (node.seq + 1) % SEQ_RANGE) return undefined;
	return `messages of the edge node are missing: ${seq} came after ${node.seq}`;
}

/** Not at every message, and a fault when nobody listens. */
function ask(
	node: EdgeNode,
	isNeeded: boolean,
	faults: readonly string[],
	nowMicros: number,
): Pick<Heard, 'isRebirthNeeded' | 'faults'> {
	if (!isNeeded || nowMicros - node.askedMicros < ASK_EVERY_MICROS) return { isRebirthNeeded: false, faults };
	node.askedMicros = nowMicros;
	node.asked++;
	if (node.asked !== ASKED_IN_VAIN) return { isRebirthNeeded: true, faults };
	const text = `${node.name}: it sends no birth certificate; may this user publish to its topic NCMD?`;
	return { isRebirthNeeded: true, faults: [...faults, text] };
}

function lostOf(node: EdgeNode, device: string, stretch: Omit<LostStretch, 'metrics'>): LostStretch {
	return { metrics: [...node.metrics.values()].filter((metric) => metric.device === device), ...stretch };
}

function away(node: EdgeNode, device: string, nowMicros: number): void {
	node.born.delete(device);
	if (!node.awaySince.has(device)) node.awaySince.set(device, nowMicros);
}

function bdSeqOf({ metrics }: SparkplugPayload): number | undefined {
	const raw = metrics.find(({ name }) => name === 'bdSeq')?.raw;
	return raw === undefined ? undefined : Number(raw);
}

/** Not measured: numbers of the protocol, and switches for hosts. */
function isControl(name: string): boolean {
	return name === 'bdSeq' || name.startsWith('Node Control/') || name.startsWith('Device Control/');
}

/** A zero is in no name: brokers take none in topics, and here it only keeps the two apart. */
const keyOf = (device: string, name: string) => `${device}\0${name}`;
