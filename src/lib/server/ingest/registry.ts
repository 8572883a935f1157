import type { Logger } from 'pino';
import type { Labels, Stream, StreamKind, StreamName } from '#contracts/stream.ts';
import { canonicalName, defaultAsset } from '#contracts/stream.ts';
import { type Journal, JournalFullError } from '#server/journal/port.ts';
import type { Metadata, NewStream } from '#server/metadata/port.ts';
import { createExclusive } from '#contracts/exclusive.ts';
import { createQuota } from './quota.ts';
import { relayOutbox } from './relay.ts';
import { type PlanFor, replanStreams } from './replan.ts';

/** A stream as a sender names it; an empty unit says nothing and leaves the known one. */
export interface WantedStream extends StreamName {
	readonly kind: StreamKind;
	readonly unit: string;
}

/**
 * Names to ids. Whoever publishes points of a stream got its id here, and an id is given out only when the engine's
 * command about that stream (its plan) is in the journal: so the command always stands before the first point.
 */
export interface StreamRegistry {
	/** Loads all streams, gives them the plans of the configuration, and relays what a crash left in the outbox. */
	start(): Promise<void>;
	/** A stream that may be published to at once. No allocation for names without labels. */
	find(site: string, key: string, labels?: Labels): Stream | undefined;
	/**
	 * @param owner name of the API key that asks: it may make so many streams and no more
	 * @returns in the order asked; undefined for a new stream over the owner's limit
	 * @throws JournalFullError
	 */
	ensure(owner: string, wanted: readonly WantedStream[]): Promise<readonly (Stream | undefined)[]>;
	/** Brings rows of the metadata outbox into the journal; to be called after any change of a plan. @throws JournalFullError */
	relay(): Promise<void>;
	/** After the configuration changed. @returns how many streams got another plan */
	replan(): Promise<number>;
	/** Runs this while no stream is made and no plan is on its way to the engine; whoever wants either waits. */
	held<T>(work: () => Promise<T>): Promise<T>;
	/** Streams that one API key may make. */
	readonly streamsPerKey: number;
}

const STREAMS_PER_TRANSACTION = 500;

export function createStreamRegistry(parts: {
	readonly metadata: Pick<Metadata, 'streams' | 'outbox'>;
	readonly journal: Journal;
	readonly planFor: PlanFor;
	readonly log: Logger;
	readonly streamsPerKey?: number;
	readonly partition?: number;
}): StreamRegistry {
	const { metadata, journal, planFor, log } = parts;
	const streamsPerKey = parts.streamsPerKey ?? 10_000;
	const exclusive = createExclusive();
	const names = createNames();
	const quota = createQuota(journal, streamsPerKey);
	// false after a failed relay: then no name counts as known and every sender comes by `ensure`, which tries again.
	let relayed = false;

	const relay = async () => {
		try {
			await relayOutbox({ outbox: metadata.outbox, journal, partition: parts.partition ?? 0 });
			relayed = true;
		} catch (error) {
			relayed = false;
			throw error;
		}
	};

	const create = async (wanted: readonly WantedStream[]) => {
		const made: Stream[] = [];
		for (let at = 0; at < wanted.length; at += STREAMS_PER_TRANSACTION) {
			const some = wanted.slice(at, at + STREAMS_PER_TRANSACTION);
			const streams = await metadata.streams.ensure(some.map(toNew));
			made.push(...streams);
		}
		try {
			await relay();
		} finally {
			// After the relay: `find` must not hand out an id that the engine has not been told of.
			for (const stream of made) names.put(stream);
		}
	};
	const toNew = ({ site, key, labels, kind, unit }: WantedStream): NewStream => {
		const { plan, source } = planFor({ site, key, labels, kind });
		return { site, key, labels, asset: defaultAsset(key), kind, unit, plan, planSource: source };
	};
	const isChange = (name: WantedStream) => {
		const known = names.get(name);
		return known === undefined || (name.unit !== '' && name.unit !== known.unit);
	};

	return {
		streamsPerKey,
		start: () =>
			exclusive(async () => {
				const streams = await metadata.streams.all();
				for (const { stream } of streams) names.put(stream);
				await replanStreams({ streams: metadata.streams, planFor }, streams);
				try {
					await relay();
				} catch (error) {
					if (!(error instanceof JournalFullError)) throw error;
					log.warn('cannot announce plans to the engine: the journal is full; senders have to wait');
				}
			}),
		find: (site, key, labels) => (relayed ? names.find(site, key, labels) : undefined),
		ensure: (owner, wanted) =>
			exclusive(async () => {
				const fresh = distinct(wanted.filter((name) => names.get(name) === undefined));
				const granted = await quota.take(owner, fresh.length);
				const over = new Set(fresh.slice(granted).map(canonicalName));
				const changes = distinct(wanted.filter((name) => isChange(name) && !over.has(canonicalName(name))));
				if (changes.length > 0 || !relayed) await create(changes);
				return wanted.map((name) => names.get(name));
			}),
		relay: () => exclusive(relay),
		held: exclusive,
		replan: () =>
			exclusive(async () => {
				const parts = { streams: metadata.streams, planFor };
				const changed = await replanStreams(parts, await metadata.streams.all());
				await relay();
				return changed;
			}),
	};
}

/** The last one of each name: a unit said twice counts as said last. */
function distinct(wanted: readonly WantedStream[]): WantedStream[] {
	return [...new Map(wanted.map((name) => [canonicalName(name), name])).values()];
}

/** Two maps, so that a name without labels is found without building its canonical spelling. */
function createNames() {
	const plain = new Map<string, Map<string, Stream>>();
	const labelled = new Map<string, Stream>();
	const find = (site: string, key: string, labels?: Labels): Stream | undefined =>
		labels === undefined || isEmpty(labels)
			? plain.get(site)?.get(key)
			: labelled.get(canonicalName({ site, key, labels }));
	return {
		find,
		get: (name: StreamName) => find(name.site, name.key, name.labels),
		put(stream: Stream) {
			if (!isEmpty(stream.labels)) return void labelled.set(canonicalName(stream), stream);
			const ofSite = plain.get(stream.site) ?? new Map<string, Stream>();
			plain.set(stream.site, ofSite.set(stream.key, stream));
		},
	};
}

function isEmpty(labels: Labels): boolean {
	for (const name in labels) if (Object.hasOwn(labels, name)) return false;
	return true;
}
