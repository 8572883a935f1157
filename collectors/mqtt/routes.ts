import { crc32 } from 'node:zlib';
import type { Emitter } from '../kit/collector.ts';
import type { MqttConfig, Subscription } from './config.ts';
import type { EventOption } from '../kit/tag-event.ts';
import { createPayloadReader, createTagReader, type PayloadReader, type TagReader } from './payload.ts';
import { fillTemplate, filterMatches } from './topic.ts';

/** A stretch that a stream has lost and that nobody has been told of yet. */
export interface Loss {
	readonly fromMicros: number;
	readonly toMicros: number;
	readonly reason: string;
}

/** What is known of one stream in this run. */
export interface KnownStream {
	readonly handle: number;
	/** Of its newest point that got the time of its arrival; two points must not share one. */
	arrivedMicros: number;
	/** The newest interruption that it has been told of. */
	interruption: number;
	lost: Loss | undefined;
}

/** What says what is in force: which stream it would be. */
export interface Tag {
	readonly key: string;
	readonly event: EventOption;
}

/** Where the messages of one topic go. */
export interface Route {
	/** Index of the entry of `subscribe`. */
	readonly entry: number;
	/** Of lines of a log: who says them, where they do not. */
	readonly source: string | undefined;
	/** Of what is in force: how it is read, and which stream it would be. */
	readonly tag: (Tag & { readonly read: TagReader }) | undefined;
	/** undefined: a log, or Sparkplug, whose messages mean what others before them have said. */
	readonly reader: PayloadReader | undefined;
	/** Streams of the reader's values; undefined until the first value comes. */
	readonly streams: (KnownStream | undefined)[];
}

export interface Routes {
	/** One for each entry that takes this topic. None: a subscription of an earlier configuration, or another shard's. */
	find(topic: string): readonly Route[];
	/** @throws ConfigError when the topic makes a name that no stream can have, or one stream too many */
	stream(route: Route, topic: string, index: number): KnownStream;
	/** The same, by a name that only the message has. */
	named(route: Route, topic: string, value: { readonly name: string; readonly unit: string }): KnownStream;
	/** Of a metric that says what is in force: which stream it would be. */
	tag(route: Route, topic: string, name: string): Tag | undefined;
}

const SPARKPLUG_STREAM = '{2}/{4}/{5}/{name}';

/** Topics come from outside without end; beyond this the shortcut from topic to streams is built anew. */
const ROUTES_PER_STREAM = 4;

export function createRoutes(config: MqttConfig, emitter: Emitter): Routes {
	const entries = config.subscribe.map((entry) => ({
		...entry,
		filter: entry.topic.split('/'),
		readTag: entry.event && createTagReader(entry),
		reader: entry.format === 'sparkplug' || entry.format === 'log' ? undefined : createPayloadReader(entry),
	}));
	const routes = new Map<string, readonly Route[]>();
	const streams = new Map<string, KnownStream>();

	function add(topic: string): readonly Route[] {
		if (routes.size >= config.maxStreams * ROUTES_PER_STREAM) routes.clear();
		const levels = topic.split('/');
		const found = entries.flatMap((entry, index): Route[] =>
			filterMatches(entry.filter, levels) && isOurs(shardKeyOf(entry, levels)) ? [routeOf(entry, index, levels)] : [],
		);
		routes.set(topic, found);
		return found;
	}

	function routeOf(entry: (typeof entries)[number], index: number, levels: readonly string[]): Route {
		const { format, reader } = entry;
		const source = format === 'log' ? fillTemplate(entry.source ?? '{topic}', levels, '') : undefined;
		const tag = entry.event &&
			entry.readTag && { read: entry.readTag, key: keyOf(entry, levels, ''), event: entry.event };
		return { entry: index, source, tag, reader, streams: reader?.names.map(() => undefined) ?? [] };
	}

	/** By the stream and not by the topic: two topics may feed one stream, whose order is that of one collector. */
	function isOurs(key: string): boolean {
		return !config.shard || crc32(key) % config.shard.count === config.shard.index;
	}

	function declare(route: Route, topic: string, { name, unit = '' }: { name: string; unit?: string }): KnownStream {
		const entry = entries[route.entry];
		if (!entry) throw new RangeError(`no entry ${route.entry}`);
		const levels = topic.split('/');
		const fill = (text: string) => fillTemplate(text, levels, name);
		const key = keyOf(entry, levels, name);
		const labels = Object.fromEntries(Object.entries(entry.labels).map(([label, text]) => [label, fill(text)]));
		const hasUnit = entry.reader?.hasUnit?.(name) ?? true;
		const declaration = { key, labels, unit: hasUnit ? entry.unit || unit : '', kind: entry.kind };
		const id = JSON.stringify(declaration);
		const known = streams.get(id);
		if (known) return known;
		// Asked before it is declared: what is declared stays in the queue's table for ever.
		if (streams.size >= config.maxStreams)
			throw new RangeError(`it would open stream ${config.maxStreams + 1}; narrow "topic" or raise "maxStreams"`);
		const handle = emitter.stream({ ...declaration, entry: `subscribe[${route.entry}]` });
		const fresh: KnownStream = { handle, arrivedMicros: -Infinity, interruption: 0, lost: undefined };
		streams.set(id, fresh);
		return fresh;
	}

	return {
		find: (topic) => routes.get(topic) ?? add(topic),
		stream: (route, topic, index) =>
			(route.streams[index] ??= declare(route, topic, { name: route.reader?.names[index] ?? '' })),
		named: declare,
		tag(route, topic, name) {
			const entry = entries[route.entry];
			const event = entry?.events?.[name];
			return entry && event && { key: keyOf(entry, topic.split('/'), name), event };
		},
	};
}

/** All messages of an edge node are for one shard: what it has announced is known there. */
function shardKeyOf(entry: Subscription, levels: readonly string[]): string {
	return entry.format === 'sparkplug' ? `${levels[1]}/${levels[3]}` : keyOf(entry, levels, '');
}

function keyOf({ format, stream, burst }: Subscription, levels: readonly string[], name: string): string {
	// Of a metric of the edge node itself the level of the device is missing.
	if (format === 'sparkplug')
		return fillTemplate(stream ?? SPARKPLUG_STREAM, levels, name)
			.replaceAll(/\/\/+/g, '/')
			.replace(/^\/|\/$/g, '');
	if (burst && stream !== undefined && name !== '' && !stream.includes('{name}'))
		return fillTemplate(`${stream}/{name}`, levels, name);
	return fillTemplate(stream ?? (name === '' ? '{topic}' : '{topic}/{name}'), levels, name);
}
