import { messageOf } from '#contracts/error.ts';
import type { LogLine } from '#contracts/log-line.ts';
import { QUALITY, type Quality } from '#contracts/point.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import { quote } from '#contracts/stream.ts';
import { createTagEvents, type TagEvent } from '../kit/tag-event.ts';
import type { Clock } from '../kit/clock.ts';
import type { Emitter, GapSeen, PointSeen } from '../kit/collector.ts';
import type { MqttConfig } from './config.ts';
import type { Cursor } from './cursor.ts';
import { readLogPayload } from './log-payload.ts';
import { sumOf, type Memory } from './memory.ts';
import type { PayloadReader } from './payload.ts';
import { createRoutes, type KnownStream, type Loss, type Route, type Tag } from './routes.ts';
import { createSparkplug, sparkplugQuality } from './sparkplug.ts';

export interface Message {
	readonly topic: string;
	readonly payload: Buffer;
	readonly qos: number;
	/** Packet identifier, of QoS 1. */
	readonly id: number;
	/** The broker has, or may have, delivered it before. */
	readonly dup: boolean;
	/** Kept by the broker for who subscribes later: as old as it may be. */
	readonly retain: boolean;
}

/** The connection that a message came through; after its end nothing is done. */
export interface Link {
	/** Tells the broker that these are ours now. */
	acknowledge(ids: readonly number[]): void;
	/** With QoS 0. */
	publish(topic: string, payload: Uint8Array): void;
}

/** From messages to emissions. One lives as long as a run and outlives its connections. */
export interface Intake {
	take(message: Message, link: Link): void;
	/** Messages of these entries (indexes) may have been lost between the two times. */
	interrupt(entries: readonly number[], loss: Loss): void;
	/** A connection begins; without the session of before the broker's identifiers begin anew. */
	begin(isResumed: boolean): void;
	/** Emits what has been gathered. @returns when that and all before it is on disk */
	flush(): Promise<void>;
	/** The broker is there: what it sent before this moment has come. */
	heard(): void;
	/** Until when nothing can have been lost, also from an earlier run; 0 before the first connection of all. */
	heardMicros(): number;
}

/** Messages that come within this time go into the queue together. */
const GATHER_MS = 10;
const LOST = 'messages of QoS 0 are lost: more come than the disk or the hub takes';
const POINTS_AT_ONCE = 5000;
/** Nobody waits for messages of QoS 0, so they wait in memory, and beyond this they are lost, which makes a gap. */
const MAX_WAITING_POINTS = 200_000;
/** A clock that is set back by more than this is believed: the points are late until it has caught up. */
const MAX_STEP_MICROS = 60 * MICROS_PER_SECOND;

export function createIntake(options: {
	readonly config: MqttConfig;
	readonly emitter: Emitter;
	readonly clock: Clock;
	readonly signal: AbortSignal;
	readonly memory: Memory;
	/** The cursor, as the last run has left it. */
	readonly cursor: Cursor;
}): Intake {
	const { config, emitter, clock, signal, memory } = options;
	const routes = createRoutes(config, emitter);
	const sparkplug = createSparkplug(config);
	const interruptions = config.subscribe.map((): { serial: number; loss: Loss | undefined } => ({
		serial: 0,
		loss: undefined,
	}));
	const tags = createTagEvents(emitter.notes());
	const tagged = new Map<string, TagEvent>();
	let seen: (PointSeen | GapSeen)[] = [];
	let history: PointSeen[] = [];
	let lines: LogLine[] = [];
	let acks: { readonly id: number; readonly link: Link }[] = [];
	let { atMicros } = options.cursor;
	let waitingPoints = 0;
	let isGathering = false;
	let isNewSession = false;
	let last = Promise.resolve();

	function take(message: Message, link: Link): void {
		atMicros = clock.nowMicros();
		if (message.qos > 0 && !isFresh(message, link)) return;
		for (const route of routes.find(message.topic)) {
			if (route.tag) happen(route.tag, message);
			else if (route.source !== undefined) note(route.source, message);
			else if (route.reader) read(route, route.reader, message);
			else hear(route, message, link);
		}
		if (gathered() >= POINTS_AT_ONCE) void flush();
		else gather();
	}

	/** Also what the broker has kept: it is in force, since when nobody knows; told from now on, unless it is known. */
	function happen({ read, ...tag }: NonNullable<Route['tag']>, message: Message): void {
		const found = read(message.payload);
		if (typeof found === 'string') fault(message, found);
		else if (found !== undefined) tell(tag, found);
	}

	function tell(
		{ key, event }: Tag,
		found: { readonly tMicros: number | undefined; readonly value: string | number },
	): void {
		if (tagged.size >= config.maxStreams && !tagged.has(key)) return;
		const tag = tagged.get(key) ?? tags.open({ key, event });
		tagged.set(key, tag);
		const last = tag.lastMicros() ?? -Infinity;
		// Two that come within one tick of the clock are two.
		const arrived = last >= atMicros && last - atMicros < MICROS_PER_SECOND ? last + 1 : atMicros;
		tag.take(found.tMicros ?? arrived, found.value);
	}

	const gathered = () => seen.length + history.length + lines.length + tags.waiting();
	const isTooMuch = ({ qos }: Message) => qos === 0 && waitingPoints + gathered() >= MAX_WAITING_POINTS;

	/** Whatever it is, it is acknowledged: what cannot be read today cannot be read tomorrow either. */
	function isFresh({ id, topic, payload, dup }: Message, link: Link): boolean {
		const isKnown = memory.take(id, sumOf(topic, payload), dup);
		acks.push({ id, link });
		if (isKnown) gather();
		return !isKnown;
	}

	function read(route: Route, reader: PayloadReader, message: Message): void {
		const reading = reader.read(message.payload);
		if (typeof reading === 'string') {
			fault(message, reading);
			// Something was measured that nobody can read now.
			for (const stream of route.streams) if (stream) noValue(stream, route, atMicros, reading);
			return;
		}
		for (const one of reading.faults) fault(message, one);
		// Kept from an unknown time: no measurement of now.
		if (message.retain && reading.tMicros === undefined) return;
		for (let index = 0; index < reading.values.length; index++) {
			const v = reading.values[index];
			if (v === undefined) continue;
			// A stream that never had a value is not opened for the lack of one.
			if (v !== v && !route.streams[index]) continue;
			const { tMicros, quality, faults } = reading;
			const stream = () => routes.stream(route, message.topic, index);
			place(route, message, { stream, tMicros, v, quality, reason: faults[0] ?? 'no value' });
		}
	}

	/** Of a line that the broker keeps nobody knows how old it is, nor whether it was read at the last connection. */
	function note(source: string, message: Message): void {
		if (message.retain) return;
		if (isTooMuch(message)) return emitter.fault(LOST);
		const reading = readLogPayload(message.payload, { source, nowMicros: atMicros });
		for (const one of reading.faults) fault(message, one);
		lines.push(...reading.lines);
	}

	/** Sparkplug: one message has values of many streams, by what its edge node has announced before. */
	function hear(route: Route, message: Message, link: Link): void {
		// The specification has none; an old birth certificate would give aliases another meaning.
		if (message.retain) return;
		const heard = sparkplug.take(route.entry, message, atMicros);
		for (const one of heard.faults) fault(message, one);
		for (const { metrics, ...loss } of heard.lost)
			for (const { stream } of metrics) if (stream) suffer(stream, route, loss);
		for (const { metric, v, tMicros, quality, isHistorical } of heard.observations) {
			if (v !== v && !metric.stream) continue;
			const stream = () => (metric.stream ??= routes.named(route, message.topic, metric));
			const found = { stream, tMicros, v, quality: sparkplugQuality(quality), isHistorical, reason: 'no value' };
			place(route, message, found);
		}
		for (const one of heard.told) {
			const tag = routes.tag(route, message.topic, one.metric.name);
			if (tag && sparkplugQuality(one.quality) !== QUALITY.bad) tell(tag, one);
		}
		if (heard.rebirth) link.publish(heard.rebirth.topic, heard.rebirth.payload);
	}

	/** Now, where it is a moment: the stream may have no further point. Else before its next one. */
	function suffer(stream: KnownStream, route: Route, loss: Loss): void {
		if (loss.fromMicros === loss.toMicros) return noValue(stream, route, loss.fromMicros, loss.reason);
		stream.lost = { ...loss, fromMicros: Math.min(loss.fromMicros, stream.lost?.fromMicros ?? Infinity) };
	}

	function place(route: Route, message: Message, found: Found): void {
		const { v, quality, reason, isHistorical = false } = found;
		let stream: KnownStream;
		try {
			stream = found.stream();
		} catch (error) {
			return fault(message, messageOf(error));
		}
		const tMicros = found.tMicros ?? arrival(stream);
		if (isTooMuch(message)) return lose(stream, tMicros);
		if (isHistorical) return void (v === v && history.push({ stream: stream.handle, tMicros, v, quality }));
		if (v !== v) return noValue(stream, route, tMicros, reason);
		announce(stream, route, tMicros);
		seen.push({ stream: stream.handle, tMicros, v, quality });
	}

	/** Two messages of one microsecond are two points. */
	function arrival(stream: KnownStream): number {
		const isSetBack = stream.arrivedMicros - atMicros > MAX_STEP_MICROS;
		stream.arrivedMicros = isSetBack ? atMicros : Math.max(atMicros, stream.arrivedMicros + 1);
		return stream.arrivedMicros;
	}

	function noValue(stream: KnownStream, route: Route, tMicros: number, reason: string): void {
		announce(stream, route, tMicros);
		seen.push({ stream: stream.handle, fromMicros: tMicros, toMicros: tMicros, reason });
	}

	/** Before the next point of a stream goes what was lost before it. */
	function announce(stream: KnownStream, route: Route, tMicros: number): void {
		const interruption = interruptions[route.entry];
		if (interruption && stream.interruption !== interruption.serial) {
			stream.interruption = interruption.serial;
			if (interruption.loss) gap(stream, interruption.loss, tMicros);
		}
		if (!stream.lost) return;
		gap(stream, stream.lost, tMicros);
		stream.lost = undefined;
	}

	/** By our clock; the device's may be behind it. */
	function gap(stream: KnownStream, { fromMicros, toMicros, reason }: Loss, beforeMicros: number): void {
		seen.push({
			stream: stream.handle,
			fromMicros: Math.min(fromMicros, beforeMicros),
			toMicros: Math.min(toMicros, beforeMicros),
			reason,
		});
	}

	function lose(stream: KnownStream, tMicros: number): void {
		if (!stream.lost) emitter.fault(LOST);
		const fromMicros = stream.lost?.fromMicros ?? tMicros;
		stream.lost = { fromMicros, toMicros: tMicros, reason: 'lost: more came than could be written' };
	}

	function fault({ topic }: Message, cause: string): void {
		emitter.fault(`topic ${quote(topic)}: ${cause}`);
	}

	function gather(): void {
		if (isGathering) return;
		isGathering = true;
		void clock.sleep(GATHER_MS, signal).then(() => {
			isGathering = false;
			void flush();
		});
	}

	/** Before the rest, with which the acknowledgements go: of a message that has both all is on disk then. */
	function flushHistory(): void {
		if (history.length === 0) return;
		const points = history;
		history = [];
		waitingPoints += points.length;
		emitter.emit({ seen: points, historical: true }).then(
			() => void (waitingPoints -= points.length),
			() => undefined,
		);
	}

	function flush(): Promise<void> {
		if (gathered() + acks.length === 0 && !isNewSession) return last;
		flushHistory();
		const [points, logs, ids] = [seen, lines, acks];
		const waiting = points.length + logs.length;
		seen = [];
		lines = [];
		acks = [];
		isNewSession = false;
		waitingPoints += waiting;
		const cursor = { ...options.cursor, atMicros };
		const { events, notes } = tags.drain();
		// Copied before anything else is called, as the memory wants it.
		last = emitter.emit({ seen: points, logs, events, cursor, notes: new Map([...notes, ...memory.changes()]) }).then(
			() => {
				waitingPoints -= waiting;
				acknowledgeAll(ids);
			},
			// The kit has heard of it too, and ends this run; what is not acknowledged comes again.
			() => undefined,
		);
		return last;
	}

	return {
		take,
		flush,
		interrupt(entries, loss) {
			for (const entry of entries) {
				const interruption = interruptions[entry];
				if (interruption) interruptions[entry] = { serial: interruption.serial + 1, loss };
			}
		},
		begin(isResumed) {
			if (isResumed) return memory.resume();
			memory.clear();
			// At once: what comes through it must not be compared with messages of the other one.
			isNewSession = true;
			void flush();
		},
		heard: () => void (atMicros = clock.nowMicros()),
		heardMicros: () => atMicros,
	};
}

/** One value of a message, and where it goes. */
interface Found {
	/** @throws as Routes.stream does */
	readonly stream: () => KnownStream;
	/** undefined: its arrival. */
	readonly tMicros: number | undefined;
	readonly v: number;
	readonly quality: Quality;
	/** Measured while the device could not send: judged, never alerted. */
	readonly isHistorical?: boolean;
	/** Why it is none, when it is NaN. */
	readonly reason: string;
}

/** In the order of their coming, one call per connection. */
function acknowledgeAll(acks: readonly { readonly id: number; readonly link: Link }[]): void {
	const byLink = new Map<Link, number[]>();
	for (const { id, link } of acks) {
		const ids = byLink.get(link);
		if (ids) ids.push(id);
		else byLink.set(link, [id]);
	}
	for (const [link, ids] of byLink) link.acknowledge(ids);
}
