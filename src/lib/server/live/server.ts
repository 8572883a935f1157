import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { RawData } from 'ws';
import type { LiveText } from '#contracts/live.ts';
import type { StreamState } from '#contracts/stream.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { CaseChange, Cases } from '../cases/port.ts';
import type { EngineView } from '../engine/port.ts';
import type { Metadata } from '../metadata/port.ts';
import type { Store } from '../store/port.ts';
import { createFeed, type Feed, type Member } from './feed.ts';
import { apiViolation } from './gather.ts';
import { createLink } from './link.ts';
import { createLiveMetrics } from './metrics.ts';
import { packetOf } from './packet.ts';
import type { LiveServer } from './port.ts';
import { createNewStreams } from './new-streams.ts';
import { createReader, type Reader } from './reader.ts';
import type { Subscription } from './subscription.ts';
import { createTurns } from './turns.ts';

export interface LiveOptions {
	readonly engine: EngineView;
	readonly cases: Pick<Cases, 'onChange'>;
	readonly metadata: Pick<Metadata, 'streams' | 'limits' | 'violations'>;
	readonly store: Pick<Store, 'lastPoints' | 'signals' | 'gaps'>;
	/** The journal's generation. */
	readonly epoch: string;
	readonly now: NowMicros;
	readonly log: Logger;
	readonly registry: Registry;
	/** More readers than this are turned away. */
	readonly maxReaders?: number;
	readonly pingMs?: number;
}

const MAX_READERS = 2000;
const PING_MS = 15_000;
/** Snapshots that metadata and store are asked for. */
const ASKING_AT_ONCE = 8;
/** Who opens a socket has to say what it wants within this time. */
const HELLO_MS = 10_000;

/** A stream that somebody looks at, with what was last told of it. */
interface Watched {
	readonly feeds: Set<Feed>;
	state: StreamState | undefined;
	limits: string;
}

/** Sends what the engine judges and what happens to violations to whoever looks at it; never makes either wait. */
export function createLiveServer(options: LiveOptions): LiveServer {
	const { engine, cases, epoch, log, now } = options;
	const feeds = new Map<string, Feed>();
	const watched = new Map<number, Watched>();
	const sockets = new Set<() => void>();
	const readers = new Set<Reader>();
	const inTurn = createTurns(ASKING_AT_ONCE);
	const metrics = createLiveMetrics(options.registry, () => sockets.size);

	function join(subscription: Subscription, member: Member): Feed {
		const key = keyOf(subscription);
		let feed = feeds.get(key);
		if (!feed) {
			feed = createFeed({ subscription, engine, now });
			feeds.set(key, feed);
			for (const { stream } of subscription.streams) watch(stream.id, feed);
		}
		feed.members.add(member);
		return feed;
	}

	function leave(feed: Feed, member: Member): void {
		feed.members.delete(member);
		if (feed.members.size > 0) return;
		feed.stop();
		feeds.delete(keyOf(feed.subscription));
		for (const { stream } of feed.subscription.streams) unwatch(stream.id, feed);
	}

	function watch(streamId: number, feed: Feed): void {
		const known = watched.get(streamId);
		if (known) known.feeds.add(feed);
		else watched.set(streamId, { feeds: new Set([feed]), ...shownOf(engine, streamId) });
	}

	function unwatch(streamId: number, feed: Feed): void {
		const known = watched.get(streamId);
		known?.feeds.delete(feed);
		if (known?.feeds.size === 0) watched.delete(streamId);
	}

	function tell(streamId: number, event: Extract<LiveText, { event: unknown }>['event']): void {
		const packet = packetOf(JSON.stringify({ event } satisfies LiveText));
		for (const feed of watched.get(streamId)?.feeds ?? []) feed.tell(packet);
	}

	function tellChanges(streamId: number): void {
		const known = watched.get(streamId);
		if (!known) return;
		const shown = shownOf(engine, streamId);
		const learning = engine.status(streamId)?.learning;
		if (shown.limits !== known.limits)
			for (const limits of engine.limits(streamId))
				if (!known.limits.includes(limits.id)) tell(streamId, { type: 'limits', stream: String(streamId), limits });
		if (shown.state !== known.state && shown.state !== undefined)
			tell(streamId, {
				type: 'stream',
				stream: String(streamId),
				state: shown.state,
				...(learning && { learning }),
			});
		Object.assign(known, shown);
	}

	function tellViolation(change: CaseChange, violation: Parameters<Parameters<Cases['onChange']>[0]>[1]): void {
		const { streamId } = violation;
		const feed = watched.get(streamId)?.feeds.values().next().value;
		const of = feed?.subscription.streams.find(({ stream }) => stream.id === streamId);
		for (const shown of apiViolation(violation, of?.stream))
			tell(streamId, { type: `violation.${change}`, stream: String(streamId), violation: shown });
	}

	const newStreams = createNewStreams({
		site: async (streamId) => (await options.metadata.streams.get(streamId))?.stream.site,
		tell(streamId, site) {
			const state = shownOf(engine, streamId).state;
			const event = { type: 'stream' as const, stream: String(streamId), ...(state && { state }) };
			const packet = packetOf(JSON.stringify({ event } satisfies LiveText));
			for (const reader of readers) reader.news(site, packet);
		},
		log,
	});

	const stopListening = [
		engine.onAdvance(({ plotted, changed }) => {
			for (const streamId of plotted) for (const feed of watched.get(streamId)?.feeds ?? []) feed.touch(streamId);
			for (const streamId of changed) tellChanges(streamId);
			newStreams.see(changed);
		}),
		cases.onChange(tellViolation),
	];

	return {
		connect(socket, principal, wire) {
			if (sockets.size >= (options.maxReaders ?? MAX_READERS)) return socket.close(1013, 'too many readers');
			const end = () => socket.terminate();
			const silent = setTimeout(() => socket.close(1008, 'no hello'), HELLO_MS);
			const link = createLink({
				socket,
				wire,
				pingMs: options.pingMs ?? PING_MS,
				onSent: metrics.sent,
				onStuck: metrics.stuck,
				onGone: () => {
					clearTimeout(silent);
					sockets.delete(end);
					readers.delete(reader);
					reader.gone();
				},
			});
			const ports = {
				...options,
				epoch,
				log,
				join,
				leave,
				inTurn,
				onSkipped: metrics.skipped,
				onSnapshot: metrics.snapshot,
			};
			const reader = createReader(ports, link, principal);
			sockets.add(end);
			readers.add(reader);
			socket.on('message', (data: RawData, isBinary: boolean) => {
				clearTimeout(silent);
				reader.hear(isBinary ? '' : textOf(data));
			});
		},
		close() {
			for (const stop of stopListening) stop();
			newStreams.stop();
			for (const end of sockets) end();
		},
	};
}

function textOf(data: RawData): string {
	return Buffer.isBuffer(data) ? data.toString('utf8') : '';
}

/** The same streams at the same places, the same rate and format: the same bytes. */
function keyOf({ streams, rateHz, format }: Subscription): string {
	return `${rateHz} ${format} ${streams.map(({ index, stream }) => `${index}:${stream.id}`).join(' ')}`;
}

function shownOf(engine: EngineView, streamId: number): { state: StreamState | undefined; limits: string } {
	const limits = engine.limits(streamId).map((one) => one.id);
	return { state: engine.status(streamId)?.state, limits: limits.join(' ') };
}
