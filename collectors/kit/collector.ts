import type { z } from 'zod';
import type { Logger } from 'pino';
import type { DeclaredStream } from '#contracts/collect.ts';
import type { LogLine } from '#contracts/log-line.ts';
import type { ProbedCall } from '#contracts/probed-call.ts';
import type { Quality } from '#contracts/point.ts';
import type { SeenEvent } from '#contracts/seen-event.ts';
import type { Discovered, TrialEntry } from '#contracts/trial.ts';
import type { Clock } from './clock.ts';

export type StreamDeclaration = Partial<DeclaredStream> &
	Pick<DeclaredStream, 'key'> & {
		/** Where in the options it comes from, `registers[3]`: a trial tells of each entry what came of it. */
		readonly entry?: string;
	};

/** One value of one stream at one moment; `stream` is what `Emitter.stream` gave. */
export interface PointSeen {
	readonly stream: number;
	readonly tMicros: number;
	readonly v: number;
	readonly quality: Quality;
}

/** A stretch for which the source had no value. Rules do not run across it. */
export interface GapSeen {
	readonly stream: number;
	readonly fromMicros: number;
	readonly toMicros: number;
	/** For people, at most 200 characters: `disconnected`, `empty value at data.csv:17`. */
	readonly reason: string;
}

export interface Emission {
	/** In the order in which they are to be judged: per stream by time. */
	readonly seen: readonly (PointSeen | GapSeen)[];
	/** Lines of logs; durable like points, never judged. What a full queue gives up of them is counted and leaves no gap. */
	readonly logs?: readonly LogLine[];
	/** Calls of language models, durable alike; their points are emitted beside them. */
	readonly calls?: readonly ProbedCall[];
	/** What happened on the machine, durable alike: the next lot, another tool. */
	readonly events?: readonly SeenEvent[];
	/**
	 * Where the source stands after these: any JSON value, kept in the same transaction as the points. After a crash the
	 * collector gets the last one back and goes on from there: nothing twice, nothing left out.
	 */
	readonly cursor?: unknown;
	/**
	 * More of where the source stands than fits into a cursor that is written every time: pieces by name, only those that
	 * have changed, kept in the same transaction. One without bytes is forgotten. They are copied before `emit` returns.
	 */
	readonly notes?: ReadonlyMap<string, Uint8Array>;
	/** These are history: judged as such, never alerted. */
	readonly historical?: boolean;
}

/** What a collector writes to: a queue on disk that outlives it. */
export interface Emitter {
	/** The cursor of the last emission that reached the disk, also of an earlier run; undefined the first time. */
	cursor(): unknown;
	/** The notes of all emissions that reached the disk, also of earlier runs; read from there each time. */
	notes(): ReadonlyMap<string, Uint8Array>;
	/**
	 * A handle for a stream; the same declaration gives the same handle. Streams may be declared at any time before
	 * their first point.
	 *
	 * @throws ConfigError when key or labels cannot name a stream
	 */
	stream(declaration: StreamDeclaration): number;
	/**
	 * Resolves when all of it, or none, is on the disk. Waits while the disk is full, and while the queue is full and its
	 * policy is `block`: a source that can wait (a file, a broker that wants acknowledgements) then waits with it. What
	 * is emitted without waiting stays in memory meanwhile, so wait at least after every few thousand points.
	 * Emissions are kept in the order of the calls. Commits are grouped (one per 10 ms at most), so have many under way
	 * rather than one after the other. A value that is not finite becomes a gap.
	 */
	emit(emission: Emission): Promise<void>;
	/** Something that could not be read or taken, with its place (`data.csv:17: …`); counted, the last one is shown. */
	fault(message: string): void;
}

/**
 * A program that observes something and emits it. What it must keep to:
 *
 * - `start` runs until its source has ended for good or the signal aborts, and resolves then.
 * - After it has resolved or rejected nothing may be emitted and nothing may be left open (sockets, files, timers).
 * - After an abort it resolves within 500 ms.
 * - It starts while its device is away, and goes on when the device comes back: it never ends for that.
 * - `ConfigError` says what a person has to mend and is not tried again until the configuration changes; anything else
 *   is tried again with growing waits.
 * - What it could not observe is a gap, never a made-up value.
 * - It keeps no state that `cursor` and `notes` do not carry.
 */
export interface Collector {
	start(emitter: Emitter, signal: AbortSignal): Promise<void>;
}

/** What a collector may use of the world. */
export interface CollectorContext {
	readonly name: string;
	readonly log: Logger;
	readonly clock: Clock;
	/** 0 to 1. */
	readonly random: () => number;
	/** Of its own, in the data folder: for files that it has to keep, such as certificates. May not exist yet. */
	readonly folder: string;
	/** The source has answered and let us in, once more after each outage. @param what in words: `connected to the broker` */
	readonly onReached: (what: string) => void;
}

/** Something that a person has a collector do once, at a terminal: `sigmascope collector NAME --probe`. */
export interface Act<Options> {
	/** One line for the help. */
	readonly does: string;
	/** @throws ConfigError with what to mend */
	run(options: Options, context: ActContext): Promise<void>;
}

export interface ActContext extends Pick<CollectorContext, 'name' | 'clock' | 'folder'> {
	/** What follows the name of the act: `--browse 'Objects/Machine/**'`. */
	readonly argument: string | undefined;
	readonly print: (line: string) => void;
	/** @returns what the person answers */
	readonly ask: (question: string) => Promise<string>;
}

/** A line of the registry: how the options of one type are checked and what they make. */
export interface CollectorType {
	readonly schema: z.ZodType;
	/** @throws ZodError when the options are not what the schema wants */
	create(options: unknown, context: CollectorContext): Collector;
	/** By name. */
	readonly acts: Readonly<Record<string, Act<unknown>>>;
	/** The same for a trial beside the running one: it takes nothing away from that one, and leaves nothing behind. */
	createTrial(options: unknown, context: CollectorContext): Collector;
	/** What its options ask for, entry by entry. @throws ZodError as `create` does */
	entries(options: unknown): readonly Entry[];
	/** What is there to be asked for; undefined for a type that has nothing to choose from. */
	readonly discover: Discover<unknown> | undefined;
}

/** One thing that the options ask for. */
export interface Entry extends Omit<TrialEntry, 'streams' | 'faults'> {
	/** Texts that only faults about it hold, beside its streams in quotes; its name in quotes unless given. */
	readonly marks?: readonly string[];
}

export interface DiscoverContext extends Pick<CollectorContext, 'name' | 'clock' | 'folder'> {
	/** Narrows the search, in the words of the source: a path, a topic filter, a range of registers. */
	readonly argument: string | undefined;
	/** How long may be listened where there is nothing to ask. */
	readonly forMs: number;
	readonly signal: AbortSignal;
}

export interface Discover<Options> {
	/** The option that its entries stand in. */
	readonly option: string;
	/** What an argument is, for the help: `a path, as Objects/Machine/**`. */
	readonly narrows: string;
	/** Options that suffice to connect before anything was chosen. */
	readonly draft: Readonly<Record<string, unknown>>;
	/** @throws ConfigError or RetriableError with what to do */
	run(options: Options, context: DiscoverContext): Promise<readonly Discovered[]>;
}

/** What a type has beside its collector. */
export interface TypeFacts<Options> {
	readonly acts?: Readonly<Record<string, Act<Options>>>;
	readonly forTrial?: (options: Options) => Options;
	readonly entries?: (options: Options) => readonly Entry[];
	readonly discover?: Discover<Options>;
}

/** Ties a schema to what is made of its output. */
export function collectorType<Schema extends z.ZodType>(
	schema: Schema,
	create: (options: z.output<Schema>, context: CollectorContext) => Collector,
	{ acts = {}, forTrial = (options) => options, entries = () => [], discover }: TypeFacts<z.output<Schema>> = {},
): CollectorType {
	const parsed = Object.entries(acts).map(([name, { does, run }]) => {
		const act: Act<unknown> = { does, run: (options, context) => run(schema.parse(options), context) };
		return [name, act] as const;
	});
	return {
		schema,
		create: (options, context) => create(schema.parse(options), context),
		createTrial: (options, context) => create(forTrial(schema.parse(options)), context),
		acts: Object.fromEntries(parsed),
		entries: (options) => entries(schema.parse(options)),
		discover: discover && { ...discover, run: (options, context) => discover.run(schema.parse(options), context) },
	};
}

export function isGap(seen: PointSeen | GapSeen): seen is GapSeen {
	return 'reason' in seen;
}
