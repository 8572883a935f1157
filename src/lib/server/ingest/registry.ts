import type { Logger } from 'pino';
import { encodeCommand } from '#contracts/command.ts';
import { derivedFrom, ruleAt, type DerivedRule } from '#contracts/derived.ts';
import type { Labels, Stream, StreamKind, StreamName } from '#contracts/stream.ts';
import { canonicalLabels, canonicalName, defaultAsset, quote } from '#contracts/stream.ts';
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
	/** Why `ensure` gave no stream of this name. */
	refusal(owner: string, name: StreamName): { readonly reason: 'stream' | 'stream-limit'; readonly message: string };
}

const STREAMS_PER_TRANSACTION = 500;

export function createStreamRegistry(parts: {
	readonly metadata: Pick<Metadata, 'streams' | 'outbox'>;
	readonly journal: Journal;
	readonly planFor: PlanFor;
	/** Streams that are computed from others: made with the first of those, and nobody sends points of them. */
	readonly derived?: () => readonly DerivedRule[];
	readonly log: Logger;
	readonly streamsPerKey?: number;
	readonly partition?: number;
}): StreamRegistry {
	const { metadata, journal, planFor, log, partition = 0, derived = () => [] } = parts;
	const streamsPerKey = parts.streamsPerKey ?? 10_000;
	const exclusive = createExclusive();
	let names = createNames();
	const quota = createQuota(journal, streamsPerKey);
	// false after a failed relay: then no name counts as known and every sender comes by `ensure`, which tries again.
	let relayed = false;

	const relay = async () => {
		try {
			await relayOutbox({ outbox: metadata.outbox, journal, partition });
			relayed = true;
		} catch (error) {
			relayed = false;
			throw error;
		}
	};

	const isDerived = (name: StreamName) => ruleAt(derived(), name) >= 0;
	const put = (stream: Stream) => {
		if (!isDerived(stream)) names.put(stream);
	};

	/** With what is derived from them, and from that. */
	const make = async (wanted: readonly WantedStream[]): Promise<readonly Stream[]> => {
		const made: Stream[] = [];
		for (let at = 0; at < wanted.length; at += STREAMS_PER_TRANSACTION) {
			const some = wanted.slice(at, at + STREAMS_PER_TRANSACTION);
			const streams = await metadata.streams.ensure(some.map(toNew));
			made.push(...streams);
		}
		const more = distinct(made.flatMap(outputsOf));
		return more.length === 0 ? made : [...made, ...(await make(more))];
	};
	const outputsOf = (input: Stream): WantedStream[] =>
		derivedFrom(derived(), input).map(({ stream, rule: { unit } }) => ({ ...nameOf(stream), kind: input.kind, unit }));

	const create = async (wanted: readonly WantedStream[]) => {
		const made = await make(wanted);
		try {
			await relay();
		} finally {
			// After the relay: `find` must not hand out an id that the engine has not been told of.
			made.forEach(put);
		}
	};

	/** The engine computes by these from here on; what was told before a crash is told again, and changes nothing. */
	const announceRules = async () => {
		const key = `derived/${partition}`;
		const bytes = encodeCommand({ type: 'derived', rules: derived() });
		const told = await journal.get(key);
		if (told === undefined ? derived().length === 0 : Buffer.compare(told.value, bytes) === 0) return;
		await journal.publish({ topic: 'commands', partition, bytes });
		await journal.put(key, bytes, told?.revision ?? 0);
	};
	const followConfiguration = async () => {
		const streams = await metadata.streams.all();
		names = createNames();
		for (const { stream } of streams) put(stream);
		const changed = await replanStreams({ streams: metadata.streams, planFor }, streams);
		await announceRules();
		const known = new Map(streams.map(({ stream }) => [canonicalName(stream), stream]));
		const wanted = distinct(streams.flatMap(({ stream }) => outputsOf(stream)));
		const isNew = (name: WantedStream) => (known.get(canonicalName(name))?.unit ?? undefined) !== name.unit;
		await create(wanted.filter(isNew));
		return changed;
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
		refusal: (owner, name) =>
			isDerived(name)
				? { reason: 'stream', message: `${quote(name.key)} is derived from other streams: it takes no points` }
				: {
						reason: 'stream-limit',
						message: `cannot make another stream: "${owner}" has made its ${streamsPerKey}; raise limits.streamsPerKey or use labels of fewer values`,
					},
		start: () =>
			exclusive(async () => {
				try {
					await followConfiguration();
				} catch (error) {
					if (!(error instanceof JournalFullError)) throw error;
					log.warn('cannot announce plans to the engine: the journal is full; senders have to wait');
				}
			}),
		find: (site, key, labels) => (relayed ? names.find(site, key, labels) : undefined),
		ensure: (owner, wanted) =>
			exclusive(async () => {
				const allowed = derived().length === 0 ? wanted : wanted.filter((name) => !isDerived(name));
				const fresh = distinct(allowed.filter((name) => names.get(name) === undefined));
				const granted = await quota.take(owner, fresh.length);
				const over = new Set(fresh.slice(granted).map(canonicalName));
				const changes = distinct(allowed.filter((name) => isChange(name) && !over.has(canonicalName(name))));
				if (changes.length > 0 || !relayed) await create(changes);
				return wanted.map((name) => names.get(name));
			}),
		relay: () => exclusive(relay),
		held: exclusive,
		replan: () => exclusive(followConfiguration),
	};
}

function nameOf({ site, key, labels }: StreamName): StreamName {
	return { site, key, labels };
}

/** The last one of each name: a unit said twice counts as said last. */
function distinct(wanted: readonly WantedStream[]): WantedStream[] {
	return [...new Map(wanted.map((name) => [canonicalName(name), name])).values()];
}

/** Two maps, so that a name without labels is found without building its canonical spelling. */
function createNames() {
	const plain = new Map<string, Map<string, Stream>>();
	const labelled = new Map<string, Stream>();
	// All points that one call makes have one object of labels: it is spelt once for them.
	let spelt: { readonly labels: Labels; readonly text: string } | undefined;
	const spell = (labels: Labels) => {
		if (spelt?.labels !== labels) spelt = { labels, text: canonicalLabels(labels) };
		return spelt.text;
	};
	const find = (site: string, key: string, labels?: Labels): Stream | undefined =>
		labels === undefined || isEmpty(labels)
			? plain.get(site)?.get(key)
			: labelled.get(`${site}\n${key}\n${spell(labels)}`);
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
